// Notices of the browser about new work: offered once, shown while the page is not looked at.
const title = document.title;
let unseen = 0;

export function offerNotices(button, tell) {
  if (!button || !("Notification" in window) || !window.isSecureContext || Notification.permission !== "default") return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const answer = await Notification.requestPermission();
    button.hidden = true;
    tell(answer === "granted" ? "已开启桌面提醒。" : "没有开启桌面提醒,可在浏览器设置中更改。");
  });
}

export function notice(text, number) {
  if (document.hasFocus()) return;
  unseen += 1;
  document.title = `(${unseen}) ${title}`;
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  // What was typed is not shown: a notice may stand on a screen that others see.
  const shown = new Notification(text, { body: `回执号 ${number}`, tag: number, lang: "zh-CN" });
  shown.addEventListener("click", () => { window.focus(); location.href = `/handoffs/${number}`; });
}

window.addEventListener("focus", () => { unseen = 0; document.title = title; });
