// The sketch: it draws what Python placed, and tells a curve's or a map's number at the pointer. It computes no network.

import { boundsOf, h, placeIn, shape } from "../kit/elements.js";
import { mount } from "../kit/mount.js";
import { tick } from "../kit/numbers.js";
import { MIDDLE, NEGATIVE, POSITIVE } from "../kit/palette.js";
import { sheet } from "../kit/styles.js";

const DASH = { solid: "", dash: "9 6", dot: "2.5 4", dashdot: "9 4 2.5 4" };
const BAR = 0.72; // of a row's height
const SCALE = 54; // px beside a map for its colours
const SAME_PLACE = 0.003; // of the axis: curves have points of their own
const FAR = 1e5; // px: farther out a browser draws nothing right
const COLORS = [NEGATIVE, MIDDLE, POSITIVE].map((colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)));
const STYLES = await sheet(new URL("./sketch.css", import.meta.url));

// What a pointer reads off a curve.
const digits = (value) => tick(value, 4);
const color = (name) => `var(--${name})`;

class Sketch {
  constructor() {
    this.root = h("figure", { class: "sketch", "data-testid": "sketch", style: "margin: 0" });
    this.legend = h("div", { class: "legend" });
    this.picture = shape("svg", { class: "picture", role: "img" });
    this.told = h("div", { class: "told", hidden: "" });
    this.root.append(this.legend, this.picture, this.told);
    this.picture.addEventListener("pointermove", (event) => this.tell(event));
    this.picture.addEventListener("pointerleave", () => this.hush());
    this.observer = new ResizeObserver(() => this.data && this.root.clientWidth !== this.width && this.draw());
    this.observer.observe(this.root);
  }

  update({ data }) {
    const text = JSON.stringify(data);
    if (text === this.text) return;
    this.text = text;
    this.data = data;
    this.map = undefined;
    this.draw();
    this.root.dataset.updates = Number(this.root.dataset.updates || 0) + 1;
  }

  close() {
    this.observer.disconnect();
  }

  draw() {
    const { x, y, items, height, square } = this.data;
    const width = (this.width = this.root.clientWidth);
    if (!width) return;
    const widest = Math.max(0, ...y.marks.map(([, words]) => words.length));
    const hasMap = items.some((item) => item.kind === "plane");
    const box = { left: 14 + 7.5 * widest + (y.title ? 20 : 0), right: width - (hasMap ? SCALE : 14), top: 10 };
    box.bottom = height - (x.title ? 42 : 24);
    if (square) {
      const side = Math.min(box.right - box.left, box.bottom - box.top);
      box.right = box.left + side;
      box.bottom = box.top + side;
    }
    this.box = box;
    const between = (low, high, from, to) => (value) => {
      const place = from + ((value - low) / (high - low)) * (to - from);
      return Math.max(-FAR, Math.min(FAR, place));
    };
    this.px = between(x.low, x.high, box.left, box.right);
    this.py = between(y.low, y.high, box.bottom, box.top);
    const tall = square ? box.bottom + (x.title ? 42 : 24) : height;
    this.picture.setAttribute("width", width);
    this.picture.setAttribute("height", tall);
    this.picture.setAttribute("aria-label", this.data.alt);
    const inside = shape("clipPath", { id: "inside" }, shape("rect", {
      x: box.left, y: box.top - 3, width: Math.max(0, box.right - box.left), height: box.bottom - box.top + 6,
    }));
    this.clipped = shape("g", { "clip-path": "url(#inside)" });
    this.free = shape("g");
    this.above = shape("g");
    const axes = shape("g");
    this.drawAxes(axes, hasMap);
    for (const item of items) this[item.kind](item);
    this.picture.replaceChildren(inside, axes, this.clipped, this.free, this.above);
    this.legend.replaceChildren(...items.filter((item) => item.kind === "line" && item.name).map(entry));
    this.hush();
  }

  drawAxes(parent, hasMap) {
    const { x, y } = this.data;
    const { left, right, top, bottom } = this.box;
    const rule = (value, ...[x1, y1, x2, y2]) =>
      parent.append(shape("line", { class: value === 0 ? "zero" : "grid", x1, y1, x2, y2 }));
    for (const [value, words] of x.marks) {
      if (!hasMap) rule(value, this.px(value), top, this.px(value), bottom);
      parent.append(write(words, this.px(value), bottom + 17, "mark", "middle"));
    }
    for (const [value, words] of y.marks) {
      if (!hasMap && y.title) rule(value, left, this.py(value), right, this.py(value));
      parent.append(write(words, left - 8, this.py(value) + 4, "mark", "end"));
    }
    if (x.title) parent.append(write(x.title, (left + right) / 2, bottom + 37, "title", "middle"));
    if (y.title) {
      const words = write(y.title, 0, 0, "title", "middle");
      words.setAttribute("transform", `translate(12 ${(top + bottom) / 2}) rotate(-90)`);
      parent.append(words);
    }
  }

