// Puts the chat on another site: a button at the edge of the window that opens the chat in a frame.
//
//   <script src="https://ADDRESS/chat/widget.js" async></script>
//
// On the script element: data-label (text of the button, 在线咨询), data-side (left or right), data-bottom
// (distance from the lower edge in pixels). The site must be listed in BOT_ALLOWED_ORIGINS. A site with a
// content security policy of its own adds the address to script-src and frame-src.
//
// A classic script: it needs document.currentScript, and modules from elsewhere would need CORS.
(function () {
  "use strict";

  var NAME = "desk-chat";
  var script = document.currentScript;
  if (!script || window.deskChat) return;
  var address = new URL("frame", script.src);
  var label = script.dataset.label || "在线咨询";
  var side = script.dataset.side === "left" ? "left" : "right";
  var bottom = Math.max(0, parseInt(script.dataset.bottom, 10) || 24);

  var MARK =
    "M4 4.5h16A1.5 1.5 0 0 1 21.5 6v9.5A1.5 1.5 0 0 1 20 17h-7.6L8 20.6V17H4a1.5 1.5 0 0 1-1.5-1.5V6A1.5 1.5 0 0 1 4 4.5z";
  var STYLE =
    ":host{all:initial;position:fixed;" + side + ":0;bottom:0;z-index:2147483000;" +
    "font:16px/1.5 'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','Noto Sans SC',sans-serif}" +
    "button{position:fixed;" + side + ":24px;bottom:" + bottom + "px;min-height:52px;padding:0 22px 0 18px;display:flex;" +
    "align-items:center;border:2px solid #fff;border-radius:28px;background:#16467f;color:#fff;font:inherit;font-weight:600;" +
    "letter-spacing:.04em;cursor:pointer;box-shadow:0 4px 16px rgba(15,40,75,.28)}" +
    "button:hover{background:#0f3563}" +
    "button:focus-visible{outline:3px solid #1a66c9;outline-offset:3px}" +
    "button[hidden],.panel[hidden]{display:none}" +
    "svg{width:22px;height:22px;margin-right:8px;fill:#fff;flex:none}" +
    ".count{min-width:22px;height:22px;margin-left:8px;padding:0 6px;border-radius:11px;background:#fff;color:#8f1d1d;" +
    "font-size:14px;line-height:22px;text-align:center;box-sizing:border-box}.count:empty{display:none}" +
    ".panel{position:fixed;" + side + ":24px;bottom:" + bottom + "px;width:420px;height:680px;max-width:calc(100vw - 48px);" +
    "max-height:calc(100vh - " + (bottom + 24) + "px);border:1px solid #b9c6d6;border-radius:12px;overflow:hidden;" +
    "background:#fff;box-shadow:0 10px 36px rgba(15,40,75,.3)}" +
    "iframe{display:block;width:100%;height:100%;border:0}" +
    "@media (max-width:560px){.panel{left:0;right:0;top:0;bottom:0;width:auto;height:auto;max-width:none;max-height:none;" +
    "border:0;border-radius:0}button{" + side + ":16px;bottom:" + Math.min(bottom, 24) + "px}}" +
    "@media (forced-colors:active){button{border-color:ButtonText}}";

  var host = document.createElement("div");
  var root = host.attachShadow({ mode: "open" });
  dress(root);

  var button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-expanded", "false");
  var words = document.createElement("span");
  words.textContent = label;
  var count = document.createElement("span");
  count.className = "count";
  button.append(mark(), words, count);

  var panel = document.createElement("div");
  panel.className = "panel";
  panel.hidden = true;
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", label);
  var frame = null;
  var ready = false; // before, the frame is still an empty page of this site

  root.append(button, panel);
  button.addEventListener("click", open);
  root.addEventListener("keydown", function (event) {
    if (event.key === "Escape") close();
  });
  window.addEventListener("message", function (event) {
    var said = event.data;
    if (!frame || event.source !== frame.contentWindow || event.origin !== address.origin) return;
    if (!said || said.name !== NAME) return;
    if (said.close) close();
    if (said.ready) {
      ready = true;
      tell();
    }
    if (typeof said.unread === "number") unread(said.unread);
  });

  // A style element would be refused by a site that allows no inline styles.
  function dress(where) {
    try {
      var sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      where.adoptedStyleSheets = [sheet];
    } catch (old) {
      var style = document.createElement("style");
      style.textContent = STYLE;
      where.append(style);
    }
  }

  function mark() {
    var space = "http://www.w3.org/2000/svg";
    var svg = document.createElementNS(space, "svg");
    var path = document.createElementNS(space, "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", MARK);
    svg.append(path);
    return svg;
  }

  function open() {
    if (!frame) {
      frame = document.createElement("iframe");
      frame.title = label;
      frame.src = address.href;
      panel.append(frame);
    }
    panel.hidden = false;
    button.hidden = true;
    button.setAttribute("aria-expanded", "true");
    frame.focus();
    tell();
  }

  function close() {
    panel.hidden = true;
    button.hidden = false;
    button.setAttribute("aria-expanded", "false");
    button.focus();
    tell();
  }

  function tell() {
    if (!ready) return;
    frame.contentWindow.postMessage({ name: NAME, shown: !panel.hidden, focus: !panel.hidden }, address.origin);
  }

  function unread(number) {
    count.textContent = number ? String(number) : "";
    button.setAttribute("aria-label", number ? label + "，" + number + "条新消息" : label);
  }

  function mount() {
    document.body.append(host);
    window.deskChat = { open: open, close: close };
  }

  if (document.body) mount();
  else document.addEventListener("DOMContentLoaded", mount);
})();
