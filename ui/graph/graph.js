// The graph: a network as units and links with numbers on it. It draws what Python sends and reports what was chosen.

import { capital, h, shape } from "../kit/elements.js";
import { mount } from "../kit/mount.js";
import { sheet } from "../kit/styles.js";
import { ends, labels, linesBelow, place } from "./layout.js";

const THIN = 1.3; // px, a link of weight 0
const THICK = 7; // px, the widest link
const STILL = matchMedia("(prefers-reduced-motion: reduce)");
const ARROW = 9; // px, the length of the arrow head on a lit link

export const GRAPH_STYLES = await sheet(new URL("./graph.css", import.meta.url));

export class Graph {
  constructor() {
    this.items = new Map(); // "unit,0,1" or "link,0,1,2" or "link,0,1," (a bias) -> its nodes
    this.current = null; // key of the one item that Tab reaches
    this.svg = shape("svg", { class: "picture", role: "group" });
    this.layers = {}; // from the lowest to the topmost
    for (const name of ["heads", "links", "units", "labels"]) this.svg.append((this.layers[name] = shape("g", { class: name })));
    this.frame = h("div", { class: "frame" }, this.svg);
    this.legend = h("div", { class: "legend" });
    this.root = h("div", { class: "graph" }, this.frame, this.legend);
    this.root.dataset.testid = "graph";
    this.svg.onkeydown = (event) => this.key(event);
    this.sizes = new ResizeObserver(() => this.draw());
    this.sizes.observe(this.frame);
  }

  close() {
    this.sizes.disconnect();
  }

  update({ data, setTriggerValue }) {
    this.show(data, (place) => setTriggerValue("chosen", place));
  }

  /** Draws data as Python's ui.graph makes it. choose({kind, layer, unit, source}): called when a part was chosen. */
  show(data, choose) {
    this.data = data;
    this.report = choose;
    this.drawn = null;
    const began = performance.now();
    this.draw();
    this.root.dataset.milliseconds = (performance.now() - began).toFixed(1); // this drawing took, for who measures
    this.root.dataset.updates = Number(this.root.dataset.updates || 0) + 1;
  }

  draw() {
    const room = this.frame.clientWidth;
    if (!this.data || !room || this.drawn === room) return;
    this.drawn = room;
    const { data } = this;
    const layout = (this.layout = place(data, room));
    const all = [...data.links, ...data.columns.flatMap((column) => column.units)];
    this.someLit = all.some((part) => !part.lit);
    set(this.svg, { width: layout.width, height: layout.height, viewBox: `0 0 ${layout.width} ${layout.height}` });
    set(this.svg, { "aria-label": this.summary() });
    this.root.classList.toggle("still", !data.interactive);
    this.root.classList.toggle("tight", Boolean(data.tight));
    this.drawHeads();
    const places = labels(data, layout, this.someLit);
    // What all parts have in common: while it stays, a part that is the same object in the same spot stays as it is.
    this.common = [layout.width, layout.height, layout.unit.width, this.someLit, data.backward, data.interactive, data.chosen].join();
    const seen = new Set();
    for (const link of data.links) seen.add(this.drawLink(link, places.get(link.at.join())));
    for (const column of data.columns) {
      for (const unit of column.units) {
        seen.add(this.drawUnit(unit));
        if (unit.bias) seen.add(this.drawBias(unit));
      }
    }
    for (const [key, item] of this.items) {
      if (seen.has(key)) continue;
      for (const part of [item.group, item.label]) if (part) part.remove();
      this.items.delete(key);
    }
    this.reach(this.items.has(this.current) ? this.current : this.keyOf(data.chosen) || this.items.keys().next().value);
    this.drawLegend();
  }

  summary() {
    const sizes = this.data.columns.map((column) => column.units.length + column.rest);
    const hint = this.data.interactive ? " Arrow keys go along its links and units, Enter chooses." : "";
    return `Network with layers of ${sizes.join(", ")} units.${hint}`;
  }

