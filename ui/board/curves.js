// Curves: what units answer along one input, in their tiles and large.

import { clamped, markPath, ticks } from "./drawing.js";
import { brief } from "../kit/numbers.js";

/** A unit's curve in its tile, from foot (low) to top (high); the line is where 0 lies. */
export function drawTileCurve(context, curve, [low, high], left, top, tile, colours) {
  const y = (value) => top + tile - clamped((value - low) / (high - low)) * tile;
  context.fillStyle = colours.panel;
  context.fillRect(left, top, tile, tile);
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  if (low < 0 && high > 0) line(context, [[left, y(0)], [left + tile, y(0)]]);
  context.strokeStyle = colours.text;
  context.lineWidth = 1.5;
  line(context, Array.from(curve, (value, i) => [left + (i / (curve.length - 1)) * tile, y(value)]));
}

function line(context, places) {
  context.beginPath();
  let drawing = false;
  for (const [x, y] of places) {
    if (!Number.isFinite(y)) drawing = false;
    else if (drawing) context.lineTo(x, y);
    else {
      context.moveTo(x, y);
      drawing = true;
    }
  }
  context.stroke();
}

/** Where a place of the data lies on the large curve. */
export function placeOnCurve({ width, height }, [xLow, xHigh], [low, high], x, y) {
  const box = curveBox(width, height);
  return {
    x: box.left + ((x - xLow) / (xHigh - xLow)) * box.width,
    y: box.top + box.height - ((y - low) / (high - low)) * box.height,
  };
}

export function curveBox(width, height) {
  return { left: 36, top: 6, width: Math.max(40, width - 40), height: Math.max(40, height - 34) };
}

/** The moving part of the large curve: the output, or another unit, along the one input. */
export function drawCurveOver(surface, { curve, range, colours, accent }) {
  const { context, width, height } = surface;
  surface.clear();
  const box = curveBox(width, height);
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.fillStyle = colours.panel;
  context.fill();
  context.clip();
  const y = (value) => box.top + box.height * (1 - Math.max(-1, Math.min(2, (value - range[0]) / (range[1] - range[0]))));
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  line(context, [[box.left, y(0)], [box.left + box.width, y(0)]]);
  context.strokeStyle = accent;
  context.lineWidth = 3;
  line(context, Array.from(curve, (value, i) => [box.left + (i / (curve.length - 1)) * box.width, y(value)]));
  context.restore();
}

/** The still part: axes, the target's curve, points (filled: training, hollow: test), and the input that is followed. */
export function drawCurveOverlay(surface, { domain, range, names, points, target, probe, colours }) {
  const { context, width, height } = surface;
  surface.clear();
  const box = curveBox(width, height);
  const at = (x, y) => placeOnCurve(surface, domain, range, x, y);
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  if (target) {
    context.strokeStyle = colours.faint;
    context.lineWidth = 1.5;
    context.setLineDash([6, 4]);
    line(context, Array.from(target.x, (x, i) => Object.values(at(x, target.y[i]))));
    context.setLineDash([]);
  }
  for (const { places: x, heights: y, hollow } of points) {
    context.beginPath();
    for (let i = 0; i < y.length; i += 1) markPath(context, at(x[i], y[i]), 2.6, []);
    context.globalAlpha = 0.75;
    context.strokeStyle = context.fillStyle = hollow ? colours.test : colours.text;
    context.lineWidth = 1.2;
    if (hollow) context.stroke();
    else context.fill();
    context.globalAlpha = 1;
  }
  if (probe) {
    const { x, y } = at(probe.x, probe.y);
    context.strokeStyle = colours.text;
    context.lineWidth = 1;
    line(context, [[x, box.top], [x, box.top + box.height]]);
    context.lineWidth = 2;
    context.beginPath();
    if (Number.isFinite(y)) context.arc(x, Math.max(box.top, Math.min(box.top + box.height, y)), 7, 0, 2 * Math.PI);
    context.stroke();
  }
  context.restore();
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  context.strokeRect(box.left - 0.5, box.top - 0.5, box.width + 1, box.height + 1);
  context.fillStyle = colours.faint;
  context.font = `${colours.size}px ${colours.font}`;
  context.textAlign = "center";
  context.textBaseline = "top";
  const bottom = box.top + box.height + 4;
  for (const x of ticks(domain[0], domain[1], 4)) context.fillText(brief(x), Math.min(at(x, 0).x, width - 8), bottom);
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const y of ticks(range[0], range[1], 4)) context.fillText(brief(y, 5), box.left - 5, at(0, y).y, box.left - 6);
  context.fillStyle = colours.text;
  context.textAlign = "center";
  context.textBaseline = "top";
  context.font = `600 ${colours.size}px ${colours.font}`;
  context.fillText(names[0], box.left + (box.width * 7) / 8, bottom);
}
