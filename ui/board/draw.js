// Draw: somebody's own points on the map, by mouse, finger and keys. What is drawn shows at once, hollow until Python has
// said it; what a point changes in the network comes from Python alone.

import { curveBox } from "./curves.js";
import { mapBox, markPath, drawMark } from "./drawing.js";
import { icon, setIdle } from "./elements.js";
import { h, placeIn } from "../kit/elements.js";
import * as numbers from "../kit/numbers.js";
import { GREY } from "../kit/palette.js";
import * as typed from "../kit/typed.js";

const [TRAIN, TEST] = [0, 2]; // the parts, as scratchnet/points.py numbers them
const PARTS = ["train", "validation", "test"];
const IN_WORDS = ["training point", "validation point", "test point"];
const EVERY = 100; // ms between two commands of a stroke: a drag says some ten places a second, and always the last one
const BRUSH = { reach: 20, apart: 13, points: 3 }; // px around the pointer, px between two dabs, points of one
const GOLDEN = 2.399963; // radians: points of one dab after another never fall in line
const STEP = { usual: 1 / 40, fine: 1 / 200 }; // of the map's side, that an arrow key moves the cross
const TOOLS = [
  ["point", "Point", "Click: a new point of the chosen class"],
  ["move", "Move", "Drag a point to another place"],
  ["brush", "Brush", "Scatter points of the chosen class"],
  ["erase", "Erase", "Take away the points that you touch"],
  ["flip", "Flip", "Click a point: the other class, or of several the chosen one"],
];
const TAKE_FIRST = "These points are the data set's: take them as yours first, or clear the map.";

/**
 * The points that will be there when commands have been carried out: [{index, row, isComing, look}].
 *
 * items: those that are there; a row is [inputs ..., target, part]. Python finds a row by its number and by what it is.
 */
export function afterwards(items, commands) {
  let left = items;
  const find = (index, was) => {
    const is = (item) => item && item.row.length === was.length && item.row.every((value, i) => value === was[i]);
    const at = left.findIndex((item) => item.index === index && is(item));
    return at >= 0 ? at : left.findIndex(is);
  };
  for (const { what, rows, index, was, row } of commands) {
    if (what === "add") left = [...left, ...rows.map((one) => ({ index: -1, row: one, isComing: true }))];
    if (what === "clear") left = [];
    if (what === "change") {
      const at = find(index, was);
      if (at >= 0) left = left.with(at, { index: left[at].index, row, isComing: true });
    }
    if (what === "erase") {
      for (const [number, gone] of rows) {
        const at = find(number, gone);
        if (at >= 0) left = left.toSpliced(at, 1);
      }
    }
  }
  return left;
}

/** The rows of a set of points as the board has it, part by part. */
export function itemsOf({ kinds, drawn }) {
  if (!drawn) return [];
  return PARTS.flatMap((part, k) => drawn.rows[part].map((index, i) => {
    const { places, y, looks } = kinds[k];
    const columns = drawn.decimals.length;
    const row = [...places.subarray(i * columns, (i + 1) * columns), y[i], k];
    return { index, row, isComing: false, look: looks[i] };
  }));
}

/** The places of a dab: `count` of them around [x, y], no farther than `reach`, the n-th and those after it. */
export function dab(n, count, [x, y], reach) {
  return Array.from({ length: count }, (_, i) => {
    const [turn, far] = [(n + i) * GOLDEN, reach * Math.sqrt(((n + i) * 0.618034) % 1)];
    return [x + far * Math.cos(turn), y + far * Math.sin(turn)];
  });
}

/**
 * The tools of a board: the button, the bar, and what the pointer and the keys do on the map meanwhile.
 *
 * board: what it needs of the board. set(): the points on screen; spans(): (low, high) across and up the map, and
 * isPlanar(); placeOf(x, y): a place in its pixels; send(command) gives the command's number; repaint(); classes().
 */
export class Pen {
  /**
   * @param {Record<string, any>} nodes
   * @param {Record<string, (...given: any[]) => any>} board
   */
  constructor(nodes, board) {
    this.nodes = nodes;
    this.board = board;
    this.isOpen = false;
    this.tool = "point";
    this.chosen = 0; // class
    this.part = TRAIN;
    this.pending = []; // {id, command}: those of which Python has not said what came of them
    this.stroke = null; // {id, pointer, drag, dabs, gone}: what the pressed pointer, or the key M, is doing
    this.cross = null; // where the keys are on the map: values of the spans
    this.dabbed = 0;
    this.sentAt = -Infinity;
    this.state = { is_offered: false, why_not: "", is_empty: false };
    this.build();
    this.listen();
  }

