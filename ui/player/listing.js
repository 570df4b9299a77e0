// Listing: the source of the function that computed a frame. A line that computed some frame can be chosen: it leads there.

import { h, mounted } from "./parts.js";

const WORDS = /(#.*$)|("""[\s\S]*?"""|"[^"]*"|'[^']*')|\b(def|return|if|else|elif|for|in|not|and|or|is|None|True|False|self|with|as|class|lambda|zip|reversed|range|enumerate)\b|\b(\d[\d._e-]*)\b/g;
const KINDS = ["comment", "string", "word", "number"];

class Listing {
  constructor(root) {
    this.root = root;
    this.file = h("div", { class: "file" });
    this.code = h("div", { class: "code" });
    root.append(this.file, this.code);
  }

  update({ data, setTriggerValue }) {
    this.file.textContent = `${data.file}, ${data.name}`;
    const marked = new Set(data.marked);
    const linked = new Map(data.linked);
    let inDocstring = false;
    this.code.replaceChildren(
      ...data.lines.map((text, i) => {
        const number = data.first + i;
        const quotes = (text.match(/"""/g) || []).length;
        const isDoc = inDocstring || quotes > 0;
        if (quotes === 1) inDocstring = !inDocstring;
        const words = text.trimStart();
        const indent = h("span", { class: "indent", text: text.slice(0, text.length - words.length) });
        const parts = [h("span", { class: "number", text: number }), indent, ...(isDoc ? [h("span", { class: "string", text: words })] : coloured(words))];
        const classes = `line${marked.has(number) ? " marked" : ""}`;
        if (!linked.has(number)) return h("div", { class: classes }, ...parts);
        return h("button", {
          type: "button", class: `${classes} linked`, title: `Show: ${linked.get(number)}`, "data-line": number,
          on: { click: () => setTriggerValue("line", number) },
        }, ...parts);
      }),
    );
    const first = this.code.querySelector(".marked");
    this.code.scrollTop = first ? Math.max(0, first.offsetTop - this.code.offsetTop - this.code.clientHeight / 2 + 20) : 0;
  }
}

function coloured(text) {
  const parts = [];
  let at = 0;
  for (const found of text.matchAll(WORDS)) {
    if (found.index > at) parts.push(text.slice(at, found.index));
    const kind = KINDS[[1, 2, 3, 4].findIndex((group) => found[group] !== undefined)];
    parts.push(h("span", { class: kind, text: found[0] }));
    at = found.index + found[0].length;
  }
  parts.push(text.slice(at));
  return parts;
}

export default mounted(Listing, "listing");
