// Points: the points of the data set with which a frame was made, and the training point that is chosen, by its number or on the
// picture. Its card says what it is and leads to the microscope.

import { MOST_FIELDS } from "./probe.js";
import { boundsOf, h, setText } from "../kit/elements.js";
import { PULLED, hear } from "../kit/events.js";
import * as numbers from "../kit/numbers.js";
import { GREY } from "../kit/palette.js";

const KINDS = ["train", "validation", "test"];

export class Points {
  /**
   * nodes: of the board. name: the board's. board: isPlaying(), columns(): those across and up the map, none where it shows principal
   * components; placeOf(index) of a training point on the map; follow(index) makes it the input, and gives the command's id;
   * open(kind, what) leads to the microscope; repaint(...parts).
   * @param {Record<string, any>} nodes
   * @param {string} name
   * @param {Record<string, any>} board
   */
  constructor(nodes, name, board) {
    this.nodes = nodes;
    this.board = board;
    this.scene = null;
    this.sets = new Map(); // number -> points as they were when the frames that name it were made
    this.set = null; // the one on screen
    this.chosen = null; // {index, id}: a training point whose card opens when Python has done this command
    this.pulled = null; // {update, points: [{index, share}]}: whom the microscope shows to have pulled
    nodes.pointNumber.onchange = () => this.typed();
    nodes.pointNumber.onkeydown = (event) => this.next(event);
    nodes.output.onkeydown = (event) => {
      if (event.key !== "Escape" || nodes.point.hidden) return;
      const hadFocus = nodes.point.contains(event.target);
      this.close();
      if (hadFocus) nodes.pointNumber.focus();
    };
    this.stopHearing = hear(PULLED, name, (pulled) => {
      this.pulled = pulled;
      board.repaint("still");
    });
  }

  learn(scene) {
    this.scene = scene;
    this.sets.clear();
  }

  // ---- Sets of points -----------------------------------------------------------------------------------------------

  /** Those of the set on screen, the training points first. */
  get kinds() {
    return this.set.kinds;
  }

  /** How many training points there are. */
  get count() {
    return this.kinds[0].looks.length;
  }

  get testWords() {
    return this.set.fixed ? "Test (the same points)" : "Test";
  }

  /** How many different points there are. */
  get total() {
    return this.kinds.reduce((sum, { kind, looks }) => sum + (kind === "test" && this.set.fixed ? 0 : looks.length), 0);
  }

  /** Number of the newest set held, -1 without one. */
  get newest() {
    return Math.max(-1, ...this.sets.keys());
  }

  /** Points that are new here: told for each set, with its arrays. */
  take(told, arrays) {
    for (const { number, drawn, fixed, validated } of told) {
      const kinds = KINDS.map((kind) => ({
        kind,
        places: arrays[`places_${kind}@${number}`].data, // on the map, (n, 2) in a row; with one column it alone
        y: arrays[`y_${kind}@${number}`].data,
        heights: arrays[`height_${kind}@${number}`] ? arrays[`height_${kind}@${number}`].data : null,
        hollow: kind !== "train",
        dotted: kind === "validation",
        looks: this.looksOf(arrays[`looks_${kind}@${number}`].data),
      }));
      this.sets.set(number, { number, kinds, drawn, fixed, validated });
    }
  }

  /** isKept: older ones are kept, for a frame on screen that may be followed by one from before. */
  show(set, isKept) {
    if (!set || set === this.set) return;
    const { nodes } = this;
    this.set = set;
    if (!isKept) for (const older of this.sets.keys()) if (older < set.number) this.sets.delete(older);
    this.close();
    setText(nodes.testKind, this.testWords);
    nodes.testKind.setAttribute("aria-label", `${nodes.testKind.textContent}: results`);
    nodes.root.classList.toggle("validated", set.validated);
    for (const name of ["validationKind", "validationLoss", "validationScore"]) nodes[name].closest(".kind, .number").hidden = !set.validated;
    this.board.repaint("still", "loss");
  }