  line({ points, colour, width, dash }) {
    const path = points.map(([a, b], i) => `${i ? "L" : "M"}${this.px(a).toFixed(1)} ${this.py(b).toFixed(1)}`).join("");
    const style = { stroke: color(colour), "stroke-width": width, "stroke-dasharray": DASH[dash] };
    this.clipped.append(shape("path", { class: "line", d: path, ...style }));
  }

  point({ at, colour, label, side }) {
    const [cx, cy] = [this.px(at[0]), this.py(at[1])];
    this.free.append(shape("circle", { class: "point", cx, cy, r: 7, fill: color(colour) }));
    if (label) {
      const [along, down, anchor] = side === "right" ? [10, 21, "start"] : [-10, -13, "end"]; // beside a rising curve
      this.above.append(write(label, cx + along, cy + down, "label", anchor));
    }
  }

  bar({ ends, row, colour, label, framed }) {
    const [from, to] = ends.map(this.px);
    const high = Math.abs(this.py(1) - this.py(0)) * BAR;
    const place = { x: Math.min(from, to), y: this.py(row) - high / 2, width: Math.abs(to - from), height: high };
    this.free.append(shape("rect", { ...place, fill: color(colour) }));
    if (framed) this.free.append(shape("rect", { ...place, class: "frame" }));
    const forward = ends[1] >= ends[0];
    const edge = forward ? Math.max(from, to) + 6 : Math.min(from, to) - 6;
    this.above.append(write(label, edge, this.py(row) + 4, "number", forward ? "start" : "end"));
  }

  arrow({ to, label }) {
    const [x0, y0, x1, y1] = [this.px(0), this.py(0), this.px(to[0]), this.py(to[1])];
    const long = Math.hypot(x1 - x0, y1 - y0);
    if (!long) return;
    const [u, v] = [(x1 - x0) / long, (y1 - y0) / long];
    const at = (along, across) => `${x1 - along * u - across * v},${y1 - along * v + across * u}`;
    const shaft = { x1: x0, y1: y0, x2: x1 - 6 * u, y2: y1 - 6 * v, "stroke-width": 2.5 };
    this.above.append(shape("line", { class: "onMap", ...shaft }));
    this.above.append(shape("polygon", { class: "onMap", points: [at(0, 0), at(12, 5), at(12, -5)].join(" ") }));
    this.above.append(write(label, x1 + 13 * u, y1 + 13 * v + 5, "label onMap", "middle"));
  }

  rule({ at }) {
    const place = { x1: this.px(at), x2: this.px(at), y1: this.box.top, y2: this.box.bottom };
    this.clipped.append(shape("line", { class: "pointer", ...place }));
  }

  shade({ ends, label }) {
    const [from, to] = ends.map(this.px);
    const { top, bottom } = this.box;
    this.clipped.append(shape("rect", { class: "shade", x: from, y: top, width: Math.max(0, to - from), height: bottom - top }));
    label.split("\n").forEach((words, i, all) => {
      this.above.append(write(words, (from + to) / 2, bottom - 34 - 17 * (all.length - 1 - i), "mark", "middle"));
    });
  }

