// The list: kept fresh without a reload, walked through by keyboard, announced by the browser.
import { listen, tell, whisper } from "/static/frame.js";
import { offerNotices, notice } from "/static/notices.js";

const line = document.getElementById("line");
let waiting = 0;
let running = false;
let again = false;
let since = 0;

function rows() {
  return [...document.querySelectorAll("#list tr[data-number]")];
}

function markOwn() {
  const own = document.body.dataset.login;
  for (const row of rows()) row.classList.toggle("own", row.dataset.person === own);
}

async function refresh() {
  since = 0;
  if (running) { again = true; return; }
  running = true;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html", "X-Refresh": "1" } });
    if (!answer.ok || answer.redirected) { if (answer.redirected) location.reload(); return; }
    swap(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    line.textContent = "连接中断,正在重试";
  } finally {
    running = false;
    if (again) { again = false; since = 0; schedule(); }
  }
}

function swap(fresh) {
  const known = new Map(rows().map((row) => [row.dataset.number, row.textContent]));
  const focused = document.activeElement?.closest?.("tr[data-number]")?.dataset.number;
  const first = known.size > 0 || document.querySelector("#list .empty");
  document.getElementById("list").replaceWith(document.adoptNode(fresh.getElementById("list")));
  document.querySelector(".tabs ul").replaceWith(document.adoptNode(fresh.querySelector("ul")));
  document.getElementById("pages").replaceWith(document.adoptNode(fresh.getElementById("pages")));
  markOwn();
  if (first) {
    for (const row of rows()) if (known.get(row.dataset.number) !== row.textContent) row.classList.add("fresh");
  }
  if (focused) document.querySelector(`tr[data-number="${CSS.escape(focused)}"] .open`)?.focus();
  line.textContent = `已更新 ${new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", second: "2-digit" })}`;
}

// News is gathered for a moment. The least wait is longer than the server lets pages share a list (sharing.py);
// while news never stops, the list is shown every half second all the same, and once more after the last.
function schedule() {
  const now = performance.now();
  if (since && now - since > 500) { again = true; return; }
  since ||= now;
  clearTimeout(waiting);
  waiting = setTimeout(refresh, 120 + Math.random() * 280);
}

listen((news) => {
  schedule();
  if (news.event === "opened") whisper(`有新的咨询 ${news.number}`);
  if (news.kind === "line" && news.author === "enquirer") notice("对方有新消息", news.number);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.matches("input, textarea, select")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (event.key === "/") { event.preventDefault(); document.getElementById("q").focus(); return; }
  const step = { j: 1, k: -1 }[event.key];
  if (!step) return;
  const links = rows().map((row) => row.querySelector(".open"));
  const at = links.indexOf(document.activeElement);
  links[Math.min(links.length - 1, Math.max(0, at < 0 ? 0 : at + step))]?.focus();
});
for (const box of document.querySelectorAll(".search select")) box.addEventListener("change", () => box.form.requestSubmit());
markOwn();
offerNotices(document.getElementById("notify"), tell);
