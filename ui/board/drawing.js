// Drawing: canvases only. Orange is negative, blue is positive, near-white is zero, everywhere on the board.

import { zoomOf } from "../kit/elements.js";
import { brief } from "../kit/numbers.js";
import { MAP_INK, NEGATIVE, POSITIVE } from "../kit/palette.js";
import { linkPoint } from "./layout.js";
import { boundaryPath, css } from "./maps.js";

/** A canvas whose size follows its box and the screen's pixel density. Coordinates are CSS pixels. */
export class Surface {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.width = 0;
    this.height = 0;
    this.density = 0;
  }

  fit() {
    const width = this.canvas.clientWidth;
    const height = this.canvas.clientHeight;
    const density = Math.min(window.devicePixelRatio || 1, 2) * zoomOf(this.canvas);
    if (width === this.width && height === this.height && density === this.density) return false;
    Object.assign(this, { width, height, density });
    this.canvas.width = Math.round(width * density);
    this.canvas.height = Math.round(height * density);
    this.context.setTransform(density, 0, 0, density, 0, 0);
    return true;
  }

  clear() {
    this.context.clearRect(0, 0, this.width, this.height);
  }
}

/** The colours and letters of the page around, as its style sheets have them. size: px, of letters and numbers on a canvas. */
export function coloursOf(style, size) {
  const read = (name) => style.getPropertyValue(name).trim();
  const [text, background] = [read("--ink"), read("--paper")];
  return {
    text,
    background,
    isDark: isDark(background),
    panel: read("--raised"),
    font: read("--st-font") || "sans-serif",
    size,
    accent: read("--accent"),
    negative: read("--negative"),
    positive: read("--positive"),
    faint: `color-mix(in srgb, ${text} 72%, transparent)`,
    line: `color-mix(in srgb, ${text} 35%, transparent)`,
    grid: `color-mix(in srgb, ${text} 12%, transparent)`,
    train: text,
    validation: `color-mix(in srgb, ${text} 72%, transparent)`,
    test: read("--accent"),
  };
}

