// Turns the text of a message into nodes: lines, list items and links, never markup.

import { labels } from "./labels.js";

// An address ends at white space, quotes, brackets of either width, and at Chinese letters and punctuation.
const ADDRESS = /https?:\/\/[^\s<>"'`{}|\\^\u2014\u2018-\u201f\u2026\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]+/gi;
// The full-width marks are written as escapes, for they look like the plain ones.
const ITEM = /^\s*(?:\d{1,2}(?:[.\u3001\uff0e](?!\d)|[)\uff09])|[(\uff08](?:\d{1,2}|[一二三四五六七八九十]{1,3})[)\uff09]|[-\u2022\u00b7]\s)\s*/;
const HEADING = /^【.+】/;
const PAIR = /^[\u4e00-\u9fff]{2,6}[:\uff1a]\s*\S/;
const LABEL = /^.{1,24}[:\uff1a]$/;

export function element(name, className, text) {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

// Gives one paragraph for each line; the number of a list item stands apart, so that its lines align.
export function rendered(text) {
  const whole = document.createDocumentFragment();
  for (const line of text.split("\n")) whole.append(paragraph(line));
  return whole;
}

function paragraph(line) {
  const item = HEADING.test(line) ? null : ITEM.exec(line);
  if (!item) {
    const plain = element("p", `line ${kindOf(line)}`.trim());
    plain.append(...linked(line));
    return plain;
  }
  const listed = element("p", "line item");
  const body = element("span", "body");
  body.append(...linked(line.slice(item[0].length)));
  listed.append(element("span", "number", item[0]), body);
  return listed;
}

function kindOf(line) {
  if (!line.trim()) return "blank";
  if (HEADING.test(line)) return "heading";
  if (LABEL.test(line)) return "label";
  return PAIR.test(line) ? "pair" : "";
}

// Gives text nodes and links. Only whole http and https addresses become links.
export function linked(line) {
  const nodes = [];
  let end = 0;
  for (const match of line.matchAll(ADDRESS)) {
    const address = trimmed(match[0]);
    if (!proper(address)) continue;
    nodes.push(line.slice(end, match.index), link(address));
    end = match.index + address.length;
  }
  nodes.push(line.slice(end));
  return nodes.filter((node) => node !== "");
}

function trimmed(address) {
  let text = address;
  for (;;) {
    const last = text[text.length - 1];
    const opening = { ")": "(", "]": "[" }[last];
    const spare = opening && text.split(opening).length < text.split(last).length;
    if (!spare && !/[.,;:!?*_~'"]$/.test(text)) return text;
    text = text.slice(0, -1);
  }
}

function proper(address) {
  try {
    const url = new URL(address);
    return (url.protocol === "http:" || url.protocol === "https:") && url.hostname !== "";
  } catch (wrong) {
    return false;
  }
}

export function link(address, shown = address) {
  const anchor = element("a", "", shown);
  anchor.href = address;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer";
  anchor.append(element("span", "unseen", labels.newTab));
  return anchor;
}
