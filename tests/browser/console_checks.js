// What can be measured of WCAG 2.1 AA in forms and tables, beside checks.js. Gives a list of faults.
() => {
  const faults = [];
  const fault = (rule, node) => faults.push(`${rule}: <${node.localName} id="${node.id}" name="${node.name ?? ""}"> ${node.textContent.trim().slice(0, 20)}`);
  const shown = (node) => node.checkVisibility?.({ visibilityProperty: true });
  const named = (node) => (node.getAttribute("aria-label") || node.labels?.[0]?.textContent || node.textContent || "").trim();
  for (const node of document.querySelectorAll("input:not([type=hidden]), select, textarea, button, a[href], summary")) {
    const name = ["INPUT", "SELECT", "TEXTAREA"].includes(node.tagName)
      ? (node.getAttribute("aria-label") || node.labels?.[0]?.textContent || "").trim()
      : named(node);
    if (!name) fault("no name", node);
  }
  for (const table of document.querySelectorAll("table")) {
    if (!table.querySelector("th[scope]")) fault("table without heads", table);
  }
  for (const node of document.querySelectorAll("button, input:not([type=hidden]):not([type=checkbox]), select, summary, .menu a")) {
    if (!shown(node) || node.closest(".unseen")) continue;
    const box = node.getBoundingClientRect();
    if (box.height < 23.5) fault(`lower than 24px (${box.height.toFixed(1)})`, node);
  }
  if (document.querySelectorAll("main").length !== 1) faults.push("not one main");
  if (document.querySelectorAll("h1").length !== 1) faults.push("not one h1");
  if (!document.querySelector("nav[aria-label]")) faults.push("no named navigation");
  if (!document.querySelector(".skip")) faults.push("no way past the menu");
  if (document.querySelector("[style], style, script:not([src])")) faults.push("something inline");
  return faults;
}
