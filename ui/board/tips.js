// Tips: the sentence of a word on the board, by hover, focus and tap. The sentences come from Python (ui/terms.py).

import { boundsOf, h, zoomOf } from "../kit/elements.js";

const PAUSE = 180; // ms: a pointer that passes by opens nothing, and one on its way into the tip does not close it

const EXPLAINED = "[data-term], [data-reason], [data-says], [data-whole]";
const GAP = 6; // pixels between a word and its bubble

/**
 * One bubble for all elements below a root with `data-term`, a word, or `data-reason`, the sentence why a button does
 * nothing now, or `data-says`, a sentence of its own, or `data-whole`, what it is called, which is said where that is cut.
 * Escape closes it, and so does a press elsewhere.
 */
export class Tips {
  constructor(root) {
    this.root = root;
    this.sentences = {};
    this.explained = null; // the element whose sentence is shown
    this.node = h("div", { class: "tip", role: "tooltip", hidden: true });
    this.descriptions = h("div", { hidden: true }); // what aria-describedby points to
    root.append(this.node, this.descriptions);
    root.addEventListener("pointerover", (event) => event.pointerType !== "touch" && this.pointAt(event.target));
    root.addEventListener("pointerleave", () => this.pointAt(root));
    root.addEventListener("focusin", (event) => event.target.matches(":focus-visible") && this.show(event.target));
    root.addEventListener("focusout", () => this.hide());
    root.addEventListener("click", (event) => this.press(event), true); // the strip keeps its clicks to itself
    root.addEventListener("keydown", (event) => this.key(event), true); // before the keys of a card
    this.onPress = (event) => event.composedPath().includes(this.explained) || this.hide();
    window.addEventListener("pointerdown", this.onPress);
  }

  close() {
    clearTimeout(this.timer);
    window.removeEventListener("pointerdown", this.onPress);
  }

  /** terms: word -> sentence. */
  learn(terms) {
    this.sentences = terms;
    this.descriptions.replaceChildren(...Object.entries(terms).map(([word, sentence]) => h("span", { id: idOf(word) }, sentence)));
    this.describe(this.root);
  }

  /** Gives every element with a term below a node its description. */
  describe(node) {
    for (const element of node.querySelectorAll("[data-term]")) {
      (element.querySelector("input, select") || element).setAttribute("aria-describedby", idOf(element.dataset.term));
    }
  }

  pointAt(element) {
    clearTimeout(this.timer);
    if (this.node.contains(element)) return;
    const target = element.closest(EXPLAINED);
    if (target === this.explained) return;
    this.timer = setTimeout(() => (target ? this.show(target) : this.hide()), PAUSE);
  }

  /**
   * A word is there to be pressed, and a button that does nothing says why; a switch that is pressed is explained to a
   * finger only, which cannot point.
   */
  press(event) {
    const idle = event.target.closest("[data-reason]");
    if (idle) event.stopPropagation();
    if (idle || event.pointerType === "touch" || event.target.matches(".term")) this.show(event.target);
  }

  show(element) {
    const explained = element && element.closest(EXPLAINED);
    const { reason, says, whole, term } = explained ? explained.dataset : {};
    const sentence = reason || says || (whole && isCut(explained) ? whole : this.sentences[term]);
    if (!sentence) {
      if (whole) this.hide(); // beside it one that is cut has been told
      return;
    }
    clearTimeout(this.timer);
    this.explained = explained;
    this.node.textContent = sentence;
    this.node.hidden = false;
    this.position();
  }

  hide() {
    clearTimeout(this.timer);
    this.explained = null;
    this.node.hidden = true;
  }

  /** Any key closes it, so that it does not stand before what is typed; Escape then closes nothing else. */
  key(event) {
    if (!this.explained) return;
    this.hide();
    if (event.key === "Escape") event.stopPropagation();
  }

  /**
   * Below the word, above it where the window ends, and never beyond the board's sides. The whole name of a branch stands left of all
   * branches where there is room: below them is the map, which changes with them.
   */
  position() {
    const [all, word] = [boundsOf(this.root), boundsOf(this.explained)];
    this.node.style.left = "0";
    const own = boundsOf(this.node);
    const row = this.explained.closest(".forks");
    const before = row ? boundsOf(row).left - all.left - GAP - own.width : -1;
    const left = before >= 0 ? before : Math.min(Math.max(0, word.left - all.left), all.width - own.width);
    const isLow = word.bottom + GAP + own.height > window.innerHeight / zoomOf(this.node);
    const below = isLow ? word.top - all.top - own.height - GAP : word.bottom - all.top + GAP;
    const top = before >= 0 ? word.top - all.top + (word.height - own.height) / 2 : below;
    Object.assign(this.node.style, { left: `${left}px`, top: `${top}px` });
  }
}

/** Whether a part of an element shows less than it holds. */
function isCut(element) {
  return [...element.children].some((part) => part.scrollWidth > part.clientWidth);
}

function idOf(word) {
  return `term-${word.replaceAll(" ", "-")}`;
}
