// What the page tells the site that it is embedded in, and hears from it: open, closed, and how much is unread.

const NAME = "desk-chat";

export class Frame {
  constructor(framed) {
    this.framed = framed && window.parent !== window;
    this.shown = !this.framed;
    this.unread = 0;
  }

  bind(button, input) {
    if (!this.framed) return;
    button.hidden = false;
    button.addEventListener("click", () => this.leave());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing && !document.querySelector("dialog[open]")) this.leave();
    });
    window.addEventListener("message", (event) => {
      if (event.source !== window.parent || event.data?.name !== NAME) return;
      this.shown = Boolean(event.data.shown);
      if (!this.shown) return;
      this.unread = 0;
      this.tell({ unread: 0 });
      if (event.data.focus) input.focus();
    });
    this.tell({ ready: true });
  }

  // Hidden from this moment on: a reply that comes before the site has answered is counted as unread.
  leave() {
    this.shown = false;
    this.tell({ close: true });
  }

  arrived() {
    if (!this.framed || this.shown) return;
    this.unread += 1;
    this.tell({ unread: this.unread });
  }

  // Nothing but counts goes out, so that it does not matter who the parent is.
  tell(content) {
    window.parent.postMessage({ name: NAME, ...content }, "*");
  }
}
