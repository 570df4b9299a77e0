// Probe: the input that the visitor types or chooses, which is followed through the network, and what the network says to it.

import { inUnits } from "./scene.js";
import { h, setText } from "../kit/elements.js";
import * as numbers from "../kit/numbers.js";
import * as typed from "../kit/typed.js";

export const MOST_FIELDS = 4; // inputs that are typed below the network, side by side
const MOST_LETTERS = 30; // of their names

export class Probe {
  /**
   * form: the element. board: follow(values): have this input followed, null for none; generation() of the frames that come;
   * repaint(...parts).
   * @param {any} form
   * @param {Record<string, (...given: any[]) => any>} board
   */
  constructor(form, board) {
    this.form = form;
    this.board = board;
    this.scene = null;
    this.fields = [];
    this.shown = undefined; // the input that stands in the fields, as JSON
    this.unanswered = null; // generation of the frames that do not know yet which input was typed
  }

  /** Fields for the inputs of a scene. */
  learn(scene) {
    const { form } = this;
    this.scene = scene;
    this.fields = scene.inputs.map((name) => h("input", { type: "text", "aria-label": `Input ${name}`, autocomplete: "off" }));
    this.none = h("button", { type: "button", "aria-label": "Clear the inputs", title: "No inputs" }, "×");
    this.none.onclick = () => this.set(null);
    this.answer = h("output", { class: "answer" });
    for (const field of this.fields) field.onchange = () => this.apply();
    form.onsubmit = (event) => {
      event.preventDefault();
      this.apply();
    };
    form.classList.toggle("several", scene.sizes[scene.sizes.length - 1] > 2); // outputs: a line to themselves
    const named = this.fields.map((field, i) => [h("span", {}, scene.inputs[i]), field]);
    const isRow = named.length > MOST_FIELDS || scene.inputs.join("").length > MOST_LETTERS; // a row of a table is typed in a form of its own
    form.replaceChildren(
      h("div", { class: "fields" },
        h("span", { class: "quiet" }, isRow ? "Click a point, or" : "Try an input"),
        ...(isRow ? [rowForm(named)] : named.flat()),
        this.none),
      this.answer);
    this.shown = undefined;
  }

  /** What stands in the fields is meant. */
  apply() {
    const { fields } = this;
    const values = fields.map((field) => typed.number(field.value));
    const isWrong = fields.map((field, i) => field.value.trim() !== "" && !Number.isFinite(values[i]));
    fields.forEach((field, i) => field.setAttribute("aria-invalid", String(isWrong[i])));
    if (values.every(Number.isFinite)) this.set(values);
    else if (fields.every((field) => field.value.trim() === "")) {
      this.shown = undefined; // also where one of them was emptied before: the words below change
      this.set(null);
    } else if (isWrong.includes(true)) setText(this.answer, "Type numbers such as 0.5 or −1,5.");
    else this.halfEmpty();
  }

  set(values) {
    this.expect();
    this.board.follow(values);
    this.fill(values);
  }

  /** Another input was asked for: what frames of this generation say is of the one before. */
  expect() {
    this.unanswered = this.board.generation();
  }

  /** An input that is not typed any more is not followed any more; what stands in the other fields stays. */
  halfEmpty() {
    if (this.shown === "null") return; // the first one is being typed
    this.shown = "null";
    this.none.hidden = true;
    this.expect();
    this.board.follow(null);
    setText(this.answer, "Type every input.");
  }

  /** What is asked for has been refused: what was asked before is shown again. */
  refuse() {
    if (this.unanswered === null) return;
    this.unanswered = null;
    this.board.repaint("units");
  }

  fill(values) {
    if (!this.scene) return;
    const key = JSON.stringify(values);
    if (key === this.shown) return;
    this.shown = key;
    this.board.repaint("still");
    this.fields.forEach((field, i) => {
      field.value = values ? typed.written(values[i]) : "";
      field.setAttribute("aria-invalid", "false");
    });
    this.none.hidden = !values;
    if (!values) setText(this.answer, this.scene.inputs.length > MOST_FIELDS ? "" : "or click the picture");
  }

  /** What the network says to the input; until it has answered, of the one before nothing is said. isKept: a frame from before. */
  write(shown, isKept) {
    if (this.shown === "null") return; // the fields are empty: what is asked of them stands there
    if (this.unanswered !== null && shown.generation <= this.unanswered) {
      setText(this.answer, "→ …");
    } else if (isKept && !shown.a) {
      setText(this.answer, "→ …"); // it was shown with another input
    } else if (shown.a) {
      const outputs = this.scene.sizes[this.scene.sizes.length - 1];
      const values = Array.from(shown.a.slice(-outputs), (value) => numbers.text(inUnits(this.scene, value)));
      setText(this.answer, `→ output ${values.join(", ")}`);
    }
  }
}

/** A form with all columns of a row, which opens above what it stands in. named: [name, field] of each. */
function rowForm(named) {
  const form = h("details", { class: "rowForm" },
    h("summary", {}, "Type a row"),
    h("div", { class: "rowFields" }, ...named.map(([name, field]) => h("label", {}, name, field))));
  form.onkeydown = (event) => {
    if (event.key !== "Escape" || !form.open) return;
    form.open = false;
    form.firstElementChild.focus();
    event.stopPropagation();
  };
  return form;
}
