// Messages that the server has not accepted yet. Each lies under its own key, so that pages that share
// the storage cannot overwrite one another's; the id never changes, so that the server knows a repeat.

const START = "outbox:";

export class Outbox {
  constructor(store) {
    this.store = store;
  }

  add(text, title, now) {
    const message = { id: newId(), text, title, at: now };
    this.put(message);
    return message;
  }

  put(message) {
    this.store.set(START + message.id, JSON.stringify(message));
  }

  get(id) {
    return read(this.store.get(START + id));
  }

  remove(id) {
    this.store.remove(START + id);
  }

  all() {
    const messages = this.store.keys(START).map((key) => read(this.store.get(key)));
    return messages.filter(Boolean).sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  }

  clear() {
    for (const key of this.store.keys(START)) this.store.remove(key);
  }

  // The message id of a storage key, or null when the key is not ours.
  static idOf(key) {
    return key.startsWith(START) ? key.slice(START.length) : null;
  }
}

function read(raw) {
  try {
    const message = JSON.parse(raw);
    return message && typeof message.id === "string" && typeof message.text === "string" ? message : null;
  } catch (broken) {
    return null;
  }
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
