// Listing: the source of the function that computed a frame. A line that computed some frame can be chosen: it leads there.

import { h, mounted } from "./parts.js";

const WORDS = /(#.*$)|("""[\s\S]*?"""|"[^"]*"|'[^']*')|\b(def|return|if|else|elif|for|in|not|and|or|is|None|True|False|self|with|as|class|lambda|zip|reversed|range|enumerate)\b|\b(\d[\d._e-]*)\b/g;
const LINE = 19; // px, as in player.css
const KINDS = ["comment", "string", "word", "number"];

class Listing {
  constructor(root) {
    this.root = root;
    this.file = h("div", { class: "file" });
    this.code = h("div", { class: "code" });
    root.append(this.file, this.code);
  }

  update({ data, setTriggerValue }) {
    this.report = setTriggerValue;
    const written = JSON.stringify([data.file, data.first, data.lines, data.linked]);
    if (written !== this.written) this.write(data);
    this.written = written;
    this.lines.forEach((line, i) => line.classList.toggle("marked", data.marked.includes(data.first + i)));
    const place = data.marked.length ? data.marked[0] - data.first : 0;
    // Later, with the browser's own layout: a layout asked for here would be one more.
    requestAnimationFrame(() => {
      this.code.scrollTop = Math.max(0, LINE * (place - 5));
    });
  }

  write(data) {
    this.file.textContent = `${data.file}, ${data.name}`;
    const linked = new Map(data.linked);
    let inDocstring = false;
    this.lines = data.lines.map((text, i) => {
      const number = data.first + i;
      const quotes = (text.match(/"""/g) || []).length;
      const isDoc = inDocstring || quotes > 0;
      if (quotes === 1) inDocstring = !inDocstring;
      const words = text.trimStart();
      const indent = h("span", { class: "indent", text: text.slice(0, text.length - words.length) });
      const parts = [h("span", { class: "number", text: number }), indent, ...(isDoc ? [h("span", { class: "string", text: words })] : coloured(words))];
      if (!linked.has(number)) return h("div", { class: "line" }, ...parts);
      return h("button", {
        type: "button", class: "line linked", title: `Show: ${linked.get(number)}`, "data-line": number,
        on: { click: () => this.report("line", number) },
      }, ...parts);
    });
    this.code.replaceChildren(...this.lines);
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