/** Of a colour as Streamlit writes it, # and six digits. */
function isDark(colour) {
  const channels = (colour.match(/^#(..)(..)(..)/) || []).slice(1).map((pair) => parseInt(pair, 16));
  return channels.length > 0 && Math.max(...channels) < 128;
}

/** How a parameter is drawn: one fixed scale, printed in the legend, so that two pictures can be compared. */
export const LINK_WIDTH = { least: 0.5, perUnit: 1.5, largest: 4 };
const FAINTEST = 0.6; // a weight near 0; less could not be seen on a dark page
const LEVELS = 12;
export const DASH = [6, 4]; // negative
const SHORT = 3; // letters of an axis' name that fit beside the numbers; longer ones stand in the map's corners
const BOUNDARY = { colour: MAP_INK, width: 1.5 }; // where the answer changes, on the map and its scale

export function linkWidth(weight) {
  return LINK_WIDTH.least + LINK_WIDTH.perUnit * Math.min(Math.abs(weight), LINK_WIDTH.largest);
}

export function linkOpacity(weight) {
  return FAINTEST + ((1 - FAINTEST) * Math.min(Math.abs(weight), LINK_WIDTH.largest)) / LINK_WIDTH.largest;
}

/** Links in a few batches of equal width and colour: a stroke a batch is many times cheaper than one a link. */
export function drawLinks(context, links, theta, highlighted, colours) {
  const batches = new Map();
  for (const link of links) {
    const weight = theta[link.index];
    const level = Math.round((Math.min(Math.abs(weight), LINK_WIDTH.largest) / LINK_WIDTH.largest) * LEVELS);
    const key = weight < 0 ? -1 - level : level;
    let path = batches.get(key);
    if (!path) batches.set(key, (path = new Path2D()));
    const middle = (link.x0 + link.x1) / 2;
    path.moveTo(link.x0, link.y0);
    path.bezierCurveTo(middle, link.y0, middle, link.y1, link.x1, link.y1);
  }
  context.lineCap = "butt";
  for (const key of [...batches.keys()].sort((p, q) => strength(p) - strength(q))) {
    const weight = (LINK_WIDTH.largest * strength(key)) / LEVELS;
    context.globalAlpha = linkOpacity(weight);
    context.strokeStyle = key < 0 ? colours.negative : colours.positive;
    context.lineWidth = linkWidth(weight);
    context.setLineDash(key < 0 ? DASH : []);
    context.stroke(batches.get(key));
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
  if (highlighted) outline(context, highlighted, theta[highlighted.index], colours);
}

/** What leads from a picture to a unit: many weights, so one line of no colour for all of them. */
export function drawBundles(context, bundles, colours) {
  context.beginPath();
  for (const { x0, y0, x1, y1 } of bundles) {
    const middle = (x0 + x1) / 2;
    context.moveTo(x0, y0);
    context.bezierCurveTo(middle, y0, middle, y1, x1, y1);
  }
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  context.stroke();
}

function strength(key) {
  return key < 0 ? -1 - key : key;
}

function outline(context, link, weight, colours) {
  const middle = (link.x0 + link.x1) / 2;
  context.beginPath();
  context.moveTo(link.x0, link.y0);
  context.bezierCurveTo(middle, link.y0, middle, link.y1, link.x1, link.y1);
  context.strokeStyle = weight < 0 ? colours.negative : colours.positive;
  context.setLineDash(weight < 0 ? DASH : []);
  context.lineWidth = linkWidth(weight) + 2;
  context.stroke();
  context.setLineDash([]);
  const handle = linkPoint(link, HANDLE);
  context.beginPath();
  context.arc(handle.x, handle.y, 4, 0, 2 * Math.PI);
  context.fillStyle = weight < 0 ? colours.negative : colours.positive;
  context.fill();
}

/** Where on a link its (invisible) button lies: near the target, where links of one source have spread. */
export const HANDLE = 0.76;

/** One unit: its map, a border that shows the bias, and with a probe its z and a. */
export function drawUnit(context, { x, y }, tile, { bias, picture, look, values, active, hovered, colours }) {
  const left = x - tile / 2;
  const top = y - tile / 2;
  if (!active) context.globalAlpha = 0.6;
  if (picture) picture(left, top);
  else {
    context.fillStyle = colours.panel;
    context.fillRect(left, top, tile, tile);
  }
  context.globalAlpha = 1;
  const width = bias === null ? 1 : 1 + 1.5 * Math.min(Math.abs(bias), 2);
  context.lineWidth = width;
  context.strokeStyle = bias === null ? colours.line : bias < 0 ? colours.negative : colours.positive;
  context.setLineDash(bias !== null && bias < 0 ? DASH : []);
  context.strokeRect(left - width / 2, top - width / 2, tile + width, tile + width);
  context.setLineDash([]);
  if (hovered) {
    context.lineWidth = 2;
    context.strokeStyle = colours.text;
    context.strokeRect(left - width - 2, top - width - 2, tile + 2 * width + 4, tile + 2 * width + 4);
  }
  if (values) drawValues(context, left, top, tile, values, colours);
  if (look) drawMark(context, { x: left + tile - 3, y: top + 3 }, 4.5, look);
}

/** Inputs that are a picture: the larger a value, the darker its pixel. */
export function drawImage(context, { left, top, side }, { shape: [rows, columns], low, high }, values, colours) {
  const [width, height] = [side / columns, side / rows];
  context.fillStyle = "white";
  context.fillRect(left, top, side, side);
  values.forEach((value, i) => {
    const shade = Math.round(255 * (1 - clamped((value - low) / (high - low || 1))));
    context.fillStyle = `rgb(${shade}, ${shade}, ${shade})`;
    context.fillRect(left + (i % columns) * width, top + Math.floor(i / columns) * height, width + 0.5, height + 0.5);
  });
  context.lineWidth = 1;
  context.strokeStyle = colours.line;
  context.strokeRect(left - 0.5, top - 0.5, side + 1, side + 1);
}

/** A class's mark in its colour, in a white ring that sets it off from whatever is below. */
export function drawMark(context, at, size, { color, outline }) {
  context.beginPath();
  markPath(context, at, size, outline);
  context.lineWidth = 2.5;
  context.strokeStyle = "white";
  context.stroke();
  context.fillStyle = color;
  context.fill();
}

/** Adds a mark of the given corners to a path, a disc where there are none. */
export function markPath(path, { x, y }, size, outline) {
  if (!outline.length) {
    path.moveTo(x + size, y);
    path.arc(x, y, size, 0, 2 * Math.PI);
    return;
  }
  outline.forEach(([dx, dy], i) => (i ? path.lineTo(x + dx * size, y + dy * size) : path.moveTo(x + dx * size, y + dy * size)));
  path.closePath();
}

export function clamped(share) {
  return Math.max(0, Math.min(1, share));
}

function drawValues(context, left, top, tile, values, colours) {
  const size = colours.size - (tile >= 40 ? 1 : 2);
  const height = size * 1.25 * values.length + 2;
  context.globalAlpha = 0.86;
  context.fillStyle = colours.background;
  context.fillRect(left, top + tile - height, tile, height);
  context.globalAlpha = 1;
  context.fillStyle = colours.text;
  context.font = `${size}px ${colours.font}`;
  context.textBaseline = "middle";
  context.textAlign = "center";
  values.forEach((text, i) => {
    context.fillText(text, left + tile / 2, top + tile - height + 1 + size * 1.25 * (i + 0.55), tile);
  });
}

/** Round steps for an axis: about `count` of them between low and high. */
export function ticks(low, high, count) {
  const rough = (high - low) / Math.max(1, count);
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 3, 5, 10].find((factor) => factor * power >= rough) * power;
  const found = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i += 1) found.push(i * step);
  return found;
}

/** The moving part of the large map: its colours, and the line between classes. */
export function drawMap(surface, { atlas, index, boundary, discrete }) {
  const { context, width, height } = surface;
  surface.clear();
  const box = mapBox(width, height);
  if (atlas) atlas.draw(context, index, box.left, box.top, box.size, !discrete);
  if (boundary) {
    context.strokeStyle = BOUNDARY.colour;
    context.lineWidth = BOUNDARY.width;
    context.lineCap = "round";
    context.stroke(boundaryPath(boundary, box));
  }
}

/** The still part, on a canvas above: axes in data units, points, probe. Drawn when one of them changes, not each frame. */
export function drawMapOverlay(surface, { domain, names, points, rings, probe, colours }) {
  const { context, width, height } = surface;
  surface.clear();
  const box = mapBox(width, height);
  const [[xLow, xHigh], [yLow, yHigh]] = domain;
  const px = (x) => placeOnMap(surface, domain, [x, yLow]).x;
  const py = (y) => placeOnMap(surface, domain, [xLow, y]).y;
  for (const set of points) drawPoints(context, set, px, py, box);
  for (const { x, y, share } of rings) drawRing(context, px(x), py(y), share);
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  context.strokeRect(box.left - 0.5, box.top - 0.5, box.size + 1, box.size + 1);
  context.fillStyle = colours.faint;
  context.font = `${colours.size}px ${colours.font}`;
  context.textAlign = "center";
  context.textBaseline = "top";
  const bottom = box.top + box.size + 4;
  for (const x of ticks(xLow, xHigh, 4)) {
    const half = context.measureText(brief(x)).width / 2; // the last number is not cut off at the edge
    context.fillText(brief(x), Math.min(px(x), width - half), bottom);
  }
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const y of ticks(yLow, yHigh, 4)) context.fillText(brief(y, 5), box.left - 5, py(y), box.left - 6);
  // The axes' names stand halfway between two ticks, where no number is.
  context.fillStyle = colours.text;
  context.font = `600 ${colours.size}px ${colours.font}`;
  if (names[1].length <= SHORT) context.fillText(names[1], box.left - 5, box.top + box.size / 8);
  else nameInside(context, `↑ ${names[1]}`, box.left + 5, box.top + 10, "left", box.size);
  context.textAlign = "center";
  context.textBaseline = "top";
  if (names[0].length <= SHORT) context.fillText(names[0], box.left + (box.size * 7) / 8, bottom);
  else nameInside(context, `${names[0]} →`, box.left + box.size - 5, box.top + box.size - 20, "right", box.size);
  if (probe) {
    const [x, y] = [px(probe[0]), py(probe[1])];
    context.lineWidth = 4;
    context.strokeStyle = "white";
    cross(context, x, y, box);
    context.lineWidth = 2;
    context.strokeStyle = "black";
    cross(context, x, y, box);
  }
}

