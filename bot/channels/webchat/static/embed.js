// Shows the one line of code with the address of this server in it.

const address = new URL("../widget.js", import.meta.url);
document.getElementById("code").textContent = `<script src="${address.href}" async></script>`;
document.getElementById("origin").textContent = address.origin;
