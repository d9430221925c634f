// What can be measured of WCAG 2.1 AA on the page as it stands. Gives a list of faults, empty when all is well.
// Called with {text, large}: the least contrast of text and of large text.
({ text: leastText, large: leastLarge }) => {
  const faults = [];
  const fault = (rule, node, detail = "") => faults.push(`${rule}: <${node.localName} id="${node.id}" class="${node.className}"> ${detail}`);
  const all = (selector) => [...document.querySelectorAll(selector)];

  const shown = (node) => {
    if (!node.checkVisibility || !node.checkVisibility({ visibilityProperty: true })) return false;
    const box = node.getBoundingClientRect();
    return box.width > 1 && box.height > 1;
  };

  const parse = (colour) => {
    const parts = colour.match(/[\d.]+/g).map(Number);
    return { r: parts[0], g: parts[1], b: parts[2], a: parts[3] ?? 1 };
  };
  const over = (top, under) => ({
    r: top.r * top.a + under.r * (1 - top.a),
    g: top.g * top.a + under.g * (1 - top.a),
    b: top.b * top.a + under.b * (1 - top.a),
    a: 1,
  });
  const ground = (node) => {
    const layers = [];
    for (let at = node; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      layers.push(colour);
      if (colour.a === 1) break;
    }
    return layers.reverse().reduce((under, layer) => over(layer, under), { r: 255, g: 255, b: 255, a: 1 });
  };
  const light = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const contrast = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };

  // 1.4.3: text against what is behind it.
  let measured = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !shown(node) || node.closest(".unseen, .skip, script, noscript")) continue;
    const style = getComputedStyle(node);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const behind = ground(node);
    const ratio = contrast(over(parse(style.color), behind), behind);
    measured += 1;
    if (ratio < (isLarge ? leastLarge : leastText)) fault("contrast", node, `${ratio.toFixed(2)} ${walker.currentNode.data.slice(0, 12)}`);
  }
  if (measured < 10) faults.push(`contrast: only ${measured} texts were found to measure`);
  for (const node of all("textarea").filter(shown)) {
    const ratio = contrast(parse(getComputedStyle(node, "::placeholder").color), ground(node));
    if (ratio < leastText) fault("contrast of placeholder", node, ratio.toFixed(2));
    // 1.4.11: the edge of what can be written in.
    const edge = contrast(parse(getComputedStyle(node).borderTopColor), ground(node.parentElement));
    if (edge < 3) fault("contrast of edge", node, edge.toFixed(2));
  }
  for (const node of all("button.reply").filter(shown)) {
    const edge = contrast(parse(getComputedStyle(node).borderTopColor), ground(node.parentElement));
    if (edge < 3) fault("contrast of edge", node, edge.toFixed(2));
  }

  // 4.1.1, 4.1.2, 1.3.1: ids, references, structure.
  const ids = all("[id]").map((node) => node.id);
  for (const id of new Set(ids.filter((id, n) => ids.indexOf(id) !== n))) faults.push(`id twice: ${id}`);
  for (const name of ["aria-labelledby", "aria-describedby", "aria-controls"]) {
    for (const node of all(`[${name}]`)) {
      for (const id of node.getAttribute(name).split(" ")) if (!document.getElementById(id)) fault(`${name} names nothing`, node, id);
    }
  }
  for (const node of all("label[for]")) if (!document.getElementById(node.htmlFor)) fault("label for nothing", node);
  if (document.documentElement.lang !== "zh-CN") faults.push("no language");
  if (!document.title.trim()) faults.push("no title");
  for (const [selector, least] of [["h1", 1], ["main", 1], ["header", 1], ["[role=log]", 1], ["[role=status]", 1]]) {
    if (all(selector).length < least) faults.push(`no ${selector}`);
  }
  let level = 1;
  for (const node of all("h1, h2, h3, h4").filter((node) => !node.closest("dialog"))) {
    const next = Number(node.localName[1]);
    if (next > level + 1) fault("heading skips a level", node);
    level = next;
  }
  for (const node of all("[tabindex]")) if (node.tabIndex > 0) fault("tabindex above 0", node);
  for (const node of all("[aria-hidden=true]")) if (node.querySelector("a[href], button, input, textarea, [tabindex]")) fault("focus inside aria-hidden", node);
  for (const node of all("ul, ol")) {
    if ([...node.children].some((child) => child.localName !== "li")) fault("list with other children", node);
  }
  for (const node of all("svg")) if (node.getAttribute("aria-hidden") !== "true") fault("picture without a word", node);

  // 1.4.10: nothing to scroll sideways for.
  if (document.documentElement.scrollWidth > innerWidth) faults.push("wider than the window");
  for (const node of all("#scroller, .side, .floor")) {
    if (shown(node) && node.scrollWidth > node.clientWidth + 1) fault("wider than its place", node);
  }
  for (const node of all("button, textarea, a[href], h1, .bubble").filter(shown)) {
    const box = node.getBoundingClientRect();
    if (!node.closest(".skip, .wide") && (box.left < -1 || box.right > innerWidth + 1)) fault("outside the window", node);
  }
  return faults;
}
