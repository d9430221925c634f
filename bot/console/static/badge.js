// How much waits, beside the menu of every page, and a notice of the browser when more comes.
import { ask, listen } from "/static/frame.js";
import { notice } from "/static/notices.js";

const badge = document.querySelector('[data-badge="/handoffs"]');
let waiting = 0;

async function count() {
  try {
    const { waiting: many } = await ask("/handoffs/waiting");
    badge.hidden = !many;
    const unit = document.createElement("span");
    unit.className = "unseen";
    unit.textContent = " 件待接手";
    badge.replaceChildren(many > 99 ? "99+" : String(many), unit);
  } catch { /* the stream tells when the server is back */ }
}

listen((news) => {
  if (news.kind === "line") return;
  clearTimeout(waiting);
  waiting = setTimeout(count, 300 + Math.random() * 900);
  if (news.event === "opened") notice("有新的咨询", news.number);
  if (news.event === "transferred" || news.event === "escalated") notice("有咨询转来", news.number);
});