  plane(item) {
    const { left, right, top, bottom } = this.box;
    const { rows, columns, low, high, ends, title } = item;
    if (!this.map) {
      const bytes = Uint8Array.from(atob(item.values), (letter) => letter.charCodeAt(0));
      this.map = { ...item, values: new Float32Array(bytes.buffer) };
      this.map.image = painted(columns, rows, (i) => {
        const row = rows - 1 - Math.floor(i / columns); // a picture begins above
        return (this.map.values[row * columns + (i % columns)] - low) / (high - low);
      });
    }
    // The outer values stand on the edges of the picture, half a cell beyond them is cut off.
    const [dx, dy] = [(right - left) / (columns - 1), (bottom - top) / (rows - 1)];
    const frame = shape("svg", { x: left, y: top, width: right - left, height: bottom - top });
    const place = { x: -dx / 2, y: -dy / 2, width: columns * dx, height: rows * dy, preserveAspectRatio: "none" };
    frame.append(shape("image", { href: this.map.image, ...place }));
    this.clipped.append(frame);
    const strip = { x: right + 12, y: top + 18, width: 12, height: bottom - top - 18, preserveAspectRatio: "none" };
    this.free.append(shape("image", { href: painted(1, 64, (i) => 1 - i / 63), ...strip }));
    this.free.append(write(title, right + 18, top + 10, "title", "middle"));
    ends.forEach((words, i) => {
      const y = strip.y + strip.height * (1 - i / 2);
      this.free.append(write(words, right + 28, y + (i === 2 ? 9 : i === 0 ? -1 : 4), "mark", "start"));
    });
  }

  tell(event) {
    if (!this.data || !this.box) return;
    const { x, y, items } = this.data;
    const bounds = boundsOf(this.picture);
    const [left, top] = placeIn(this.picture, event);
    if (left < this.box.left || left > this.box.right || top < this.box.top || top > this.box.bottom) return this.hush();
    const along = (left - this.box.left) / (this.box.right - this.box.left);
    const up = (this.box.bottom - top) / (this.box.bottom - this.box.top);
    const lines = items.filter((item) => item.kind === "line" && item.told && item.name);
    let words;
    let place = left;
    if (this.map) {
      const { rows, columns, values, title } = this.map;
      const [column, row] = [Math.round(along * (columns - 1)), Math.round(up * (rows - 1))];
      const at = (axis, i, count) => digits(axis.low + (i / (count - 1)) * (axis.high - axis.low));
      words = `${x.title} ${at(x, column, columns)}, ${y.title} ${at(y, row, rows)}: ${title} ${digits(values[row * columns + column])}`;
    } else if (lines.length) {
      const wanted = x.low + along * (x.high - x.low);
      const near = (points) => points.reduce((best, p) => (Math.abs(p[0] - wanted) < Math.abs(best[0] - wanted) ? p : best));
      const known = lines.map((item) => [item.name, near(item.points)]);
      const at = near(known.map(([, p]) => p))[0];
      const here = known.filter(([, p]) => Math.abs(p[0] - at) <= SAME_PLACE * (x.high - x.low)); // a curve may have ended
      place = this.px(at);
      words = [`at ${digits(at)}`, ...here.map(([name, p]) => `${name} ${digits(p[1])}`)].join("\n");
    } else return;
    this.pointer?.remove();
    if (!this.map) {
      this.pointer = shape("line", { class: "pointer", x1: place, x2: place, y1: this.box.top, y2: this.box.bottom });
      this.picture.append(this.pointer);
    }
    this.told.textContent = words;
    this.told.hidden = false;
    const frame = boundsOf(this.root);
    const [wide, tall] = [this.told.offsetWidth, this.told.offsetHeight];
    const beside = place + 14 + wide <= frame.width ? place + 14 : Math.max(0, place - 14 - wide);
    this.told.style.left = `${beside}px`;
    this.told.style.top = `${bounds.top - frame.top + Math.max(0, Math.min(top - tall / 2, bounds.height - tall))}px`;
  }

  hush() {
    this.told.hidden = true;
    this.pointer?.remove();
  }
}

function write(words, x, y, kind, anchor) {
  const node = shape("text", { x, y, class: kind, "text-anchor": anchor });
  node.textContent = words;
  return node;
}

/** A legend's entry of a line. */
function entry({ name, colour, width, dash }) {
  const style = { stroke: color(colour), "stroke-width": Math.min(width, 4), "stroke-dasharray": DASH[dash] };
  return h("span", {}, shape("svg", {}, shape("line", { x1: 0, y1: 4, x2: 30, y2: 4, ...style })), name);
}

/** A small picture as an address: share(i) from 0, orange, to 1, blue, of each pixel. */
function painted(width, height, share) {
  const canvas = h("canvas", { width, height });
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    const t = 2 * Math.max(0, Math.min(1, share(i)));
    const [from, to] = t < 1 ? [COLORS[0], COLORS[1]] : [COLORS[1], COLORS[2]];
    for (let k = 0; k < 3; k++) image.data[4 * i + k] = from[k] + (to[k] - from[k]) * (t < 1 ? t : t - 1);
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return canvas.toDataURL();
}

export default mount(Sketch, STYLES);