/** The name of an axis on the map itself, at (x, y), set off from whatever is below and at most so wide. */
function nameInside(context, text, x, y, align, room) {
  const { fillStyle } = context;
  context.textAlign = align;
  context.strokeStyle = "white";
  context.lineWidth = 3;
  context.strokeText(text, x, y, room - 10);
  context.fillStyle = MAP_INK;
  context.fillText(text, x, y, room - 10);
  context.fillStyle = fillStyle;
}

export function mapBox(width, height) {
  const left = 30;
  const size = Math.max(40, Math.min(width - left - 4, height - 28));
  return { left, top: 6, size };
}

/** Where a place of the data lies on the map, in its canvas' pixels. */
export function placeOnMap(surface, domain, [x, y]) {
  const [[xLow, xHigh], [yLow, yHigh]] = domain;
  const box = mapBox(surface.width, surface.height);
  return {
    x: box.left + ((x - xLow) / (xHigh - xLow)) * box.size,
    y: box.top + box.size - ((y - yLow) / (yHigh - yLow)) * box.size,
  };
}

/** A ring around a point that pulled: colour and dash say which way, width and size how hard (share: -1 to 1). */
function drawRing(context, x, y, share) {
  const strength = Math.abs(share);
  const width = 1.5 + 2 * strength;
  context.beginPath();
  context.arc(x, y, 6 + 6 * strength, 0, 2 * Math.PI);
  context.lineWidth = width + 2;
  context.strokeStyle = "white";
  context.stroke();
  context.lineWidth = width;
  context.strokeStyle = share < 0 ? NEGATIVE : POSITIVE; // on the map, which is light in both themes
  context.setLineDash(share < 0 ? [4, 2.5] : []);
  context.stroke();
  context.setLineDash([]);
}

