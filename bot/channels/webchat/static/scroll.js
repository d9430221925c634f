// Keeps the newest line in view while the reader is at the end, and leaves them alone while they are not.

const NEAR = 64;
const ABOVE = 12;

export class Scroll {
  constructor(scroller, paper, pill) {
    Object.assign(this, { scroller, pill });
    this.pinned = false;
    this.fresh = true; // nothing was said yet: the welcome is read from its beginning
    this.unseen = null;
    scroller.addEventListener("scroll", () => this.moved(), { passive: true });
    pill.addEventListener("click", () => this.show());
    const watcher = new ResizeObserver(() => this.pinned && !this.fresh && this.toEnd());
    watcher.observe(scroller);
    watcher.observe(paper);
  }

  get most() {
    return this.scroller.scrollHeight - this.scroller.clientHeight;
  }

  moved() {
    this.pinned = this.most - this.scroller.scrollTop < NEAR;
    if (this.pinned) this.forget();
  }

  toEnd() {
    this.fresh = false;
    this.scroller.scrollTop = this.most;
    this.pinned = true;
    this.forget();
  }

  toStart() {
    this.fresh = true;
    this.scroller.scrollTop = 0;
    this.moved();
  }

  // A reply came: its first line is what the reader wants to see, even when it is longer than the window.
  came(node) {
    this.fresh = false;
    if (!this.pinned) {
      this.unseen = this.unseen ?? node;
      this.pill.hidden = false;
      return;
    }
    this.to(node);
  }

  to(node) {
    const top = node.getBoundingClientRect().top - this.scroller.getBoundingClientRect().top;
    this.scroller.scrollTop = Math.min(this.most, this.scroller.scrollTop + top - ABOVE);
    this.moved();
  }

  show() {
    const node = this.unseen;
    this.forget();
    if (node && node.isConnected) this.to(node);
    else this.toEnd();
    this.scroller.focus({ preventScroll: true });
  }

  forget() {
    this.unseen = null;
    this.pill.hidden = true;
  }
}
