// Listing: the source of the function that computed a frame. A line that computed some frame can be chosen: it leads there.

import { h } from "../kit/elements.js";

const WORDS = /(#.*$)|("""[\s\S]*?"""|"[^"]*"|'[^']*')|\b(def|return|if|else|elif|for|in|not|and|or|is|None|True|False|self|with|as|class|lambda|zip|reversed|range|enumerate)\b|\b(\d[\d._e-]*)\b/g;
const LINE = 19; // px, as in player.css
const KINDS = ["comment", "string", "word", "number"];

export class Listing {
  /** go(key): called with the frame that a chosen line computed. */
  constructor(go) {
    this.go = go;
    this.file = h("div", { class: "file" });
    this.code = h("div", { class: "code", tabindex: "0", role: "region", "aria-label": "The code" }); // can be scrolled by keys
    this.root = h("div", { class: "listing", "data-testid": "listing" }, this.file, this.code);
  }

  /** marked: numbers of the lines that computed the present frame. titles: of all frames, by their keys. */
  show(listing, marked, titles) {
    if (listing !== this.listing) this.write(listing, titles);
    this.listing = listing;
    this.lines.forEach((line, i) => line.classList.toggle("marked", marked.includes(listing.first + i)));
    const place = marked.length ? marked[0] - listing.first : 0;
    // Later, with the browser's own layout: a layout asked for here would be one more.
    requestAnimationFrame(() => {
      this.code.scrollTop = Math.max(0, LINE * (place - 5));
    });
  }

  write({ place, first, lines, linked }, titles) {
    this.file.textContent = place;
    const leads = new Map(linked);
    let inDocstring = false;
    this.lines = lines.map((text, i) => {
      const number = first + i;
      const quotes = (text.match(/"""/g) || []).length;
      const isDoc = inDocstring || quotes > 0;
      if (quotes === 1) inDocstring = !inDocstring;
      const words = text.trimStart();
      const indent = h("span", { class: "indent", text: text.slice(0, text.length - words.length) });
      const parts = [h("span", { class: "number", text: number }), indent, ...(isDoc ? [h("span", { class: "string", text: words })] : coloured(words))];
      const key = leads.get(number);
      if (key === undefined) return h("div", { class: "line" }, ...parts);
      return h("button", {
        type: "button", class: "line linked", title: `Show: ${titles.get(key)}`, "data-line": number, on: { click: () => this.go(key) },
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
