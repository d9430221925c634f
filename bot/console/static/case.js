// One handoff: new lines without a reload, answers sent without losing what was typed, keys.
import { ask, listen, tell, whisper } from "/static/frame.js";
import { notice } from "/static/notices.js";

const number = document.body.dataset.number;
const here = `/handoffs/${number}`;
const kept = `draft:${number}`;
const box = () => document.getElementById("text");
let waiting = 0;
let running = false;
let again = false;

function toEnd() {
  const lines = document.getElementById("lines");
  lines.scrollTop = lines.scrollHeight;
}

function nearEnd() {
  const lines = document.getElementById("lines");
  return lines.scrollHeight - lines.scrollTop - lines.clientHeight < 60;
}

async function refresh() {
  if (running) { again = true; return; }
  running = true;
  try {
    const answer = await fetch(here, { headers: { Accept: "text/html", "X-Refresh": "1" } });
    if (answer.redirected) { location.reload(); return; }
    if (answer.status === 404) { document.getElementById("changed").hidden = false; document.getElementById("changed").textContent = "这件已不由本科室办理。"; return; }
    if (answer.ok) swap(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch { /* the stream tells when the server is back */ } finally {
    running = false;
    if (again) { again = false; schedule(); }
  }
}

function swap(fresh) {
  const follow = nearEnd();
  const before = new Set([...document.querySelectorAll("#lines [data-line]")].map((node) => node.dataset.line));
  const lines = document.getElementById("lines");
  const open = new Set([...lines.querySelectorAll("details[open]")].map((node) => node.closest("[data-line]")?.dataset.line + node.className));
  const typing = lines.contains(document.activeElement) && document.activeElement.matches("input");
  if (!typing) {
    const next = document.adoptNode(fresh.getElementById("lines"));
    for (const node of next.querySelectorAll("details")) if (open.has(node.closest("[data-line]")?.dataset.line + node.className)) node.open = true;
    const top = lines.scrollTop;
    lines.replaceWith(next);
    next.scrollTop = top;
    for (const node of next.querySelectorAll("[data-line]")) if (!before.has(node.dataset.line)) arrived(node);
  }
  if (follow) toEnd();
  swapFacts(fresh);
}

function arrived(node) {
  node.classList.add("fresh");
  const said = `${node.querySelector(".who").textContent.trim()}:${node.querySelector(".bubble").textContent}`;
  document.getElementById("heard").textContent = said;
}

function swapFacts(fresh) {
  const facts = document.getElementById("facts");
  const changed = fresh.getElementById("state").textContent !== document.getElementById("state").textContent
    || fresh.getElementById("person").textContent !== document.getElementById("person").textContent
    || fresh.getElementById("section").textContent !== document.getElementById("section").textContent;
  const composer = document.getElementById("reply");
  const composes = fresh.getElementById("reply");
  if (Boolean(composer) !== Boolean(composes)) {
    // What may be done has changed: the page is shown anew, what was typed is kept.
    location.replace(here);
    return;
  }
  if (facts.contains(document.activeElement) && document.activeElement.matches("input, select, textarea")) {
    if (changed) { const told = document.getElementById("changed"); told.hidden = false; told.textContent = "办理情况刚有变化,提交前请核对。"; }
    return;
  }
  const open = [...facts.querySelectorAll("details[open]")].map((node) => node.id);
  const next = document.adoptNode(fresh.getElementById("facts"));
  for (const id of open) { const node = id && next.querySelector(`#${id}`); if (node) node.open = true; }
  facts.replaceWith(next);
  if (changed) whisper(`办理情况有变化:${document.getElementById("state").textContent}`);
}

function schedule() {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, 80);
}

listen((news) => {
  if (news.kind === "missed" || news.number === number) schedule();
  if (news.kind === "line" && news.author === "enquirer" && news.number === number) notice("对方有新消息", number);
});

async function send(form, submitter) {
  const fields = Object.fromEntries(new FormData(form));
  if (submitter?.name) fields[submitter.name] = submitter.value;
  const buttons = [...form.querySelectorAll("button")];
  for (const button of buttons) button.disabled = true;
  try {
    const done = await ask(form.action, fields);
    form.reset();
    for (const area of form.querySelectorAll("textarea")) area.value = "";
    if (form.id === "reply") sessionStorage.removeItem(kept);
    whisper(done.told ?? "");
    await refresh();
    toEnd();
  } catch (error) {
    tell(error.message, 10);
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

document.addEventListener("submit", (event) => {
  if (!["reply", "note"].includes(event.target.id)) return;
  event.preventDefault();
  send(event.target, event.submitter);
});

document.addEventListener("click", async (event) => {
  const use = event.target.closest(".use");
  if (use && box()) {
    const text = use.dataset.text ?? document.getElementById(use.dataset.from).textContent;
    const area = box();
    area.value = area.value.trim() ? `${area.value.trimEnd()}\n${text}` : text;
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
    whisper("已填入答复框");
    return;
  }
  const original = event.target.closest(".original");
  if (original) {
    try {
      const answer = await ask(`${here}/original`, { line: original.dataset.line });
      original.closest(".line").querySelector(".bubble").textContent = answer.text;
      original.remove();
    } catch (error) { tell(error.message); }
  }
});

document.addEventListener("input", (event) => {
  if (event.target === box()) sessionStorage.setItem(kept, event.target.value);
});

document.addEventListener("keydown", (event) => {
  if (event.target === box() && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    box().form.requestSubmit(box().form.querySelector('button[value="1"]'));
    return;
  }
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input, textarea, select")) {
    if (event.key === "Escape" && event.target.matches("input, textarea, select")) event.target.blur();
    return;
  }
  if (event.key === "r" && box()) { event.preventDefault(); box().focus(); }
  if (event.key === "c") document.getElementById("do-claim")?.focus();
  if (event.key === "u") document.getElementById("to-list").click();
});

if (box() && !box().value) box().value = sessionStorage.getItem(kept) ?? "";
toEnd();