function cross(context, x, y, box) {
  if (x < box.left || x > box.left + box.size || y < box.top || y > box.top + box.size) return;
  context.beginPath();
  context.arc(x, y, 7, 0, 2 * Math.PI);
  context.moveTo(x - 12, y);
  context.lineTo(x - 3, y);
  context.moveTo(x + 3, y);
  context.lineTo(x + 12, y);
  context.moveTo(x, y - 12);
  context.lineTo(x, y - 3);
  context.moveTo(x, y + 3);
  context.lineTo(x, y + 12);
  context.stroke();
}

/** Training points are filled, test points hollow, validation points hollow with a dot; colour and mark are the class's (looks), or the target's colour. */
function drawPoints(context, { x, y, hollow, dotted, looks }, px, py, box) {
  const groups = new Map();
  for (let i = 0; i < looks.length; i += 1) {
    const look = looks[i];
    let path = groups.get(look);
    if (!path) groups.set(look, (path = new Path2D()));
    const [cx, cy] = [px(x[i]), py(y[i])];
    if (cx < box.left || cx > box.left + box.size || cy < box.top || cy > box.top + box.size) continue;
    markPath(path, { x: cx, y: cy }, hollow ? 2.6 : 3, look.outline);
    if (dotted) markPath(path, { x: cx, y: cy }, 0.5, []);
  }
  for (const [look, path] of groups) {
    if (hollow) {
      context.lineWidth = 3.4;
      context.strokeStyle = "white";
      context.stroke(path);
      context.lineWidth = 1.5;
      context.strokeStyle = look.color;
      context.stroke(path);
    } else {
      context.lineWidth = 2;
      context.strokeStyle = look.ring;
      context.stroke(path);
      context.fillStyle = look.color;
      context.fill(path);
    }
  }
}

/** The colours' scale: a vertical bar from low to high. classes: the class of each of its colours, or null. */
export function drawColourBar(surface, table, classes) {
  const { context, width, height } = surface;
  surface.clear();
  for (let y = 0; y < height; y += 1) {
    context.fillStyle = css(table[Math.round(255 - (255 * y) / Math.max(1, height - 1))]);
    context.fillRect(0, y, width, 1);
  }
  const change = classes ? classes.indexOf(1) : -1;
  if (change > 0) {
    context.fillStyle = BOUNDARY.colour;
    const y = (1 - (change - 0.5) / 255) * (height - 1);
    context.fillRect(0, y - BOUNDARY.width / 2, width, BOUNDARY.width);
  }
}
