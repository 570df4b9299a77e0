// Loss curve: losses against time, as far as it is known. Behind the cursor lies the past, ahead of it the future.

import { DASH, ticks } from "./drawing.js";
import { tick } from "../kit/numbers.js";

const BOX = { left: 46, right: 8, top: 15, bottom: 20, below: 7 }; // around the plot
const APART = 8; // pixels between a number of the axis and its name
const DOTS = [1.5, 4];
const [AHEAD, BESIDE] = [0.45, 0.6]; // how strong the future is drawn, and other branches
const LETTERS = 14; // pixels right of the plot, for the letters of other branches that end there
const STAGGER = [0, 1, -1, 2, -2, 3, -3, 4, -4]; // heights of a letter by which it may stand off the end of its line
// Lines of other branches, one after the other: none is that of training, validation or test.
export const BRANCH_DASHES = [[9, 3, 2, 3], [3, 2], [14, 3], [2, 2, 2, 6], [9, 3, 2, 3, 2, 3]];

/** Rows of a curve and, after them, those of another that lie further on. */
export function joined(past, future) {
  const last = past.update.length ? past.update[past.update.length - 1] : -1;
  const from = future.update.findIndex((update) => update > last);
  if (from < 0) return past;
  return Object.fromEntries(Object.keys(past).map((name) => [name, [...past[name], ...future[name].slice(from)]]));
}

/**
 * The axes of a chart of losses: up from 0, or logarithmic from the least one; across from 0 to `end`. The marks across are numbers
 * of `name`, each at its place {at, value}. title: stands above, and is told what the axis is. values: lists of losses that have to
 * find their place. A loss of exactly 0 has none on a logarithmic axis: it is a triangle at the foot (`drawCurve`).
 *
 * box: room around the plot, and `below` it down to the numbers. Gives where things lie, null where nothing can be drawn:
 * {px(place), py(loss), plotWidth, plotHeight, foot, titled: where the title ends}.
 */
