// The list of what was said, as nodes on the page. It knows nothing of the line or the storage.

import { clockOf, dayName, dayOf, stamp } from "./dates.js";
import { labels } from "./labels.js";
import { element, rendered } from "./text.js";

// Lines of one author within this many seconds stand together under one name.
const TOGETHER = 120;

export class Log {
  // `names` gives the name for `bot` and `staff`; `acts` has tapped(button), resend(id), edit(id), drop(id).
  constructor(root, names, acts, now) {
    Object.assign(this, { root, names, acts, now });
    this.clear();
  }

  clear() {
    this.root.replaceChildren();
    this.nodes = new Map();
    this.titles = new Map();
    this.highest = 0;
  }

  get empty() {
    return this.nodes.size === 0;
  }

  knows(key) {
    return this.nodes.has(key);
  }

  own(id) {
    return this.nodes.get(`m:${id}`) ?? null;
  }

  // Adds a reply unless it is there. Gives its node, or null when it was there.
  reply(reply, { early = false, quote = null } = {}) {
    this.highest = Math.max(this.highest, reply.id);
    if (this.knows(`r:${reply.id}`)) return null;
    const author = reply.author === "staff" ? "staff" : "bot";
    const node = this.message(author, this.names[author], reply.at);
    const bubble = element("div", "bubble");
    if (quote) bubble.append(element("p", "quote", labels.quoted(shortened(quote))));
    bubble.append(rendered(reply.text));
    node.append(bubble);
    if (reply.quick_replies.length) node.append(this.buttons(reply.quick_replies, labels.next));
    return this.place(`r:${reply.id}`, node, early);
  }

  // Adds a message of the enquirer, or gives the one that is there its state.
  said(message, state, { early = false, note = "" } = {}) {
    const known = this.own(message.id);
    const node = known ?? this.message("own", labels.me, message.at);
    if (!known) {
      node.dataset.id = message.id;
      const bubble = element("div", "bubble");
      bubble.append(rendered(message.title ?? this.titles.get(message.text) ?? message.text));
      const status = element("div", "status");
      status.setAttribute("aria-live", "off");
      node.append(bubble, status);
      this.place(`m:${message.id}`, node, early);
    }
    this.mark(node, message, state, note);
    return known ? null : node;
  }

  remove(id) {
    this.own(id)?.remove();
    this.nodes.delete(`m:${id}`);
    this.tidy();
  }

  message(author, name, at) {
    const node = element("div", `message ${author}`);
    Object.assign(node.dataset, { author, at: String(at) });
    const who = element("p", "who");
    who.append(element("span", "name", name), element("span", "unseen", "："));
    if (author === "own") who.classList.add("unseen");
    else who.append(timeOf(at));
    node.append(who);
    return node;
  }

  buttons(replies, label) {
    const group = element("div", "replies");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", label);
    for (const { title, payload } of replies) {
      this.titles.set(payload, title);
      const button = element("button", "reply", title);
      button.type = "button";
      button.addEventListener("click", () => this.acts.tapped({ title, payload }));
      group.append(button);
    }
    return group;
  }

  // What came before the messages that still wait here is put before them.
  place(key, node, early) {
    const pending = early ? this.root.querySelector('.message[data-state="sending"], .message[data-state="late"]') : null;
    this.root.insertBefore(node, pending);
    this.nodes.set(key, node);
    return node;
  }

  mark(node, message, state, note) {
    if (node.dataset.state === state && node.dataset.note === note) return;
    Object.assign(node.dataset, { state, note });
    const at = state === "delivered" && message.at ? message.at : Number(node.dataset.at);
    node.dataset.at = String(at);
    node.querySelector(".status").replaceChildren(...this.status(message.id, state, note, at));
  }

  status(id, state, note, at) {
    if (state === "late") {
      const again = action(labels.resend, () => this.acts.resend(id));
      return note ? [element("span", "note", note), again] : [again];
    }
    if (state !== "refused") return [timeOf(at), element("span", "", labels[state])];
    const edit = action(labels.edit, () => this.acts.edit(id));
    const drop = action(labels.remove, () => this.acts.drop(id));
    return [element("span", "note", `${labels.refused}：${note}`), edit, drop];
  }

  // Puts the days between the messages and the names over the groups.
  tidy() {
    let before = null;
    for (const day of this.root.querySelectorAll(".day")) day.remove();
    for (const node of this.root.querySelectorAll(".message")) {
      const { author, at } = node.dataset;
      const sameDay = before && dayOf(before.at) === dayOf(Number(at));
      if (!sameDay) this.root.insertBefore(dayLine(Number(at), this.now()), node);
      node.classList.toggle("same", Boolean(sameDay && before.author === author && at - before.at < TOGETHER));
      before = { author, at: Number(at) };
    }
  }
}

function dayLine(at, now) {
  const line = element("p", "day");
  const time = element("time", "", dayName(at, now));
  time.dateTime = dayOf(at);
  line.append(time);
  return line;
}

function timeOf(at) {
  const time = element("time", "", clockOf(at));
  time.dateTime = stamp(at);
  return time;
}

function action(text, work) {
  const button = element("button", "action", text);
  button.type = "button";
  button.addEventListener("click", work);
  return button;
}

function shortened(text) {
  const letters = [...text.replace(/\s+/g, " ")];
  return letters.length > 24 ? `${letters.slice(0, 24).join("")}…` : letters.join("");
}
