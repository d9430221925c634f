// One WebSocket after another to the server: greets, pings, notices a dead line, and comes back by itself.

const DISPLACED = 4008;
const PING_EVERY = 25000;
const PONG_WITHIN = 10000;
const OPEN_WITHIN = 12000;
const STEADY_AFTER = 10000;

export function backOff(attempt, random = Math.random) {
  const most = Math.min(20000, 500 * 2 ** attempt);
  return most / 2 + (random() * most) / 2;
}

export class Line {
  // `greet(put)` sends the first frame; `take(frame)` gets the others; `tell(state)` is told what holds.
  constructor(url, { greet, take, tell }) {
    Object.assign(this, { url, greet, take, tell });
    this.socket = null;
    this.ready = false;
    this.attempt = 0;
    this.timers = new Map();
    window.addEventListener("online", () => this.retry());
    window.addEventListener("offline", () => this.check());
    window.addEventListener("pageshow", () => this.check());
    document.addEventListener("visibilitychange", () => document.hidden || this.check());
  }

  open() {
    this.drop();
    this.tell("connecting");
    const socket = new WebSocket(this.url);
    this.socket = socket;
    this.after("open", OPEN_WITHIN, () => this.lost());
    socket.onopen = () => socket === this.socket && this.greet((frame) => socket === this.socket && this.put(frame));
    socket.onmessage = (event) => socket === this.socket && this.got(event.data);
    socket.onclose = (event) => socket === this.socket && this.closed(event.code);
  }

  // Leaves the line and starts anew, as after a change of session.
  restart() {
    this.attempt = 0;
    this.open();
  }

  // Comes back at once, if it is not there already.
  retry() {
    if (!this.socket && !this.timers.has("open")) this.restart();
  }

  // Finds out now whether the line still stands.
  check() {
    if (!this.socket) this.timers.has("again") && this.retry();
    else if (this.ready) this.ping();
  }

  send(frame) {
    return this.ready && this.put(frame);
  }

  put(frame) {
    if (!this.socket || this.socket.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  got(raw) {
    const frame = JSON.parse(raw);
    this.cancel("pong");
    if (frame.type === "welcome") {
      this.cancel("open");
      this.ready = true;
      this.after("steady", STEADY_AFTER, () => (this.attempt = 0));
      this.tell("open");
    }
    if (this.ready) this.after("ping", PING_EVERY, () => this.ping());
    this.take(frame);
  }

  ping() {
    this.put({ type: "ping" });
    this.after("pong", PONG_WITHIN, () => this.lost());
    this.after("ping", PING_EVERY, () => this.ping());
  }

  lost() {
    this.closed(0);
  }

  closed(code) {
    this.drop();
    if (code === DISPLACED) {
      this.tell("displaced");
      return;
    }
    this.tell("waiting");
    this.after("again", backOff(this.attempt), () => this.open());
    this.attempt += 1;
  }

  drop() {
    for (const name of [...this.timers.keys()]) this.cancel(name);
    const socket = this.socket;
    this.socket = null;
    this.ready = false;
    if (socket) socket.close();
  }

  after(name, delay, work) {
    this.cancel(name);
    const timer = setTimeout(() => {
      this.timers.delete(name);
      work();
    }, delay);
    this.timers.set(name, timer);
  }

  cancel(name) {
    clearTimeout(this.timers.get(name));
    this.timers.delete(name);
  }
}
