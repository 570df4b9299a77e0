// Chart: the losses of several boards on shared axes. Training is solid, test dashed; a board has its colour, its mark and its letter.

import { DASH, markPath, ticks } from "../board/drawing.js";
import { drawCurve, logTicks } from "../board/loss_curve.js";
import { tick } from "../kit/numbers.js";
import { apart } from "./moves.js";

const BOX = { left: 50, right: 24, top: 15, bottom: 17 };
const AHEAD = 0.38; // how strong it is drawn what lies ahead of the cursor
const SPACING = 90; // pixels between two marks of a line
const MARKS = [[], [[-1, -1], [1, -1], [1, 1], [-1, 1]], [[0, -1.2], [1.15, 0.9], [-1.15, 0.9]], [[0, -1.35], [1.35, 0], [0, 1.35], [-1.35, 0]]];
const SIZE = 3.4; // of a mark

/** A line with a board's mark, for the legend. */
export function drawSample(surface, place, colours) {
  const { context, width, height } = surface;
  surface.clear();
  context.strokeStyle = colours.lines[place];
  context.lineWidth = 1.6;
  context.beginPath();
  context.moveTo(0, height / 2);
  context.lineTo(width, height / 2);
  context.stroke();
  mark(context, width / 2, height / 2, place, colours);
}

function mark(context, x, y, place, colours) {
  context.beginPath();
  markPath(context, { x, y }, SIZE, MARKS[place]);
  context.fillStyle = colours.lines[place];
  context.fill();
}

/**
 * lines: {curve: {train, test}, across, cursor, letter, place} of each board; across: where on the axis each row of the curve lies;
 * cursor: where what it shows does. axis: what the axis counts. end: where it ends.
 */
export function drawLosses(surface, lines, { axis, end, logarithmic, colours }) {
  const { context, width, height } = surface;
  surface.clear();
  const [plotWidth, plotHeight] = [width - BOX.left - BOX.right, height - BOX.top - BOX.bottom];
  if (plotWidth < 40 || plotHeight < 20 || !lines.length) return;
  context.font = `${colours.size}px ${colours.font}`;
  const values = lines.flatMap(({ curve }) => [...curve.train, ...curve.test]).filter((value) => Number.isFinite(value) && (!logarithmic || value > 0));
  if (!values.length) return;
  const scale = logarithmic ? Math.log10 : (value) => value;
  const [low, high] = values.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity]);
  let [bottom, top] = [scale(logarithmic ? low : 0), scale(high)];
  const spare = (top - bottom || 1) * 0.06;
  top += spare;
  if (logarithmic) bottom -= spare;
  const px = (place) => BOX.left + (place / end) * plotWidth;
  const py = (value) => BOX.top + plotHeight * (1 - (scale(value) - bottom) / (top - bottom));
  const foot = BOX.top + plotHeight;

  context.strokeStyle = colours.grid;
  context.fillStyle = colours.faint;
  context.lineWidth = 1;
  context.textAlign = "right";
  context.textBaseline = "middle";
  let lowest = Infinity;
  for (const value of logarithmic ? logTicks(10 ** bottom, 10 ** top) : ticks(0, top, 3)) {
    const y = Math.round(py(value)) + 0.5;
    context.beginPath();
    context.moveTo(BOX.left, y);
    context.lineTo(BOX.left + plotWidth, y);
    context.stroke();
    if (lowest - y < colours.size) continue;
    context.fillText(tick(value), BOX.left - 5, y);
    lowest = y;
  }
  context.textBaseline = "top";
  context.textAlign = "center";
  const room = width - BOX.right - context.measureText(axis).width - 34;
  for (const at of ticks(0, end, 5)) if (px(at) < room) context.fillText(tick(at), px(at), foot + 4);
  context.fillStyle = colours.text;
  context.textAlign = "right";
  context.fillText(axis, width - BOX.right, foot + 4);
  context.textAlign = "left";
  context.fillText(`loss: training solid, test dashed${logarithmic ? " (logarithmic axis)" : ""}`, 4, 0);

  for (const { curve, across: at, cursor, place } of lines) {
    const colour = colours.lines[place];
    const frame = { px, py, plotWidth, logarithmic, foot, colour };
    const now = px(cursor);
    for (const [left, right, strength] of [[0, now, 1], [now, width, AHEAD]]) {
      context.save();
      context.beginPath();
      context.rect(left, 0, right - left, height);
      context.clip();
      context.globalAlpha = strength;
      drawCurve(context, at, curve.test, { ...frame, dash: DASH });
      drawCurve(context, at, curve.train, { ...frame, dash: [] });
      context.restore();
    }
    let next = BOX.left + SPACING * (0.5 + place / 4); // no two boards have theirs at one place
    at.forEach((across, i) => {
      const y = py(curve.train[i]);
      if (px(across) < next || !Number.isFinite(y)) return;
      mark(context, px(across), y, place, colours);
      next += SPACING * Math.ceil((px(across) - next + 1) / SPACING);
    });
    context.strokeStyle = colours.line;
    context.lineWidth = 1;
    context.setLineDash([2, 2]);
    context.beginPath();
    context.moveTo(now, BOX.top);
    context.lineTo(now, foot);
    context.stroke();
    context.setLineDash([]);
  }
  label(context, lines, { px, py, foot, colours });
}

/** Each board's letter beside the end of its line. */
function label(context, lines, { px, py, foot, colours }) {
  const ended = lines.flatMap(({ curve, across, letter, place }) => {
    const last = curve.train.findLastIndex((value) => Number.isFinite(py(value)));
    return last < 0 ? [] : [{ x: px(across[last]) + 6, y: py(curve.train[last]), letter, place }];
  });
  context.font = `700 ${colours.size + 1}px ${colours.font}`;
  context.textBaseline = "middle";
  context.lineWidth = 3;
  context.strokeStyle = colours.background;
  apart(ended.map(({ y }) => y), colours.size + 2, BOX.top + 6, foot - 6).forEach((y, i) => {
    const { x, letter, place } = ended[i];
    context.strokeText(letter, x, y);
    context.fillStyle = colours.lines[place];
    context.fillText(letter, x, y);
  });
}