  close() {
    clearTimeout(this.timer);
  }

  // ---- The bar ------------------------------------------------------------------------------------------------------

  build() {
    const { mapRow, toggles } = this.nodes;
    this.button = h("button", { type: "button", class: "draw", "aria-expanded": "false", title: "Draw points of your own" }, icon("pen"), h("span", {}, "Draw"));
    this.button.onclick = () => this.toggle();
    this.tools = TOOLS.map(([name, label, title]) => h("button", { type: "button", "aria-pressed": "false", title, "data-tool": name, onclick: () => this.choose(name) }, label));
    this.asTest = h("input", { type: "checkbox" });
    this.asTest.onchange = () => {
      this.part = this.asTest.checked ? TEST : TRAIN;
      this.say(this.part === TEST ? "New points are test points." : "New points are training points.");
    };
    this.takes = h("button", { type: "button", title: "The points of this data set become yours: up to 150 of them, rounded" }, "Take these points");
    this.takes.onclick = () => this.send({ what: "take" });
    this.clears = h("button", { type: "button", title: "Empty the map. Undo brings all back" }, "Clear");
    this.clears.onclick = () => this.send({ what: "clear" });
    this.hint = h("span", { class: "quiet" }, "first, then draw");
    this.height = h("input", { type: "text", autocomplete: "off", "aria-label": "Height of new points", title: "The target of new points" });
    this.height.value = "1";
    this.heightBox = h("label", { class: "height" }, "Height", this.height);
    this.rule = h("input", { type: "text", autocomplete: "off", spellcheck: "false", maxlength: "120", "aria-label": "Function that labels all points" });
    const label = h("button", { type: "submit", title: "Give every point its class, or height, by this function" }, "Label");
    this.labels = h("form", { class: "labels", novalidate: true, onsubmit: (event) => this.label(event) }, this.rule, label);
    this.marks = h("div", { class: "marks", role: "group", "aria-label": "Class of new points" });
    this.live = h("div", { class: "spoken", role: "status", "aria-live": "polite" });
    this.bar = h("div", { class: "drawBar", role: "group", "aria-label": "Draw points", hidden: true },
      h("div", { class: "tools", role: "group", "aria-label": "Tool" }, ...this.tools, h("label", { class: "check" }, this.asTest, h("span", {}, "as test"))),
      h("div", { class: "ways" }, this.takes, this.clears, this.hint, this.heightBox, this.labels),
      this.live);
    mapRow.append(this.button);
    toggles.after(this.bar);
    this.choose("point", true);
  }

  toggle() {
    this.isOpen = !this.isOpen;
    this.show();
    if (this.isOpen) this.say(this.isActive ? "Drawing. On the map the arrow keys move a cross and Enter draws." : "Take these points or clear the map, then draw.");
    else this.endStroke();
  }

  choose(tool, isFirst = false) {
    this.tool = tool;
    for (const node of this.tools) node.setAttribute("aria-pressed", String(node.dataset.tool === tool));
    if (!isFirst) this.say(TOOLS.find(([name]) => name === tool)[2]);
  }

  /** All points by the function that is typed; what is wrong with it Python says. */
  label(event) {
    event.preventDefault();
    this.send({ what: "label", text: this.rule.value, class: this.chosen });
  }

  chooseClass(number) {
    if (number >= this.board.classes().length) return;
    this.chosen = number;
    this.showMarks();
    this.say(`New points are of ${this.board.classes()[number].name}.`);
  }

  /** Whether a press on the map draws. */
  get isActive() {
    return this.isOpen && Boolean(this.board.set()?.drawn);
  }

  /** What Python says of drawing, with each answer. */
  hear(state, notice) {
    this.state = state;
    if (notice !== this.notice && this.isOpen && notice) this.say(notice);
    this.notice = notice;
    this.show();
  }