export function drawAxes({ context, width, height }, box, { values, end, marks, name, title, logarithmic, colours }) {
  const [plotWidth, plotHeight] = [width - box.left - box.right, height - box.top - box.bottom];
  if (plotWidth < 20 || plotHeight < 20) return null;
  let low = Infinity;
  let high = -Infinity;
  for (const list of values) {
    for (const value of list) {
      if (!Number.isFinite(value) || (logarithmic && value <= 0)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  const zeros = logarithmic && values.some((list) => list.includes(0));
  const empty = !Number.isFinite(low);
  if (empty && !zeros) return null;
  if (empty) low = high = 1; // nothing but zeros: any axis would do, so it gets no marks
  const scale = logarithmic ? Math.log10 : (value) => value;
  if (!logarithmic) low = 0;
  let [bottom, top] = [scale(low), scale(high)];
  const spare = (top - bottom || 1) * 0.06;
  top += spare;
  if (logarithmic) bottom -= spare;
  const px = (place) => box.left + (place / end) * plotWidth;
  const py = (value) => box.top + plotHeight * (1 - (scale(value) - bottom) / (top - bottom));
  const foot = box.top + plotHeight;

  context.font = `${colours.size}px ${colours.font}`;
  context.strokeStyle = colours.grid;
  context.fillStyle = colours.faint;
  context.lineWidth = 1;
  context.textAlign = "right";
  context.textBaseline = "middle";
  let lowest = Infinity; // where the last number stands: in a low chart the next one may have no room above it
  for (const value of empty ? [] : logarithmic ? logTicks(10 ** bottom, 10 ** top) : ticks(0, top, 3)) {
    const y = Math.round(py(value)) + 0.5;
    context.beginPath();
    context.moveTo(box.left, y);
    context.lineTo(box.left + plotWidth, y);
    context.stroke();
    if (lowest - y < colours.size) continue;
    context.fillText(tick(value), box.left - 5, y);
    lowest = y;
  }
  context.textBaseline = "top";
  context.textAlign = "center";
  const room = width - box.right - context.measureText(name).width - APART; // beyond stands the axis' name
  for (const { at, value } of marks) {
    const text = tick(value);
    if (px(at) + context.measureText(text).width / 2 <= room) context.fillText(text, px(at), foot + box.below);
  }
  context.fillStyle = colours.text;
  context.textAlign = "right";
  context.fillText(name, width - box.right, foot + box.below);
  context.textAlign = "left";
  const said = [...(logarithmic ? ["logarithmic axis"] : []), ...(zeros ? ["▲ is 0"] : [])].join("; ");
  const whole = said ? `${title} (${said})` : title;
  context.fillText(whole, 4, 0);
  return { px, py, plotWidth, plotHeight, foot, titled: 4 + context.measureText(whole).width };
}

/** How many numbers find room across so wide a chart. */
export function countAcross(width) {
  return Math.min(Math.max(Math.floor(width / 80), 2), 6);
}

/**
 * Where whole epochs, or round parts of one, lie on an axis of updates: rows say of some updates how many passes lay behind them, and
 * between two rows each update is as large a part as the others. Beyond the last row an epoch has perEpoch updates.
 */
export function epochMarks({ update, passes }, last, perEpoch, count) {
  const beyond = Math.max(last, update.at(-1)) + perEpoch;
  const [updates, epochs] = [[...update, beyond], [...passes, passes.at(-1) + (beyond - update.at(-1)) / perEpoch]];
  const between = (from, to, value) => {
    const next = Math.max(from.findIndex((known) => known >= value), 1);
    const [before, after] = [from[next - 1], from[next]];
    return to[next - 1] + ((value - before) / (after - before || 1)) * (to[next] - to[next - 1]);
  };
  return ticks(0, between(updates, epochs, last), count).map((value) => ({ value, at: between(epochs, updates, value) }));
}

/**
 * Losses of the present way, and thin the training losses of the other branches, against updates, with marks at epochs.
 *
 * curve: {update, passes, train, validation, test}, the whole way: train solid, validation dotted, test dashed. cursor: the update on
 * screen, and what is said of it where it lies in the past. end: the last one of the way. others: {curve, letter, dash, isMarked} of each
 * other branch. perEpoch: updates of an epoch with the settings in force; the axis is never shorter, so it is calm when a run begins.
 * Gives where things lie, null where nothing is drawn: {left, width, last, top, height, x(update), y(loss)}.
 */
export function drawLoss(surface, { curve, cursor, said, end, others, logarithmic, colours, perEpoch }) {
  const { context, width, height } = surface;
  surface.clear();
  if (!curve.update.length) return null;
  const last = Math.max(end, curve.update.at(-1), ...others.map((other) => other.curve.update.at(-1) ?? 0), perEpoch);
  const axes = drawAxes(surface, { ...BOX, right: BOX.right + (others.length ? LETTERS : 0) }, {
    values: [curve.train, curve.validation, curve.test, ...others.map((other) => other.curve.train)],
    end: last,
    marks: epochMarks(curve, last, perEpoch, countAcross(width)),
    name: "epoch",
    title: "loss",
    logarithmic,
    colours,
  });
  if (!axes) return null;
  const { px, py, plotWidth, plotHeight, foot, titled } = axes;
  const draw = (values, line, updates = curve.update) => drawCurve(context, updates, values, { px, py, plotWidth, logarithmic, foot, ...line });
  for (const { curve: other, dash, isMarked } of others) {
    if (!other.update.length) continue;
    context.globalAlpha = isMarked ? 1 : BESIDE;
    draw(other.train, { colour: colours.text, dash, width: isMarked ? 2.2 : 1, cap: "butt" }, other.update);
    context.globalAlpha = 1;
  }
  const at = px(Math.min(cursor, last));
  const isPast = cursor < end;
  for (const [left, right, strength] of isPast ? [[0, at, 1], [at, width, AHEAD]] : [[0, width, 1]]) {
    context.save();
    context.beginPath();
    context.rect(left, 0, right - left, height);
    context.clip();
    context.globalAlpha = strength;
    if (curve.validation.some(Number.isFinite)) draw(curve.validation, { colour: colours.validation, dash: DOTS });
    draw(curve.test, { colour: colours.test, dash: DASH });
    draw(curve.train, { colour: colours.train, dash: [] });
    context.restore();
  }
  const lines = !others.length ? [] : [
    ...[curve.train, curve.validation, curve.test].map((values) => ({ xs: curve.update.map(px), ys: values.map(py) })),
    ...others.map(({ curve: other }) => ({ xs: other.update.map(px), ys: other.train.map(py) })),
  ];
  const placed = [];
  context.font = `600 ${colours.size}px ${colours.font}`;
  context.textBaseline = "middle";
  context.lineWidth = 3;
  context.strokeStyle = colours.background;
  context.fillStyle = colours.text;
  for (const { curve: other, letter } of others) {
    const end = lastOf(other.train, py);
    if (end === null) continue;
    const left = px(other.update.at(-1)) + 3;
    const right = left + context.measureText(letter).width;
    const taken = lines.flatMap(({ xs, ys }) => spanOf(xs, ys, left, right));
    taken.push(...placed.filter((one) => one.left < right && left < one.right));
    const y = freeHeight(end, colours.size, taken, BOX.top, foot);
    placed.push({ left, right, top: y - colours.size / 2, bottom: y + colours.size / 2 });
    if (Math.abs(y - end) > colours.size / 2) leadTo(context, [left - 3, end], [left - 1, y]);
    context.strokeText(letter, left, y);
    context.fillText(letter, left, y);
  }
  // The way itself is the axis: as far as it has been gone, and where it is known beyond.
  context.fillStyle = colours.line;
  context.fillRect(BOX.left, foot - 1, px(Math.min(end, last)) - BOX.left, 2);
  context.fillStyle = colours.accent;
  context.fillRect(BOX.left, foot - 1, at - BOX.left, 2);
  if (isPast) {
    context.fillStyle = colours.text;
    context.fillRect(at - 0.5, BOX.top - 3, 1, plotHeight + 3);
    context.font = `${colours.size}px ${colours.font}`;
    context.textBaseline = "top";
    context.textAlign = "center";
    const half = context.measureText(said).width / 2;
    context.fillText(said, Math.min(Math.max(at, titled + half + 10), width - half), 0);
  }
  return { left: BOX.left, width: plotWidth, top: BOX.top, height: plotHeight, last, x: px, y: (value) => Math.min(Math.max(py(value), BOX.top), foot) };
}

/** A letter that stands off the end of its line is led to from there, left of all letters, by a line that stands out from others. */
function leadTo(context, from, to) {
  const { strokeStyle, lineWidth, fillStyle } = context;
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
  context.strokeStyle = fillStyle;
  context.lineWidth = 1;
  context.stroke();
  Object.assign(context, { strokeStyle, lineWidth });
}

/** How high the last value of a line is drawn; null where it is none. */
function lastOf(values, py) {
  const y = py(values.at(-1));
  return Number.isFinite(y) ? y : null;
}

/** Between which heights a line runs from `left` to `right`: [{top, bottom}], or [] where it is not. xs rise; gaps are not finite. */
export function spanOf(xs, ys, left, right) {
  let [top, bottom] = [Infinity, -Infinity];
  const add = (y) => ([top, bottom] = [Math.min(top, y), Math.max(bottom, y)]);
  for (let i = 1; i < xs.length && xs[i - 1] <= right; i += 1) {
    if (xs[i] < left || !Number.isFinite(ys[i - 1] + ys[i])) continue;
    const slope = (ys[i] - ys[i - 1]) / (xs[i] - xs[i - 1] || 1);
    for (const x of [Math.max(xs[i - 1], left), Math.min(xs[i], right)]) add(ys[i - 1] + slope * (x - xs[i - 1]));
  }
  return top <= bottom ? [{ top, bottom }] : [];
}

/** The middle of a letter so high, nearest to `wanted`, at which it lies on nothing that is taken; `wanted` where there is none. */
export function freeHeight(wanted, size, taken, highest, lowest) {
  const step = size / 2 + 2;
  const isFree = (y) => taken.every(({ top, bottom }) => y + size / 2 < top || y - size / 2 > bottom);
  const places = STAGGER.map((times) => wanted + times * step).filter((y) => y >= highest && y + size / 2 <= lowest);
  return places.find(isFree) ?? wanted;
}

/** At most two points a pixel column: a curve of any length costs the same. */
export function drawCurve(context, updates, values, { px, py, plotWidth, logarithmic, foot, colour, dash, width = 1.6, cap = "round" }) {
  const stride = Math.max(1, Math.floor(updates.length / (2 * plotWidth)));
  context.beginPath();
  let drawing = false;
  let lastZero = -Infinity;
  const zeros = [];
  const add = (i) => {
    const x = px(updates[i]);
    if (logarithmic && values[i] === 0 && x >= lastZero + 8) zeros.push((lastZero = x)); // apart, so that each is one
    if (!Number.isFinite(values[i]) || (logarithmic && values[i] <= 0)) {
      drawing = false;
      return;
    }
    if (!drawing) context.moveTo(x, py(values[i]));
    context.lineTo(x, py(values[i])); // also to itself: with round ends one value between two gaps is a dot
    drawing = true;
  };
  for (let i = 0; i < updates.length; i += stride) add(i);
  if ((updates.length - 1) % stride) add(updates.length - 1);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.lineCap = cap;
  context.setLineDash(dash);
  context.stroke();
  context.setLineDash([]);
  context.lineCap = "butt";
  context.fillStyle = colour;
  for (const x of zeros) context.fill(new Path2D(`M${x - 4} ${foot}h8l-4 -7z`));
}

/** Marks of a logarithmic axis, two to five: 1, 2, 5 of each power of ten, or whole powers, or every second one, ... */
export function logTicks(low, high) {
  const marks = (factors, stride) => {
    const found = [];
    for (let power = Math.floor(Math.log10(low) / stride) * stride; power <= Math.log10(high); power += stride) {
      for (const factor of factors) {
        const value = factor * 10 ** power;
        if (value >= low && value <= high) found.push(value);
      }
    }
    return found;
  };
  let found = marks([1, 2, 5], 1);
  for (let stride = 1; found.length > 5; stride += 1) found = marks([1], stride);
  return found.length < 2 ? ticks(low, high, 3) : found; // so short an axis is nearly linear
}
