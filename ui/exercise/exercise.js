// The exercise: the worksheet's elements with a field in each box. It says what is typed, and shows what Python says of it.

import "../keys.js";
import "../phone_menu.js";
import "../way_back.js";
import { h } from "../kit/elements.js";
import { mount } from "../kit/mount.js";
import { sheet } from "../kit/styles.js";
import { LONGEST_TEXT } from "../kit/typed.js";

const STYLES = await sheet(new URL("./exercise.css", import.meta.url));
const KEPT = "scratchnet-exercise"; // under this and the sheet's letters the tab keeps what was typed, for a reload
const SPACES = { svg: "http://www.w3.org/2000/svg", math: "http://www.w3.org/1998/Math/MathML" };
const PATIENCE = [1500, 12_000]; // ms until what was not answered is said again; twice as long each time
const MARKS = { right: "✓", follows: "≈", wrong: "✗", unread: "?" };
const ALOUD = { right: "right", follows: "follows from your own numbers", wrong: "not yet", unread: "no number" };

/** What the view that was closed last had: Streamlit may build a component anew in the midst of typing. */
let left = null;

class Exercise {
  constructor(_, data) {
    this.sheet = data.sheet;
    this.fields = new Map(); // cell -> { field, mark }
    this.labels = data.labels ?? {};
    this.count = h("p", { class: "count" });
    this.told = h("p", { class: "told", role: "status", id: "told" });
    this.foot = h("div", { class: "foot" }, this.count, this.told);
    this.root = h("div", { class: "exercise", "data-testid": "exercise" }, this.foot);
    this.typed = { ...data.typed, ...this.read() }; // what the tab keeps is never older than what Python knows
    this.isUntold = Object.entries(this.typed).some(([cell, text]) => data.typed[cell] !== text);
    this.verdicts = {};
    this.asked = 0; // Streamlit passes over what is said twice in the same words
    const before = left?.sheet === data.sheet ? left : null;
    left = null;
    this.focused = before?.focused;
    if (before?.page) this.fill(before.page);
  }

  /** The page comes once, for it is long: the fields have in them what was typed before. */
  fill(page) {
    const { body, labels } = (this.page = page);
    this.labels = labels;
    this.root.replaceChildren(...body.map((one) => this.build(one, null)), this.foot);
    for (const [cell, { field }] of this.fields) field.value = this.typed[cell] ?? "";
  }

  /** An element of the sheet, [tag, attributes, children]; a box gets its field. space: of SVG or MathML, inside one. */
  build(part, space) {
    if (typeof part === "string") return document.createTextNode(part);
    const [tag, attributes, children] = part;
    const inside = SPACES[tag] ?? space;
    const node = inside ? document.createElementNS(inside, tag) : document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children.map((child) => this.build(child, inside)));
    if (attributes["data-cell"]) node.append(...this.box(attributes["data-cell"]));
    return node;
  }

  box(cell) {
    const field = h("input", {
      type: "text", maxlength: LONGEST_TEXT + 1, autocomplete: "off", spellcheck: "false", enterkeyhint: "next", "aria-label": this.labels[cell],
      on: {
        blur: () => this.leave(cell, field.value),
        focus: () => this.tell(cell),
        keydown: (event) => {
          if (event.key === "Enter") this.next(cell);
        },
      },
    });
    const mark = h("span", { class: "mark", "aria-hidden": "true" });
    this.fields.set(cell, { field, mark });
    return [field, mark];
  }

  update({ data, setStateValue }) {
    this.send = () => setStateValue("said", { has: this.fields.size > 0, typed: this.typed, asked: ++this.asked });
    if (!this.fields.size && data.body) this.fill(data);
    this.returnToField();
    if (this.isUntold || !this.fields.size) this.say(); // a page built anew after Python was told that it is there
    this.isUntold = false;
    this.verdicts = data.verdicts;
    this.answered = data.typed;
    if (Object.entries(this.typed).every(([cell, text]) => this.answered[cell] === text)) clearTimeout(this.late);
    for (const [cell, { field, mark }] of this.fields) {
      // What was said of another text is not said of this one.
      const [state] = (this.answered[cell] === this.typed[cell] && this.verdicts[cell]) || [""];
      field.dataset.state = state;
      field.setAttribute("aria-invalid", String(state === "wrong" || state === "unread"));
      if (state) field.setAttribute("aria-description", ALOUD[state]);
      else field.removeAttribute("aria-description");
      mark.textContent = MARKS[state] ?? "";
    }
    this.count.textContent = data.count;
    this.root.dataset.done = String(data.is_done);
    if (this.wanted) this.tell(this.wanted);
  }

  /** What is typed, and once more while there is no answer to it: of what follows quickly, one may not be heard. */
  say(patience = PATIENCE[0]) {
    this.send();
    clearTimeout(this.late);
    this.late = setTimeout(() => this.say(Math.min(2 * patience, PATIENCE[1])), patience);
  }

  /** Where she was typing when Streamlit built the component anew. */
  returnToField() {
    const { cell, text, at } = this.focused ?? {};
    const { field } = this.fields.get(cell) ?? {};
    this.focused = null;
    if (!field) return;
    field.value = text;
    field.focus();
    field.setSelectionRange(at, at);
  }

  leave(cell, text) {
    if (!this.isClosed && text !== (this.typed[cell] ?? "")) this.change(cell, text);
  }

  change(cell, text) {
    this.typed = { ...this.typed, [cell]: text };
    this.keep();
    this.wanted = cell;
    this.say();
  }

  /** What is said of a cell, in the line that stays on the screen. */
  tell(cell) {
    const isAnswered = this.answered?.[cell] === this.typed[cell];
    const verdict = isAnswered && this.verdicts[cell];
    const text = verdict ? `${this.labels[cell]}: ${verdict[1]}` : "";
    if (!verdict && this.wanted && this.wanted !== cell) return; // the answer to what was typed before is on its way, or read
    if (isAnswered && this.wanted === cell) this.wanted = null;
    this.told.dataset.state = verdict ? verdict[0] : "";
    if (this.told.textContent !== text) this.told.textContent = text;
  }

  /** Enter goes on to the next field, as from box to box on paper. */
  next(cell) {
    const cells = [...this.fields.keys()];
    const after = cells[cells.indexOf(cell) + 1];
    const { field } = this.fields.get(after ?? cell);
    if (after) field.focus();
    else field.blur(); // the last one is said, too
  }

  read() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(`${KEPT}:${this.sheet}`));
      return kept && typeof kept === "object" ? kept : null;
    } catch {
      return null; // a browser may forbid to keep anything
    }
  }

  keep() {
    try {
      sessionStorage.setItem(`${KEPT}:${this.sheet}`, JSON.stringify(this.typed));
    } catch {
      return; // a browser may forbid to keep anything
    }
  }

  close() {
    clearTimeout(this.late);
    this.isClosed = true;
    const [cell, { field }] = [...this.fields].find(([, one]) => one.field.matches(":focus")) ?? ["", { field: null }];
    const focused = field && { cell, text: field.value, at: field.selectionStart };
    left = { sheet: this.sheet, page: this.page, focused };
  }
}

export default mount(Exercise, STYLES);
