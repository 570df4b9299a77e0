// Chart: the losses of several boards on shared axes. Training is solid, test dashed; a board has its colour, its mark and its letter.

import { DASH, markPath, ticks } from "../board/drawing.js";
import { countAcross, drawAxes, drawCurve } from "../board/loss_curve.js";
import { apart } from "./moves.js";

const BOX = { left: 50, right: 24, top: 15, bottom: 17, below: 4 };
const [AHEAD, BESIDE] = [0.38, 0.5]; // how strong what lies ahead of the cursor is drawn, and other branches
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
 * lines: {curve: {train, test}, across, cursor, letter, place, others} of each board; across: where on the axis each row of the curve
 * lies; cursor: where what it shows does; others: {across, train, dash} of its other branches. axis: what the axis counts. end: where it
 * ends, 0 while nothing lies on it.
 */
export function drawLosses(surface, lines, { axis, end, logarithmic, colours }) {
  const { context, width, height } = surface;
  surface.clear();
  if (!lines.length) return;
  const axes = drawAxes(surface, BOX, {
    values: lines.flatMap(({ curve, others }) => [curve.train, curve.test, ...others.map(({ train }) => train)]),
    end: end || 1,
    marks: ticks(0, end, countAcross(width)).map((value) => ({ at: value, value })),
    name: axis,
    title: "loss: training solid, test dashed",
    logarithmic,
    colours,
  });
  if (!axes) return;
  const { px, py, plotWidth, foot } = axes;

  for (const { others, place } of lines) {
    context.globalAlpha = BESIDE;
    for (const { across, train, dash } of others) drawCurve(context, across, train, { ...axes, logarithmic, colour: colours.lines[place], dash, width: 1, cap: "butt" });
    context.globalAlpha = 1;
  }
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