  /** The bar as things stand. Nothing is written that stands there already: a playing board answers often. */
  show() {
    const { state, nodes } = this;
    if (!state.is_offered) this.isOpen = false;
    const isMine = Boolean(this.board.set()?.drawn);
    const classes = this.board.classes();
    const isPlanar = this.board.isPlanar();
    const now = JSON.stringify([this.isOpen, isMine, state, classes.map(({ name }) => name), isPlanar]);
    if (now === this.shown) return;
    this.shown = now;
    this.button.hidden = !state.is_offered;
    setIdle(this.button, state.why_not);
    this.button.setAttribute("aria-expanded", String(this.isOpen));
    this.button.lastChild.textContent = this.isOpen ? "Done" : "Draw";
    this.place(this.button, isPlanar ? nodes.mapRow : this.isOpen ? this.bar.firstChild : nodes.toggles);
    const flip = this.tools.at(-1);
    flip.hidden = !classes.length && !isPlanar;
    flip.textContent = classes.length ? "Flip" : "Set height";
    flip.title = classes.length ? TOOLS.at(-1)[2] : "Click a point: it gets the height that is typed";
    nodes.root.classList.toggle("drawing", this.isOpen);
    nodes.root.classList.toggle("penDown", this.isActive);
    this.bar.hidden = !this.isOpen;
    nodes.toggles.classList.toggle("beside", this.isOpen);
    this.hint.hidden = isMine;
    for (const node of this.tools) setIdle(node, isMine ? "" : TAKE_FIRST);
    this.takes.hidden = isMine;
    this.labels.hidden = !isMine || state.is_empty;
    const example = isPlanar ? ["above sin(x1)", "x1 * x2"] : ["x1 > 1", "sin(x1)"];
    this.rule.placeholder = example[classes.length ? 0 : 1];
    this.rule.title = `Such as ${this.rule.placeholder}: + - * / ^, sin cos exp sqrt abs${classes.length ? ", and < or >" : ""}`;
    this.heightBox.hidden = classes.length > 0 || !isPlanar;
    this.marks.hidden = !classes.length || !this.isOpen;
    this.place(this.marks, isPlanar ? nodes.mapRow : this.bar);
    this.chosen = Math.min(this.chosen, Math.max(classes.length - 1, 0));
    this.showMarks();
    this.showMap();
    this.board.repaint();
  }

  /** Puts an element where it belongs, with the focus that it has. */
  place(node, where) {
    if (node.parentElement === where) return;
    const hadFocus = node.getRootNode().activeElement === node;
    where.append(node);
    if (hadFocus) node.focus();
  }

  showMarks() {
    const classes = this.board.classes();
    const isMine = Boolean(this.board.set()?.drawn);
    const said = JSON.stringify([classes.map(({ name }) => name), this.chosen, isMine]);
    if (said === this.saidMarks) return;
    this.saidMarks = said;
    const pens = classes.map((look, number) => {
      const canvas = h("canvas", { width: 28, height: 28, "aria-hidden": "true" });
      const context = canvas.getContext("2d");
      context.scale(2, 2);
      drawMark(context, { x: 7, y: 7 }, 4.5, look);
      const node = h("button", { type: "button", "aria-pressed": String(number === this.chosen), title: look.name, "data-class": number }, canvas, h("span", {}, look.name));
      node.onclick = () => this.chooseClass(number);
      return node;
    });
    const by = (text, label, change) => {
      const node = h("button", { type: "button", class: "by", "aria-label": label, title: `${label}: a new start, as the network gets other outputs` }, text);
      node.onclick = () => this.send({ what: "classes", by: change });
      setIdle(node, isMine ? "" : TAKE_FIRST);
      return node;
    };
    const focused = this.marks.getRootNode().activeElement;
    const held = focused && this.marks.contains(focused) ? [...this.marks.querySelectorAll("button")].indexOf(focused) : -1;
    this.marks.replaceChildren(...pens, h("div", { class: "steps" }, by("−", "Remove the last class", -1), by("+", "Add a class", 1)));
    const again = held >= 0 && this.marks.querySelectorAll("button")[held];
    if (again) again.focus();
  }

  /** The map can be reached by keys while one draws on it. */
  showMap() {
    const { mapBox: box } = this.nodes;
    const wanted = this.isActive
      ? { tabindex: "0", role: "application", "aria-label": "Map to draw on: arrow keys move the cross, Enter uses the tool, Delete erases, M takes up a point and puts it down, numbers choose the class" }
      : { tabindex: null, role: null, "aria-label": null };
    for (const [name, value] of Object.entries(wanted)) {
      if (value === null) box.removeAttribute(name);
      else box.setAttribute(name, value);
    }
  }

  say(text) {
    this.live.textContent = text;
  }

  // ---- What is on the map -------------------------------------------------------------------------------------------

  /** All points as they will be when everything that was drawn has been said. */
  items() {
    const commands = [...this.pending.map(({ command }) => command), ...this.unsent()];
    return afterwards(itemsOf(this.board.set()), commands);
  }

