// Times as people read them. All take seconds since the epoch.

import { labels } from "./labels.js";

const WEEKDAYS = ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"];

const two = (number) => String(number).padStart(2, "0");

export function dayOf(at) {
  const date = new Date(at * 1000);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export function clockOf(at) {
  const date = new Date(at * 1000);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

export function dayName(at, now) {
  const date = new Date(at * 1000);
  const name = `${date.getMonth() + 1}月${date.getDate()}日 ${WEEKDAYS[date.getDay()]}`;
  if (dayOf(at) === dayOf(now)) return `${labels.today} ${name}`;
  const before = new Date(now * 1000);
  before.setDate(before.getDate() - 1);
  if (dayOf(at) === dayOf(before.getTime() / 1000)) return `${labels.yesterday} ${name}`;
  return date.getFullYear() === new Date(now * 1000).getFullYear() ? name : `${date.getFullYear()}年${name}`;
}

export function stamp(at) {
  return new Date(at * 1000).toISOString();
}
