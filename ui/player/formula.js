// Formula: LaTeX set as everywhere in this app, by the very module with which Streamlit shows st.latex.

import { h } from "./parts.js";

const SVG = "http://www.w3.org/2000/svg";
const MATHML = "http://www.w3.org/1998/Math/MathML";
const ATTRIBUTES = { className: "class", ariaHidden: "aria-hidden", strokeWidth: "stroke-width" }; // all others are as named

export class Formula {
  constructor() {
    this.root = h("div", { class: "formula", "data-testid": "formula" });
    this.made = new Map(); // LaTeX -> its node
  }

  /** address: where Streamlit serves the module. Its style rules stand in the page; a shadow root needs its own. */
  async load(address) {
    if (this.loading) return;
    this.loading = true;
    const { default: rehypeKatex } = await import(new URL(address, document.baseURI).href);
    this.typeset = rehypeKatex();
    this.root.getRootNode().adoptedStyleSheets.push(rules());
    if (this.latex) this.set();
  }

  show(latex) {
    if (latex === this.latex) return;
    this.latex = latex;
    if (this.typeset) this.set();
    else this.root.textContent = latex; // readable until the module is there
  }

  /** Makes a formula that is likely to be wanted next, so that it is there at once. */
  prepare(latex) {
    if (this.typeset && !this.made.has(latex)) this.made.set(latex, this.node(latex));
  }

  set() {
    this.prepare(this.latex);
    this.root.replaceChildren(this.made.get(this.latex));
    this.root.scrollLeft = 0;
  }

  node(latex) {
    const math = { type: "element", tagName: "code", properties: { className: ["language-math", "math-display"] }, children: [{ type: "text", value: latex }] };
    const tree = { type: "root", children: [math] };
    this.typeset(tree, { message() {} });
    return built(tree.children[0]);
  }
}

/** The DOM of a tree of plain values: text stays text. */
function built({ type, value, tagName, properties, children }, space) {
  if (type !== "element") return document.createTextNode(value ?? "");
  const own = tagName === "svg" ? SVG : tagName === "math" ? MATHML : space;
  const element = own ? document.createElementNS(own, tagName) : document.createElement(tagName);
  for (const [name, held] of Object.entries(properties)) {
    if (name === "style") element.style.cssText = held;
    else element.setAttribute(ATTRIBUTES[name] ?? name, Array.isArray(held) ? held.join(" ") : held);
  }
  element.append(...children.map((child) => built(child, own)));
  return element;
}

function rules() {
  const all = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(all.filter((rule) => rule.selectorText?.includes("katex")).map((rule) => rule.cssText).join("\n"));
  return sheet;
}
