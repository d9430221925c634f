// Sets the large-type mode before the page is painted, so that nothing jumps. A classic script, on purpose.
(function () {
  var mode = null;
  try {
    mode = window.localStorage.getItem("desk-chat:mode");
  } catch (refused) {
    mode = null; // the browser keeps nothing for us: the ordinary mode then
  }
  document.documentElement.setAttribute("data-mode", mode === "elder" ? "elder" : "plain");
})();