  drawHeads() {
    const { columns, width } = this.layout;
    const written = JSON.stringify([this.layout, this.data.columns.map(({ title, rest }) => [title, rest])]);
    if (written === this.written) return;
    this.written = written;
    const nodes = [];
    this.data.columns.forEach((column, i) => {
      column.title.forEach((words, line) => {
        const anchor = columns[i] < 70 ? "start" : columns[i] > width - 70 ? "end" : "middle";
        const half = this.layout.unit.width / 2;
        const x = columns[i] + (anchor === "start" ? -half : anchor === "end" ? half : 0);
        const text = shape("text", { x, y: 12 + this.layout.line * line, "text-anchor": anchor, class: line ? "quiet" : "title" });
        text.textContent = words;
        nodes.push(text);
      });
      if (column.rest) {
        const lowest = this.layout.units[column.units.at(-1).at.join()].y;
        const y = lowest + this.layout.unit.height / 2 + this.layout.line * (1 + Math.max(...column.units.map(linesBelow)));
        const text = shape("text", { x: columns[i], y, "text-anchor": "middle", class: "quiet" });
        text.textContent = `and ${column.rest} more`;
        nodes.push(text);
      }
    });
    this.layers.heads.replaceChildren(...nodes);
  }

  /** The nodes of an item, made once and kept, so that focus and transitions survive every new drawing. */
  item(kind, at, parent, make) {
    const key = [kind, ...at.map((number) => number ?? "")].join();
    let item = this.items.get(key);
    if (!item) {
      const group = shape("g", { class: "item", "data-kind": kind });
      item = { key, kind, at, group, ...make(group) };
      [group.dataset.layer, group.dataset.unit, group.dataset.source] = [at[0], at[1], at[2] ?? ""];
      if (kind === "unit") delete group.dataset.source;
      const choose = () => {
        this.reach(key);
        this.choose(at);
      };
      group.onclick = choose;
      group.onfocus = () => {
        this.reach(key);
        this.near(item, true);
      };
      group.onblur = () => this.near(item, false);
      for (const part of [group, item.label]) {
        if (!part) continue;
        part.onclick = choose;
        part.onpointerenter = () => this.near(item, true);
        part.onpointerleave = () => this.near(item, false);
      }
      parent.append(group);
      this.items.set(key, item);
    }
    return item;
  }

  /** Whether an item is drawn as it is to be; else it is marked as drawn so. */
  stands(item, part, spot) {
    const stands = item.part === part && item.common === this.common && item.spot.x === spot.x && item.spot.y === spot.y && item.spot.shown === spot.shown;
    Object.assign(item, { part, spot, common: this.common });
    return stands;
  }

  /** What all items have in common: dimmed or not, chosen or not, and what they are called. */
  dress(item, part, name) {
    const chosen = this.keyOf(this.data.chosen) === item.key;
    for (const element of [item.group, item.label]) {
      if (!element) continue;
      element.classList.toggle("dim", !part.lit);
      element.classList.toggle("lit", this.someLit && part.lit);
      element.classList.toggle("chosen", chosen);
    }
    const words = `${name}${part.text ? `: ${part.text}` : ""}`;
    set(item.group, { "aria-label": words, "data-text": part.text });
    if (this.data.interactive) set(item.group, { role: "button", "aria-pressed": String(chosen) });
    else set(item.group, { role: "img" });
    item.tip.textContent = part.exact ? `${name}: ${part.exact}` : words;
    return item.key;
  }

  drawLink(link, spot) {
    const [layer, unit, source] = link.at;
    const item = this.item("link", link.at, this.layers.links, (group) => {
      const parts = { tip: shape("title"), halo: shape("line", { class: "halo" }), line: shape("line", { class: "line" }), head: shape("path", { class: "head" }), hit: shape("line", { class: "hit" }) };
      group.append(parts.tip, parts.halo, parts.line, parts.head, parts.hit);
      parts.label = shape("g", { class: "label", "aria-hidden": "true" });
      parts.texts = [shape("text", { class: "value" }), shape("text", { class: "below" })];
      parts.label.append(...parts.texts);
      this.layers.labels.append(parts.label);
      return parts;
    });
    if (this.stands(item, link, spot)) return item.key;
    const points = ends(link, this.layout);
    const thickness = THIN + (THICK - THIN) * Math.abs(link.share);
    for (const line of [item.halo, item.line, item.hit]) set(line, points);
    set(item.line, { "stroke-width": thickness, "stroke-dasharray": link.share < 0 ? "7 5" : "none" });
    set(item.halo, { "stroke-width": thickness + 7 });
    set(item.head, { d: this.someLit && link.lit ? arrow(points, this.data.backward, thickness) : "" });
    for (const part of [item.group, item.label]) sign(part, link);
    set(item.label, { transform: `translate(${spot.x} ${spot.y})` });
    item.label.classList.toggle("shown", spot.shown);
    write(item.texts[0], link.text, link.below ? -2 : 4);
    write(item.texts[1], link.below, 11);
    return this.dress(item, link, `Weight from ${this.nameOf(layer - 1, source)} to ${this.nameOf(layer, unit)}`);
  }