  /** What points look like: as their class, or in the colour of their target. One object a look, so that they are drawn together. */
  looksOf(numbers) {
    const { classes, lookTables } = this.scene;
    const ring = classes.length ? "white" : GREY;
    const known = new Map();
    return Array.from(numbers, (number) => {
      if (!known.has(number)) {
        const colour = [0, 1, 2].map((channel) => lookTables.data[3 * number + channel]);
        known.set(number, { ring, ...(classes.length ? classes[number] : { color: `rgb(${colour.join()})`, outline: [] }) });
      }
      return known.get(number);
    });
  }

  /** Whom the microscope shows to have pulled in the step from an update: {index, share} of each. */
  pulledAt(update) {
    return this.pulled && this.pulled.update === update ? this.pulled.points : [];
  }

  // ---- The chosen one -----------------------------------------------------------------------------------------------

  typed() {
    const { pointNumber, point } = this.nodes;
    const { count } = this;
    const typed = pointNumber.value.trim();
    const number = /^\d{1,9}$/.test(typed) ? Number(typed) : NaN;
    if (typed === "") this.close();
    else if (number >= 1 && number <= count) this.choose(number - 1);
    else {
      point.replaceChildren(`Training point: type a whole number from 1 to ${count}, not “${typed.slice(0, 20)}”.`);
      this.place(null);
    }
  }

  /** Up and down take the next training point, as they do in every field for a number. */
  next(event) {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const now = Number(this.nodes.pointNumber.value) || 0;
    this.choose(Math.max(1, Math.min(now + by, this.count)) - 1);
  }

  /** Follows a training point through the network, and at rest shows its card. */
  choose(index) {
    this.close();
    const id = this.board.follow(index);
    this.nodes.pointNumber.value = index + 1;
    if (!this.board.isPlaying()) this.chosen = { index, id };
  }

  /** Its inputs come with the answer: the browser has of each point only where it lies. */
  showChosen({ done, probe }) {
    const { index, id } = this.chosen || { id: Infinity };
    if (done < id) return;
    this.chosen = null;
    if (probe && !this.board.isPlaying() && index < this.count) this.open(index, probe, this.kinds[0].y[index]);
  }

  /** The card of a training point (x: its inputs, y: its target): what it is, and the way to the microscope. */
  open(index, x, y) {
    const { scene } = this;
    const inputs = x.map((value, i) => `${scene.inputs[i]} ${numbers.text(value)}`).filter((_, i) => x.length <= MOST_FIELDS || this.isTold(i));
    const target = scene.task === "regression" ? numbers.tick(y, 4) : scene.classes[y].name;
    const button = h("button", { type: "button", class: "look" }, "Open in the microscope");
    button.onclick = () => this.board.open("look_at", { index });
    this.nodes.point.replaceChildren(h("div", {}, `training point ${index + 1}: ${inputs.join(", ")}, target ${target}`), button);
    this.place(index);
  }

  close() {
    this.nodes.point.hidden = true;
    this.chosen = null;
    this.nodes.pointNumber.value = "";
  }

  /** Whether a column of many is told of a point: those across and up, or the first ones. */
  isTold(column) {
    const columns = this.board.columns();
    return columns.length ? columns.includes(column) : column < MOST_FIELDS;
  }

  /** The card stands beside its point, or where there is no map at the foot of the output. */
  place(index) {
    const { point, map, pointNumber } = this.nodes;
    point.hidden = false;
    const [all, own] = [boundsOf(point.offsetParent), boundsOf(point)];
    const foot = boundsOf(pointNumber);
    let [left, top] = [all.width - own.width, foot.top - all.top - own.height - 4];
    if (index !== null) {
      const on = boundsOf(map);
      const at = this.board.placeOf(index);
      left = Math.min(at.x + on.left - all.left + 14, all.width - own.width);
      top = at.y + on.top - all.top + (at.y + own.height + 30 > on.height ? -own.height - 14 : 14);
    }
    Object.assign(point.style, { left: `${Math.max(0, left)}px`, top: `${top}px` });
  }
}
