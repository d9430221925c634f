// The conversation: what the server says and what is said here become one list, without loss or repeat.

import { labels } from "./labels.js";
import { Line } from "./line.js";
import { Outbox } from "./outbox.js";
import { Sending } from "./sending.js";

const TYPING_AT_MOST = 30000;

export class Chat {
  // `page` has log, scroll, show(state), notice(text), cut(on), typing(on), whisper(text), arrived(reply), fresh().
  constructor(url, store, page, now) {
    Object.assign(this, { store, page, now });
    this.outbox = new Outbox(store);
    this.typingEnd = null;
    this.line = new Line(url, {
      greet: (put) => this.greet(put),
      take: (frame) => this.take(frame),
      tell: (state) => this.lineIs(state),
    });
    this.sending = new Sending(this.outbox, this.line, page, now);
    store.watch((key, value) => this.elsewhere(key, value));
  }

  start() {
    this.session = this.store.get("session");
    this.shelve();
    this.line.open();
  }

  say(text, title = text) {
    if (this.store.get("session")) this.heed();
    const message = this.outbox.add(text, title === text ? undefined : title, this.now());
    this.page.log.said(message, "sending");
    this.page.log.tidy();
    this.page.scroll.toEnd();
    this.sending.start();
  }

  resend(id) {
    this.sending.again(id);
  }

  // Takes a refused message back; gives its text.
  takeBack(id) {
    const message = this.outbox.get(id);
    this.outbox.remove(id);
    this.page.log.remove(id);
    return message ? message.text : "";
  }

  // Forgets this browser's conversation and begins a new one.
  forget() {
    this.outbox.clear();
    this.store.remove("session");
    this.begin(null);
  }

  begin(session) {
    this.session = session ?? null;
    this.sending.stop();
    this.page.log.clear();
    this.page.fresh();
    this.shelve();
    this.line.restart();
  }

  // Shows what lies in the outbox.
  shelve() {
    for (const message of this.outbox.all()) this.show(message, "sending");
    this.page.log.tidy();
  }

  show(message, state) {
    if (message.refused) this.page.log.said(message, "refused", { note: message.refused });
    else this.page.log.said(message, state);
  }

  // The first page of a browser gets a new session; pages opened at the same moment wait for it.
  greet(put) {
    const hello = () => {
      this.session = this.store.get("session");
      put({ type: "hello", ...(this.session ? { session: this.session } : {}), after: this.page.log.highest });
    };
    if (this.store.get("session") || !navigator.locks) {
      hello();
      return;
    }
    navigator.locks.request("desk-chat:first", async () => {
      hello();
      if (!this.session) await Promise.race([new Promise((done) => (this.welcomed = done)), pause(5000)]);
    });
  }

  take(frame) {
    const takers = {
      welcome: () => this.welcome(frame),
      accepted: () => this.accepted(frame),
      refused: () => this.refused(frame),
      reply: () => this.reply(frame),
      said: () => this.saidElsewhere(frame),
      missed: () => this.history(frame.history),
      typing: () => this.typing(frame.on),
      pong: () => this.sending.adopt(),
      error: () => this.fault(frame),
    };
    takers[frame.type]?.();
  }

  welcome(frame) {
    const kept = this.store.get("session");
    if (kept && kept !== frame.session) {
      this.begin(kept); // another page was quicker: its session is this browser's
      return;
    }
    this.session = frame.session;
    this.store.set("session", frame.session);
    this.welcomed?.();
    this.page.notice(frame.notice);
    if (this.page.log.highest === 0) this.page.cut(frame.cut);
    this.history(frame.history);
    this.sending.stop();
    this.sending.start();
  }