  drawUnit(unit) {
    const [layer, index] = unit.at;
    const item = this.item("unit", unit.at, this.layers.units, (group) => {
      const parts = { tip: shape("title"), halo: shape("rect", { class: "halo" }), body: shape("rect", { class: "body" }), name: shape("text", { class: "name" }), value: shape("text", { class: "value" }), below: shape("g", { class: "below" }) };
      group.append(parts.tip, parts.halo, parts.body, parts.name, parts.value, parts.below);
      return parts;
    });
    const { x, y } = this.layout.units[unit.at.join()];
    if (this.stands(item, unit, { x, y })) return item.key;
    const { width, height } = this.layout.unit;
    set(item.group, { transform: `translate(${x} ${y})` });
    set(item.body, { x: -width / 2, y: -height / 2, width, height, rx: height / 2 });
    set(item.halo, { x: -width / 2 - 5, y: -height / 2 - 5, width: width + 10, height: height + 10, rx: height / 2 + 5 });
    item.body.style.setProperty("--strength", `${Math.round(42 * Math.abs(unit.shade))}%`);
    item.group.classList.toggle("negative", unit.shade < 0);
    item.group.classList.toggle("positive", unit.shade > 0);
    item.group.classList.toggle("asked", unit.asked);
    write(item.name, unit.name, unit.text ? -0.13 * height : 4);
    write(item.value, unit.text, unit.name ? 0.26 * height : 5);
    item.value.style.fontSize = `${Math.min(14, (width - 8) / (0.58 * Math.max(1, unit.text.length)))}px`;
    const start = height / 2 + 2 + this.layout.line * (1 + linesBelow({ ...unit, below: [] }));
    const lines = unit.below.map((_, i) => item.below.children[i] || item.below.appendChild(shape("text")));
    while (item.below.children.length > lines.length) item.below.lastChild.remove();
    lines.forEach((line, i) => write(line, unit.below[i], start + this.layout.line * i));
    const said = unit.below.filter(Boolean);
    const more = said.length ? `, ${said.join(", ")}` : "";
    const name = `${capital(this.nameOf(layer, index))}${unit.name ? `, ${unit.name}` : ""}`;
    return this.dress(item, { ...unit, text: `${unit.text}${more}`.replace(/^, /, "") }, name);
  }

  drawBias(unit) {
    const { bias } = unit;
    const [layer, index] = bias.at;
    const item = this.item("link", bias.at, this.layers.units, (group) => {
      const parts = { tip: shape("title"), halo: shape("rect", { class: "halo" }), mark: shape("rect", { class: "mark" }), value: shape("text", { class: "value" }), below: shape("text", { class: "below" }), hit: shape("rect", { class: "hit" }) };
      group.append(parts.tip, parts.halo, parts.mark, parts.value, parts.below, parts.hit);
      group.classList.add("bias");
      return parts;
    });
    const { x, y } = this.layout.units[unit.at.join()];
    if (this.stands(item, bias, { x, y })) return item.key;
    const words = `b ${bias.text}`;
    const half = (7 * words.length + 12) / 2;
    set(item.group, { transform: `translate(${x} ${y + this.layout.unit.height / 2 + 13})` });
    set(item.mark, { x: -half, y: -4, width: 8, height: 8 });
    for (const box of [item.hit, item.halo]) set(box, { x: -half - 5, y: -9, width: 2 * half + 10, height: bias.below ? 32 : 18, rx: 5 });
    write(item.value, words, 4, -half + 12);
    write(item.below, bias.below, 18);
    sign(item.group, bias);
    return this.dress(item, bias, `Bias of ${this.nameOf(layer, index)}`);
  }

