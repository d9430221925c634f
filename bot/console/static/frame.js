// What every page does: says things aloud, asks the server, and hears the news.
const whisperLine = document.getElementById("whisper");
const alertBox = document.getElementById("alert");
let hiding = 0;

export const csrf = document.querySelector('meta[name="csrf"]')?.content ?? "";

/** Say something to screen readers without showing it. */
export function whisper(text) {
  if (whisperLine) whisperLine.textContent = text;
}

/** Show something that must be seen, for some seconds. */
export function tell(text, seconds = 6) {
  if (!alertBox) return;
  alertBox.textContent = text;
  alertBox.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { alertBox.hidden = true; }, seconds * 1000);
}

/** Ask the server; gives the JSON, or throws an Error whose message people can read. */
export async function ask(path, fields) {
  const options = { headers: { Accept: "application/json", "X-CSRF-Token": csrf } };
  if (fields !== undefined) {
    options.method = "POST";
    options.body = new URLSearchParams(fields);
  }
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Error("连不上服务器,内容没有提交,请稍后再试。");
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(body.error?.message ?? "没有完成,请稍后再试。");
  return body;
}

const listeners = [];

/** Hear the news; `heard` is called with each piece, and with {kind: "missed"} when some may have been missed. */
export function listen(heard) {
  if (listeners.push(heard) > 1) return;
  const all = (news) => { for (const one of listeners) one(news); };
  const means = {
    news: all,
    // Between the making of a page and the first word, and in a break, something may have happened.
    line: (state) => {
      const root = document.documentElement;
      if (state === "open" && root.dataset.line !== "open") all({ kind: "missed" });
      root.dataset.line = state;
    },
    over: () => location.reload(),
  };
  if (!navigator.locks || !window.BroadcastChannel) { hold((kind, what) => means[kind](what)); return; }
  share(means);
}

/** Of all pages of a session one holds the stream and tells the others: a browser opens few lines to one host. */
function share(means) {
  const name = `desk-news:${csrf}`;
  const channel = new BroadcastChannel(name);
  let state = "";
  channel.addEventListener("message", ({ data: [kind, what] }) => {
    if (kind === "ask") { if (state) channel.postMessage(["line", state]); } else means[kind](what);
  });
  navigator.locks.request(name, () => {
    hold((kind, what) => {
      if (kind === "line") state = what;
      channel.postMessage([kind, what]);
      means[kind](what);
    });
    return new Promise(() => {}); // held until this page goes; then another one takes over
  });
  channel.postMessage(["ask"]);
}

/** Hold the stream of news, and tell what comes: news, how the line is, that the session is over. */
function hold(told) {
  const source = new EventSource("/events");
  source.addEventListener("open", () => told("line", "open"));
  source.addEventListener("error", () => told("line", "broken"));
  source.addEventListener("message", (event) => told("news", JSON.parse(event.data)));
  source.addEventListener("over", () => { source.close(); told("over"); });
}