  /** What the present stroke has not told Python yet. */
  unsent() {
    const { stroke } = this;
    if (!stroke) return [];
    const { drag, dabs, gone } = stroke;
    const isMoved = drag && drag.to.some((value, i) => value !== drag.was[i]);
    return [
      isMoved && { what: "change", index: drag.index, was: drag.was, row: drag.to },
      dabs.length && { what: "add", rows: dabs },
      gone.length && { what: "erase", rows: gone },
    ].filter(Boolean);
  }

  /** The board's points without those that are changing: those the pen draws. */
  without(kinds) {
    if (!this.pending.length && !this.stroke) return kinds;
    const items = this.items().filter(({ isComing }) => !isComing);
    return kinds.map((kind) => {
      const own = items.filter(({ row }) => PARTS[row.at(-1)] === kind.kind);
      const y = Float64Array.from(own, ({ row }) => row.at(-2));
      return { ...kind, places: Float64Array.from(own.flatMap(({ row }) => row.slice(0, -2))), y, heights: y, looks: own.map(({ look }) => look) };
    });
  }

  /** What is drawn and not said yet, hollow, and the cross of the keys. */
  paint(surface, colours) {
    const { context } = surface;
    if (this.pending.length || this.stroke) {
      for (const { row } of this.items().filter(({ isComing }) => isComing)) {
        const { color, outline } = this.board.classes()[row.at(-2)] || { color: GREY, outline: [] };
        context.beginPath();
        markPath(context, this.board.placeOf(row.slice(0, -2), row.at(-2)), 3.6, outline);
        for (const [width, colour] of [[4, "white"], [1.8, color]]) {
          context.lineWidth = width;
          context.strokeStyle = colour;
          context.stroke();
        }
      }
    }
    if (this.cross && this.isActive) {
      const { x, y } = this.placeOfValues(this.cross);
      for (const [width, colour] of [[5, "white"], [2.5, colours.accent]]) {
        context.beginPath();
        for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
          context.moveTo(x + 4 * dx, y + 4 * dy);
          context.lineTo(x + 13 * dx, y + 13 * dy);
        }
        context.lineWidth = width;
        context.strokeStyle = colour;
        context.stroke();
      }
    }
  }

  // ---- Places -------------------------------------------------------------------------------------------------------

  box() {
    const { width, height } = this.board.surface();
    const box = this.board.isPlanar() ? mapBox(width, height) : curveBox(width, height);
    return { left: box.left, top: box.top, width: box.width || box.size, height: box.height || box.size };
  }

  /** The values across and up at a place of the canvas: [x1, x2], or over one input [x1, target]. Never outside. */
  valuesAt(/** @type {any} */ [left, top]) {
    const box = this.box();
    const shares = [(left - box.left) / box.width, 1 - (top - box.top) / box.height];
    return this.board.spans().map(([low, high], axis) => this.rounded(low + Math.max(0, Math.min(1, shares[axis])) * (high - low), axis));
  }

  rounded(value, axis) {
    const { decimals } = this.board.set().drawn;
    const [low, high] = this.board.spans()[axis];
    const usual = high - low >= 1 ? 2 : 2 - Math.floor(Math.log10(high - low)); // of targets, which Python takes as they are
    return Math.max(low, Math.min(high, Number(value.toFixed(decimals[axis] ?? usual))));
  }

  placeOfValues(values) {
    return this.board.isPlanar() ? this.board.placeOf(values, null) : this.board.placeOf([values[0]], values[1]);
  }

  isOnMap(/** @type {any} */ [left, top]) {
    const box = this.box();
    return left >= box.left && left <= box.left + box.width && top >= box.top && top <= box.top + box.height;
  }

  /** The new row at values; null where no height is typed. */
  rowAt(values) {
    if (!this.board.isPlanar()) return [values[0], this.board.classes().length ? this.chosen : values[1], this.part];
    if (this.board.classes().length) return [...values, this.chosen, this.part];
    const height = typed.number(this.height.value);
    this.height.setAttribute("aria-invalid", String(!Number.isFinite(height)));
    if (Number.isFinite(height)) return [...values, height, this.part];
    this.say("Type a height for new points, such as 0.5 or −1,5.");
    return null;
  }

  /** A row moved to values: its class or height stays, but on a curve the place is the target. */
  movedTo(row, values) {
    const isCurve = !this.board.isPlanar() && !this.board.classes().length;
    return isCurve ? [...values, row.at(-1)] : [...values.slice(0, row.length - 2), ...row.slice(-2)];
  }

  /** The items within reach of a place of the canvas, the nearest first. */
  near(/** @type {any} */ [left, top], reach) {
    return this.items()
      .map((item) => {
        const at = this.board.placeOf(item.row.slice(0, -2), item.row.at(-2));
        return { item, distance: Math.hypot(at.x - left, at.y - top) };
      })
      .filter(({ distance }) => distance <= reach)
      .sort((p, q) => p.distance - q.distance)
      .map(({ item }) => item);
  }

  // ---- Strokes ------------------------------------------------------------------------------------------------------

  listen() {
    const { mapBox: box, points } = this.nodes;
    points.addEventListener("pointerdown", (event) => this.down(event));
    points.addEventListener("pointermove", (event) => this.moved(event));
    for (const end of ["pointerup", "pointercancel"]) points.addEventListener(end, (event) => event.pointerId === this.stroke?.pointer && this.endStroke());
    box.addEventListener("keydown", (event) => this.key(event));
    box.addEventListener("blur", () => {
      if (this.stroke && this.stroke.pointer === null) this.endStroke();
      this.cross = null;
      this.board.repaint();
    });
    this.bar.addEventListener("keydown", (event) => event.target.tagName !== "INPUT" && this.digit(event));
    this.marks.addEventListener("keydown", (event) => this.digit(event));
  }

  down(event) {
    if (!this.isActive || event.button !== 0 || this.stroke) return;
    const at = placeIn(this.nodes.points, event);
    if (!this.isOnMap(at)) return;
    this.cross = null;
    this.nodes.points.setPointerCapture(event.pointerId);
    this.begin(event.pointerId);
    this.use(at, event.pointerType === "touch");
  }

  moved(event) {
    if (!this.stroke || event.pointerId !== this.stroke.pointer) return;
    this.drawOn(placeIn(this.nodes.points, event), event.pointerType === "touch");
  }

  begin(pointer) {
    // By the number of its first command, which no other stroke has, Python knows what is one Undo.
    this.stroke = { id: this.board.nextId(), pointer, drag: null, dabs: [], gone: [], last: null };
  }

  /** The tool at a place of the canvas, as a stroke begins. Gives in words what it did. */
  use(/** @type {any} */ at, isTouch) {
    const { stroke } = this;
    const values = this.valuesAt(at);
    const [item] = this.near(at, isTouch ? 18 : 9);
    const target = this.nameOf(item);
    if (this.tool === "point") {
      const row = this.rowAt(values);
      if (!row) return "";
      this.send({ what: "add", rows: [row] });
      stroke.drag = { index: -1, was: row, to: row }; // who goes on pressing moves it
      return `Added ${this.nameOf({ row })}.`;
    }
    if (this.tool === "brush" || this.tool === "erase") {
      this.drawOn(at, isTouch);
      this.flush();
      return this.tool === "brush" ? "Scattered points." : item ? `Erased ${target}.` : "No point is here.";
    }
    if (!item) return "No point is here.";
    if (this.tool === "move") {
      stroke.drag = { index: item.index, was: item.row, to: item.row };
      return `Took up ${target}.`;
    }
    const row = this.flipped(item.row);
    if (row) this.send({ what: "change", index: item.index, was: item.row, row });
    return row ? `It is ${this.nameOf({ row })} now.` : "";
  }

  /** Of two classes the other, of several the chosen one, of heights the typed one. */
  flipped(row) {
    const { length } = this.board.classes();
    const [wanted] = length === 2 ? [1 - row.at(-2)] : length ? [this.chosen] : (this.rowAt([...row.slice(0, -2)]) || []).slice(-2);
    return wanted === undefined ? null : [...row.slice(0, -2), wanted, row.at(-1)];
  }

  /** The pressed pointer, or the cross with a point taken up, is at another place. */
  drawOn(at, isTouch) {
    const { stroke } = this;
    if (stroke.drag) stroke.drag.to = this.movedTo(stroke.drag.to, this.valuesAt(at));
    else if (this.tool === "brush") this.scatter(at);
    else if (this.tool === "erase") {
      const near = this.near(at, isTouch ? 16 : 9);
      const gone = stroke.pointer === null ? near.slice(0, 1) : near; // by a key the one that was said
      stroke.gone.push(...gone.map(({ index, row }) => [index, row]));
    } else return;
    this.flushSoon();
    this.board.repaint();
  }

  scatter(at) {
    const { stroke } = this;
    if (stroke.last && Math.hypot(at[0] - stroke.last[0], at[1] - stroke.last[1]) < BRUSH.apart) return;
    stroke.last = at;
    const places = dab(this.dabbed, BRUSH.points, at, BRUSH.reach).filter((place) => this.isOnMap(place));
    this.dabbed += BRUSH.points;
    stroke.dabs.push(...places.map((place) => this.rowAt(this.valuesAt(place))).filter(Boolean));
  }

  endStroke() {
    if (!this.stroke) return;
    this.flush();
    this.stroke = null;
    this.board.repaint();
  }

  /** Says what the stroke has done since it was said last: not before the last answer, and some ten times a second. */
  flushSoon() {
    clearTimeout(this.timer);
    const wait = Math.max(0, this.sentAt + EVERY - performance.now());
    if (!wait && !this.pending.length) this.flush();
    else this.timer = setTimeout(() => this.stroke && this.flushSoon(), Math.max(wait, 20));
  }

  flush() {
    clearTimeout(this.timer);
    const { stroke } = this;
    for (const command of this.unsent()) this.send(command);
    if (stroke.drag) stroke.drag.was = stroke.drag.to;
    stroke.dabs = [];
    stroke.gone = [];
  }

  send(command) {
    this.sentAt = performance.now();
    const whole = { ...command, stroke: this.stroke ? this.stroke.id : null };
    this.pending.push({ id: this.board.send(whole), command });
    this.board.repaint();
  }

  /** Python has carried out the commands up to this number, and what came of them is on screen. */
  settle(done) {
    if (!this.pending.length) return;
    this.pending = this.pending.filter(({ id }) => id > done);
    this.board.repaint();
  }

  /** Another server answers: what was drawn and not said will be said again, under other numbers. */
  forget() {
    this.pending = [];
    this.stroke = null;
  }

  // ---- Keys ---------------------------------------------------------------------------------------------------------

  digit(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return false;
    this.chooseClass(Number(event.key) - 1);
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  key(event) {
    if (!this.isActive || event.ctrlKey || event.metaKey || event.altKey || this.digit(event)) return;
    const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] }[event.key];
    const isKnown = arrow || ["Enter", "Delete", "Backspace", "m", "M", "Escape"].includes(event.key);
    if (!isKnown) return; // space plays, as everywhere on the board
    event.preventDefault();
    event.stopPropagation();
    const spans = this.board.spans();
    this.cross ||= spans.map(([low, high], axis) => this.rounded((low + high) / 2, axis));
    const { x, y } = this.placeOfValues(this.cross);
    if (arrow) this.walk(arrow, event.shiftKey ? STEP.fine : STEP.usual);
    else if (event.key === "Enter") this.once(this.tool === "move" ? null : this.tool, [x, y]);
    else if (event.key === "Delete" || event.key === "Backspace") this.once("erase", [x, y]);
    else if (event.key === "Escape") this.button.focus();
    else this.once(null, [x, y]);
    this.board.repaint();
  }

  walk(arrow, step) {
    this.cross = this.cross.map((value, axis) => {
      const [low, high] = this.board.spans()[axis];
      return this.rounded(value + arrow[axis] * step * (high - low), axis);
    });
    const { x, y } = this.placeOfValues(this.cross);
    if (this.stroke && this.stroke.drag) {
      this.stroke.drag.to = this.movedTo(this.stroke.drag.to, this.cross);
      this.flushSoon();
    }
    const [item] = this.stroke ? [] : this.near([x, y], 9);
    this.say(`${this.where(this.cross)}${item ? `: ${this.nameOf(item)}` : ""}`);
  }

  /** One use of a tool at the cross; null: takes up a point, or puts it down. */
  once(tool, at) {
    if (this.stroke) {
      this.endStroke();
      this.say(`Put down at ${this.where(this.cross)}.`);
      if (!tool) return;
    }
    const before = this.tool;
    this.tool = tool || "move";
    this.begin(null);
    this.say(this.use(at, false));
    this.tool = before;
    if (tool || !this.stroke.drag) this.endStroke();
  }

  where(values) {
    const names = this.board.names();
    return values.map((value, axis) => `${names[axis]} ${numbers.text(value)}`).join(", ");
  }

  /** A point in words. */
  nameOf(item) {
    if (!item) return "";
    const target = item.row.at(-2);
    const look = this.board.classes()[target];
    return `a ${IN_WORDS[item.row.at(-1)]} of ${look ? look.name : `height ${numbers.text(target)}`}`;
  }
}
