// Puts the page together: its texts, its controls, and the conversation behind them.

import { Chat } from "./chat.js";
import { Composer } from "./composer.js";
import { labels } from "./labels.js";
import { Log } from "./log.js";
import { Scroll } from "./scroll.js";
import { Sheet, topics } from "./side.js";
import { lasting, passing } from "./store.js";
import { element } from "./text.js";
import { Frame } from "./frame.js";

const now = () => Date.now() / 1000;
const by = (id) => document.getElementById(id);
const config = JSON.parse(document.body.dataset.config);
const title = document.title;

const log = new Log(by("log"), { bot: config.assistant, staff: config.staff }, {
  tapped: ({ title: shown, payload }) => chat.say(payload, shown),
  resend: (id) => chat.resend(id),
  edit: (id) => composer.put(chat.takeBack(id)),
  drop: (id) => chat.takeBack(id),
}, now);
const scroll = new Scroll(by("scroller"), document.querySelector(".paper"), by("pill"));
const frame = new Frame(document.documentElement.classList.contains("framed"));

const chat = new Chat(lineAddress(), lasting, {
  log,
  scroll,
  show: lineState,
  notice(text) {
    by("notice").textContent = text ?? "";
    by("notice").hidden = !text;
  },
  cut: (on) => (by("cut").hidden = !on),
  typing(on) {
    by("typing").hidden = !on;
    if (on && scroll.pinned) scroll.toEnd();
  },
  whisper: (text) => (by("whisper").textContent = text),
  arrived() {
    frame.arrived();
    if (document.hidden) document.title = labels.titleFresh + title;
  },
  fresh() {
    by("cut").hidden = true;
    scroll.toStart();
  },
}, now);

const composer = new Composer(
  { form: by("composer"), input: by("input"), count: by("count"), status: by("whisper") },
  config.characters,
  passing,
  (text) => chat.say(text),
);

function lineAddress() {
  const address = new URL("../ws", import.meta.url);
  address.protocol = address.protocol.replace("http", "ws");
  return address.href;
}

let barTimer = null;

// The state stands in the header at once; the bar comes only when a break lasts.
function lineState(state) {
  by("state").dataset.state = state;
  by("state").textContent = labels[state];
  clearTimeout(barTimer);
  if (state === "open") lineBar(null);
  else if (state === "displaced") lineBar(labels.elsewhere, labels.resume, () => chat.line.restart());
  else if (by("bar").hidden) barTimer = setTimeout(() => lineBar(labels.offline, labels.retry, () => chat.line.retry()), 1500);
}

function lineBar(text, button, work) {
  if (!text && !lasting.lasting && !passing.get("known")) {
    lineBar(labels.forgetful, labels.known, () => {
      passing.set("known", "1");
      lineBar(null);
    });
    return;
  }
  by("bar").hidden = !text;
  by("bar-text").textContent = text ?? "";
  by("bar-button").textContent = button ?? "";
  by("bar-button").onclick = work ?? null;
}

function setTexts() {
  const fixed = {
    "typing-text": labels.typing,
    pill: labels.fresh,
    person: config.person.title,
    ask: labels.topics,
    send: labels.send,
    cut: labels.cut,
    keys: labels.keys,
    privacy: config.privacy,
    "sheet-title": labels.topics,
    "sheet-close": labels.close,
    "sure-title": labels.sureTitle,
    "sure-text": labels.sureText,
    "sure-yes": labels.sureYes,
    "sure-no": labels.sureNo,
  };
  for (const [id, text] of Object.entries(fixed)) by(id).textContent = text;
  by("input").placeholder = labels.placeholder;
}

function setWelcome() {
  const bubble = element("div", "bubble");
  for (const text of config.welcome) bubble.append(element("p", "line", text));
  bubble.append(element("p", "line privacy", config.privacy));
  const examples = config.examples.map((text) => ({ title: text, payload: text }));
  const who = element("p", "who");
  who.append(element("span", "name", config.assistant));
  const message = element("div", "message bot");
  message.append(who, bubble, log.buttons(examples, labels.examples));
  by("welcome").append(message);
}

function setSide() {
  const sheet = new Sheet(by("sheet"));
  const sure = new Sheet(by("sure"));
  const acts = {
    ask(question) {
      sheet.close();
      chat.say(question);
    },
    clear() {
      sheet.close();
      sure.open();
    },
  };
  by("side").append(topics(config, acts));
  by("sheet-body").append(topics(config, acts));
  by("ask").addEventListener("click", () => sheet.open());
  by("sheet-close").addEventListener("click", () => sheet.close());
  by("sure-no").addEventListener("click", () => sure.close());
  by("sure-yes").addEventListener("click", () => {
    sure.close();
    composer.clear();
    chat.forget();
    by("input").focus();
  });
}

function setMode() {
  const root = document.documentElement;
  const show = () => by("elder").setAttribute("aria-pressed", String(root.dataset.mode === "elder"));
  by("elder").addEventListener("click", () => {
    const mode = root.dataset.mode === "elder" ? "plain" : "elder";
    root.dataset.mode = mode;
    lasting.set("mode", mode);
    show();
    composer.changed();
  });
  lasting.watch((key, value) => {
    if (key !== "mode") return;
    root.dataset.mode = value === "elder" ? "elder" : "plain";
    show();
    composer.changed();
  });
  show();
}

// Older browsers on phones do not shrink the page for the keyboard; the visible height is told to the style.
function setHeight() {
  const view = window.visualViewport;
  if (!view) return;
  // Zooming makes the visible part smaller too, but must not make the page smaller.
  const fit = () => view.scale > 1.01 || document.documentElement.style.setProperty("--visible", `${Math.round(view.height)}px`);
  view.addEventListener("resize", fit);
  fit();
}

setTexts();
setWelcome();
setSide();
setMode();
setHeight();
by("person").addEventListener("click", () => chat.say(config.person.payload, config.person.title));
frame.bind(by("close"), by("input"));
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) document.title = title;
});
chat.start();