  history(lines) {
    const { log, scroll } = this.page;
    const wasEmpty = !log.root.querySelector(".message.bot, .message.staff");
    log.root.setAttribute("aria-busy", String(wasEmpty));
    const added = lines.map((line) => this.past(line)).filter(Boolean);
    log.tidy();
    if (log.empty) scroll.toStart();
    else if (wasEmpty) scroll.toEnd();
    else if (added.length) scroll.came(added[0]);
    setTimeout(() => log.root.removeAttribute("aria-busy"), 300);
    this.acknowledge();
  }

  past(line) {
    if (line.author !== "enquirer") return this.page.log.reply(line, { early: true, quote: this.quote(line.message_id) });
    const id = line.message_id ?? `inbox-${line.id}`;
    this.outbox.remove(id);
    return this.page.log.said({ id, text: line.text, at: line.at }, "delivered", { early: true });
  }

  accepted(frame) {
    const message = this.outbox.get(frame.message_id) ?? { id: frame.message_id, text: "" };
    this.outbox.remove(frame.message_id);
    if (this.page.log.own(frame.message_id)) this.page.log.said({ ...message, at: frame.at }, "delivered");
    this.sending.done(frame.message_id);
  }

  refused(frame) {
    const message = this.outbox.get(frame.message_id);
    if (!message) return this.sending.done(frame.message_id);
    this.page.whisper(frame.message);
    if (frame.retry_in === null) {
      const refused = { ...message, refused: frame.message };
      this.outbox.put(refused);
      this.show(refused);
      return this.sending.done(message.id);
    }
    this.page.log.said(message, "late", { note: frame.message });
    setTimeout(() => this.resend(message.id), frame.retry_in * 1000);
    return undefined;
  }

  reply(frame) {
    const { log, scroll } = this.page;
    if (this.outbox.get(frame.in_reply_to)) this.accepted({ message_id: frame.in_reply_to });
    const node = log.reply(frame, { quote: this.quote(frame.in_reply_to) });
    this.acknowledge();
    if (!node) return;
    this.typing(false);
    log.tidy();
    scroll.came(node);
    this.page.arrived(frame);
  }

  // The question that a reply answers, when others were asked since.
  quote(id) {
    const asked = id && this.page.log.own(id);
    const latest = [...this.page.log.root.querySelectorAll('.own[data-state="delivered"]')].pop();
    return asked && asked !== latest ? asked.querySelector(".bubble").textContent : null;
  }

  saidElsewhere(frame) {
    const { log, scroll } = this.page;
    const node = log.said({ id: frame.message_id, text: frame.text, at: frame.at }, "delivered");
    log.tidy();
    if (node && scroll.pinned) scroll.toEnd();
  }

  acknowledge() {
    if (this.page.log.highest) this.line.send({ type: "ack", up_to: this.page.log.highest });
  }

  fault(frame) {
    if (frame.code === "bad_session") {
      this.store.remove("session");
      this.begin(null);
    }
    this.page.whisper(frame.message);
  }

  typing(on) {
    clearTimeout(this.typingEnd);
    if (on) this.typingEnd = setTimeout(() => this.page.typing(false), TYPING_AT_MOST);
    this.page.typing(on);
  }

  lineIs(state) {
    if (state !== "open") {
      this.typing(false);
      this.welcomed?.(); // no welcome comes on a line that is gone
    }
    this.sending.expectLate();
    this.page.show(state);
  }

  // What the browser keeps is the truth: of two pages that wrote at once, one wrote last.
  heed() {
    const kept = this.store.get("session");
    if (kept !== this.session && (kept !== null || this.session)) this.begin(kept);
  }

  // Another page of this browser changed what we share.
  elsewhere(key, value) {
    const id = Outbox.idOf(key);
    if (key === "session") this.heed();
    else if (id && value) {
      this.show(JSON.parse(value), "sending");
      this.page.log.tidy();
    } else if (id && this.page.log.own(id)?.dataset.state !== "delivered") {
      // Sent or taken back by the other page; if it was sent, the server tells us so.
      this.page.log.remove(id);
    }
  }
}

function pause(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds));
}
