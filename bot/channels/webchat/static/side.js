// What can be asked and how to reach the bureau: beside the conversation, or on a sheet over it.

import { labels } from "./labels.js";
import { element, link } from "./text.js";

export function topics(config, acts) {
  const whole = document.createDocumentFragment();
  for (const topic of config.topics) {
    const section = element("section", "topic");
    section.append(element("h3", "", topic.title));
    const list = element("ul", "");
    for (const question of topic.questions) {
      const button = element("button", "question", question);
      button.type = "button";
      button.addEventListener("click", () => acts.ask(question));
      const item = element("li", "");
      item.append(button);
      list.append(item);
    }
    section.append(list);
    whole.append(section);
  }
  whole.append(contact(config.bureau), privacy(config.privacy, acts.clear));
  return whole;
}

function contact(bureau) {
  const section = element("section", "contact");
  section.append(element("h3", "", labels.contact));
  const list = element("dl", "");
  const row = (label, content) => {
    if (!content) return;
    const value = element("dd", "");
    value.append(content);
    list.append(element("dt", "", label), value);
  };
  row(labels.phone, bureau.phone && telephone(bureau.phone));
  row(labels.address, bureau.address);
  row(labels.hours, bureau.hours);
  row(labels.website, bureau.website && link(bureau.website));
  section.append(list);
  section.hidden = list.childElementCount === 0;
  return section;
}

function telephone(number) {
  const anchor = element("a", "", number);
  anchor.href = `tel:${number.replace(/[^\d+]/g, "")}`;
  return anchor;
}

function privacy(text, clear) {
  const section = element("section", "hint");
  const button = element("button", "plain", labels.clear);
  button.type = "button";
  button.setAttribute("aria-haspopup", "dialog");
  button.addEventListener("click", clear);
  section.append(element("h3", "", labels.privacy), element("p", "", text), button);
  return section;
}

// Opens and closes a dialog, also where the browser has no modal ones, and gives the focus back.
export class Sheet {
  constructor(dialog) {
    this.dialog = dialog;
    dialog.addEventListener("click", (event) => event.target === dialog && this.close());
  }

  open() {
    if (this.dialog.showModal) this.dialog.showModal();
    else this.dialog.setAttribute("open", "");
  }

  close() {
    if (this.dialog.close) this.dialog.close();
    else this.dialog.removeAttribute("open");
  }
}
