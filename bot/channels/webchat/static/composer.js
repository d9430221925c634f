// The field people write in: Enter sends, Shift+Enter breaks the line, an unfinished composition is left alone.

import { labels } from "./labels.js";

const NEAR = 200;
const FAR = 1000;

export class Composer {
  // `parts` are form, input, count and status; `draft` keeps what is not sent yet; `send(text)` takes it.
  constructor(parts, limit, draft, send) {
    Object.assign(this, parts, { limit, draft, send });
    // Who was quicker than this script keeps what is typed.
    this.input.value = this.input.value || (draft.get("draft") ?? "");
    this.input.addEventListener("input", () => this.changed());
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.changed();
  }

  get left() {
    return this.limit - [...this.input.value].length;
  }

  put(text) {
    this.input.value = this.input.value.trim() ? `${this.input.value}\n${text}` : text;
    this.changed();
    this.input.focus();
  }

  clear() {
    this.input.value = "";
    this.changed();
  }

  // While an input method composes, Enter takes its proposal; 229 is how older browsers say so.
  pressed(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.submit();
  }

  submit() {
    const text = this.input.value.trim();
    if (text && this.left >= 0) {
      this.clear();
      this.send(text);
    } else if (this.left < 0) {
      this.status.textContent = labels.over(-this.left);
    }
    this.input.focus();
  }

  changed() {
    this.draft.set("draft", this.input.value);
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight}px`;
    this.counted();
  }

  counted() {
    const left = this.left;
    this.count.textContent = left < 0 ? labels.over(-left) : `${this.limit - left}/${this.limit}`;
    this.count.classList.toggle("over", left < 0);
    this.count.classList.toggle("far", left > FAR);
    this.form.classList.toggle("over", left < 0);
    this.input.setAttribute("aria-invalid", String(left < 0));
    // Said aloud only near the end, and there only at each further fifty characters.
    const step = Math.floor(left / 50);
    if (left > NEAR) this.status.textContent = "";
    else if (step !== this.step) this.status.textContent = left < 0 ? labels.over(-left) : labels.near(left);
    this.step = step;
  }
}
