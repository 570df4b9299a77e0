// Formula: LaTeX set as everywhere in this app, by the very module with which Streamlit shows st.latex.

import { h } from "../kit/elements.js";

const SVG = "http://www.w3.org/2000/svg";
const MATHML = "http://www.w3.org/1998/Math/MathML";
const SAMPLE = String.raw`\begin{aligned}\frac{1}{n}\sum_{s=1}^{n}&=a^{(1)}_{1} \\ &\approx\text{as}\cdot 1.5\times 10^{-3}\end{aligned}`;
const ATTRIBUTES = { className: "class", ariaHidden: "aria-hidden", strokeWidth: "stroke-width" }; // all others are as named

const HIGHEST = 200; // px, of a formula on the wall
const LEAST = 0.6; // of its usual size; smaller nobody reads it
const PAUSES = [1000, 30_000]; // ms until a module that did not come is asked for again, twice as long each time
const fetched = new Map(); // address -> {typeset, styles} of the module there

/** again: how often it did not come. A browser may keep that under the same address it never comes. */
async function fetchModule(address, again = 0) {
  const { default: rehypeKatex } = await import(new URL(again ? `${address}?again=${again}` : address, document.baseURI).href);
  if (!fetched.has(address)) fetched.set(address, { typeset: rehypeKatex(), styles: rules() });
}

/** Fetches the module and sets one formula, which nobody sees: the first one of a visit takes several times as long. */
export async function prepare(address) {
  await fetchModule(address);
  fetched.get(address).typeset(tree(SAMPLE), { message() {} });
}

export class Formula {
  /** fits: it is to be as wide as its place at most. */
  constructor(fits = false) {
    this.fits = fits;
    this.root = h("div", { class: "formula", "data-testid": "formula" });
    this.made = new Map(); // LaTeX -> its node
  }

  /** address: where Streamlit serves the module. Where it is there already, formulas are set from the first one on. */
  async load(address) {
    if (this.loading) return;
    this.loading = true;
    for (let again = 0, pause = PAUSES[0]; !fetched.has(address); again++, pause = Math.min(2 * pause, PAUSES[1])) {
      try {
        await fetchModule(address, again);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, pause));
        if (!this.root.isConnected) return; // its player has gone
      }
    }
    const { typeset, styles } = fetched.get(address);
    this.typeset = typeset;
    this.root.getRootNode().adoptedStyleSheets.push(styles);
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
    this.root.style.fontSize = "";
    if (!this.fits) return;
    // On the wall nothing is scrolled: what is wider is set smaller.
    const share = Math.min(this.root.clientWidth / this.root.scrollWidth, HIGHEST / this.root.scrollHeight);
    if (share < 1) this.root.style.fontSize = `${Math.max(LEAST, share)}em`;
  }

  node(latex) {
    const set = tree(latex);
    this.typeset(set, { message() {} });
    return built(set.children[0]);
  }
}

/** A page with nothing but a formula, as the module takes it and changes it. */
function tree(latex) {
  const math = { type: "element", tagName: "code", properties: { className: ["language-math", "math-display"] }, children: [{ type: "text", value: latex }] };
  return { type: "root", children: [math] };
}

/**
 * The DOM of a tree of plain values: text stays text.
 * @returns {any}
 */
function built({ type, value = "", tagName = "", properties = {}, children = [] }, space = "") {
  if (type !== "element") return document.createTextNode(value ?? "");
  const own = tagName === "svg" ? SVG : tagName === "math" ? MATHML : space;
  /** @type {any} */
  const element = own ? document.createElementNS(own, tagName) : document.createElement(tagName);
  for (const [name, held] of Object.entries(properties)) {
    if (name === "style") element.style.cssText = held;
    else element.setAttribute(ATTRIBUTES[name] ?? name, Array.isArray(held) ? held.join(" ") : held);
  }
  element.append(...children.map((child) => built(child, own)));
  return element;
}

/** The module's style rules stand in the page; a shadow root needs its own. */
function rules() {
  const all = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(all.filter((rule) => rule instanceof CSSStyleRule && rule.selectorText.includes("katex")).map((rule) => rule.cssText).join("\n"));
  return sheet;
}