  drawLegend() {
    const sample = (kind, words) => h("span", {}, h("i", { class: kind }), words);
    const { widest } = this.data;
    const parts = [sample("positive", "positive weight"), sample("negative", "negative weight"), h("span", {}, `widest link: ${widest}`)];
    this.legend.replaceChildren(...(widest ? parts : []));
  }

  /** "input 1", "unit 2 of layer 1", "output unit": counted from 1, as everything a learner reads. */
  nameOf(layer, unit) {
    if (layer < 0) return `input ${unit + 1}`;
    if (layer < this.data.columns.length - 2) return `unit ${unit + 1} of layer ${layer + 1}`;
    const { units, rest } = this.data.columns.at(-1);
    return units.length + rest === 1 ? "output unit" : `output unit ${unit + 1}`;
  }

  keyOf(at) {
    return at && [at.length === 2 ? "unit" : "link", ...at.map((number) => number ?? "")].join();
  }

  near(item, yes) {
    for (const part of [item.group, item.label]) if (part) part.classList.toggle("near", yes);
  }

  choose([layer, unit, source]) {
    if (!this.data.interactive) return;
    const kind = source === undefined ? "unit" : "link";
    this.report({ kind, layer, unit, source: source ?? null });
  }

  /** Tab reaches one item; from there the arrow keys go on. */
  reach(key) {
    this.current = key;
    for (const item of this.items.values()) {
      if (this.data.interactive) set(item.group, { tabindex: item.key === key ? "0" : "-1" });
      else item.group.removeAttribute("tabindex");
    }
  }

  /** Right and left follow the picture, unit to link to unit; up and down stay in the column or among a unit's links. */
  key(event) {
    const item = this.items.get(this.current);
    if (!item || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.choose(item.at);
      return;
    }
    const [layer, unit, source] = item.at;
    const list = [...this.items.values()];
    const intoUnit = list.filter((other) => other.kind === "link" && other.at[0] === layer && other.at[1] === unit);
    const found = {
      ArrowLeft: () => (item.kind === "unit" ? intoUnit[0] : source === null ? null : this.at("unit", layer - 1, source)),
      ArrowRight: () =>
        item.kind === "unit"
          ? list.find((other) => other.kind === "link" && other.at[0] === layer + 1 && other.at[2] === unit)
          : this.at("unit", layer, unit),
      ArrowUp: () => this.beside(item, intoUnit, -1),
      ArrowDown: () => this.beside(item, intoUnit, 1),
    }[event.key];
    if (!found) return;
    event.preventDefault();
    const next = found();
    if (next) next.group.focus();
  }

  at(...place) {
    return this.items.get(place.join());
  }

  beside(item, intoUnit, step) {
    const column = [...this.items.values()].filter((other) => other.kind === "unit" && other.at[0] === item.at[0]);
    const row = item.kind === "unit" ? column : intoUnit;
    return row[row.indexOf(item) + step];
  }
}

function sign(part, link) {
  part.classList.toggle("negative", link.share < 0);
  part.classList.toggle("positive", link.share > 0);
}

/** A triangle at the end of a link, or at its start. */
function arrow({ x1, y1, x2, y2 }, backward, thickness) {
  const length = Math.hypot(x2 - x1, y2 - y1);
  const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length].map((part) => (backward ? -part : part));
  const [x, y] = backward ? [x1, y1] : [x2, y2];
  const [side, long] = [3.5 + thickness / 2, ARROW + thickness / 2];
  const [bx, by] = [x - ux * long, y - uy * long];
  return `M${x} ${y}L${bx - uy * side} ${by + ux * side}L${bx + uy * side} ${by - ux * side}Z`;
}

/** Text in its place; words that come into a text already drawn fade in. */
function write(text, words, y, x = 0) {
  const isDrawn = text.hasAttribute("y");
  set(text, { x, y });
  if (text.textContent === words) return;
  text.textContent = words;
  if (words && isDrawn && !STILL.matches) text.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 250, easing: "ease-out" });
}

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
  }
}

export default mount(Graph, GRAPH_STYLES);
