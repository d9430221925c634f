// Brings the outbox to the server, one message at a time, and tells of those that take too long.

import { labels } from "./labels.js";

// In seconds.
const LATE_AFTER = 8;
const ORPHANED_AFTER = 20;

export class Sending {
  constructor(outbox, line, page, now) {
    Object.assign(this, { outbox, line, page, now });
    this.current = null; // the id of the message that the server has not answered yet
    this.since = new Map(); // when a message was last sent again by hand
    this.timer = null;
  }

  start() {
    this.next();
    this.expectLate();
  }

  // The line is gone or new: what was under way may not have arrived.
  stop() {
    this.current = null;
  }

  again(id) {
    const message = this.outbox.get(id);
    if (!message) return;
    this.page.log.said(message, "sending");
    this.since.set(id, this.now());
    this.stop();
    this.line.retry();
    this.start();
  }

  done(id) {
    this.since.delete(id);
    if (this.current === id) this.stop();
    this.next();
  }

  // A page that was closed too soon leaves messages behind; whichever page is open sends them.
  adopt() {
    if (this.outbox.all().some((message) => this.now() - message.at > ORPHANED_AFTER)) this.next();
  }

  // The next one goes only when the last one is answered, so that they arrive as they were written.
  next() {
    if (!this.line.ready || this.current) return;
    const message = this.outbox.all().find(({ refused }) => !refused);
    if (!message) return;
    this.current = message.id;
    this.line.send({ type: "send", message_id: message.id, text: message.text });
  }

  // The messages that are on their way, with the moment at which each is late.
  underWay() {
    const { log } = this.page;
    const waiting = this.outbox.all().filter(({ id, refused }) => !refused && log.own(id)?.dataset.state === "sending");
    return waiting.map((message) => ({ message, due: (this.since.get(message.id) ?? message.at) + LATE_AFTER }));
  }

  expectLate() {
    clearTimeout(this.timer);
    const dues = this.underWay().map(({ due }) => due);
    if (dues.length) this.timer = setTimeout(() => this.findLate(), Math.max(0, Math.min(...dues) - this.now()) * 1000);
  }

  findLate() {
    const late = this.underWay().filter(({ due }) => due <= this.now() + 0.5);
    for (const { message } of late) this.page.log.said(message, "late");
    if (late.length) {
      this.page.whisper(labels.resend);
      this.line.check();
    }
    this.expectLate();
  }
}
