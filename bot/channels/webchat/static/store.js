// What the browser keeps for us; where it refuses (private windows, blocked frames), memory stands in.

const PREFIX = "desk-chat:";

function usable(name) {
  try {
    const storage = window[name];
    storage.setItem(`${PREFIX}probe`, "1");
    storage.removeItem(`${PREFIX}probe`);
    return storage;
  } catch (refused) {
    return null;
  }
}

class Store {
  constructor(storage) {
    this.storage = storage;
    this.memory = new Map();
    this.lasting = storage !== null;
  }

  get(key) {
    const kept = this.memory.get(key);
    if (kept !== undefined || !this.storage) return kept ?? null;
    return this.storage.getItem(PREFIX + key);
  }

  set(key, value) {
    try {
      if (!this.storage) throw new Error("no storage");
      this.storage.setItem(PREFIX + key, value);
      this.memory.delete(key);
    } catch (full) {
      this.memory.set(key, value);
    }
  }

  remove(key) {
    this.memory.delete(key);
    if (this.storage) this.storage.removeItem(PREFIX + key);
  }

  keys(start) {
    const found = new Set([...this.memory.keys()].filter((key) => key.startsWith(start)));
    for (let n = 0; this.storage && n < this.storage.length; n += 1) {
      const key = this.storage.key(n);
      if (key.startsWith(PREFIX + start)) found.add(key.slice(PREFIX.length));
    }
    return [...found];
  }

  // Calls back with (key, value) when another page of this browser changed something.
  watch(changed) {
    window.addEventListener("storage", (event) => {
      if (event.storageArea !== this.storage) return;
      if (event.key === null) changed("session", null);
      else if (event.key.startsWith(PREFIX)) changed(event.key.slice(PREFIX.length), event.newValue);
    });
  }
}

export const lasting = new Store(usable("localStorage"));
export const passing = new Store(usable("sessionStorage"));
