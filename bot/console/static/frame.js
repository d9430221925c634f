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

/** Hear the news; `heard` is called with each piece, and with {kind: "missed"} after a break. */
export function listen(heard) {
  const source = new EventSource("/events");
  let broken = false;
  source.addEventListener("open", () => {
    if (broken) heard({ kind: "missed" });
    broken = false;
    document.documentElement.dataset.line = "open";
  });
  source.addEventListener("error", () => {
    broken = true;
    document.documentElement.dataset.line = "broken";
  });
  source.addEventListener("message", (event) => heard(JSON.parse(event.data)));
  source.addEventListener("over", () => { source.close(); location.reload(); });
  return source;
}
