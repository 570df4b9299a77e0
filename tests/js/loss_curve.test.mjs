// Where the letter of a branch stands in the loss curve: near the end of its line, and on no other line.

import assert from "node:assert/strict";
import test from "node:test";

import { drawLoss, freeHeight, spanOf } from "../../ui/board/loss_curve.js";

test("how high a line runs above a part of the axis is that of its pieces there, cut where the part ends", () => {
  const [xs, ys] = [[0, 10, 20, 30], [100, 50, 60, 0]];
  assert.deepEqual(spanOf(xs, ys, 5, 15), [{ top: 50, bottom: 75 }]);
  assert.deepEqual(spanOf(xs, ys, 22, 24), [{ top: 36, bottom: 48 }]);
  assert.deepEqual(spanOf(xs, ys, 25, 99), [{ top: 0, bottom: 30 }]);
  assert.deepEqual(spanOf(xs, ys, 31, 40), []);
  assert.deepEqual(spanOf(xs, [], 0, 30), []);
  assert.deepEqual(spanOf(xs, [NaN, 50, 60, Infinity], 0, 30), [{ top: 50, bottom: 60 }]);
});

test("a letter stands at the end of its line where that is free, else at the nearest free height inside the plot", () => {
  assert.equal(freeHeight(50, 12, [], 15, 100), 50);
  assert.equal(freeHeight(50, 12, [{ top: 60, bottom: 70 }], 15, 100), 50);
  for (const taken of [[{ top: 50, bottom: 51 }], [{ top: 44, bottom: 47 }], [{ top: 30, bottom: 50 }, { top: 66, bottom: 90 }]]) {
    const y = freeHeight(50, 12, taken, 15, 100);
    assert.ok(taken.every(({ top, bottom }) => y + 6 < top || y - 6 > bottom), `${y}`);
    assert.ok(Math.abs(y - 50) <= 16, `${y}`);
  }
  assert.ok(freeHeight(92, 12, [{ top: 92, bottom: 92 }], 15, 100) < 86, "below there is no room");
  assert.equal(freeHeight(50, 12, [{ top: 0, bottom: 200 }], 15, 100), 50);
});

/** A surface that keeps the ways and the letters that are drawn on it. A way: the points from one beginPath to its stroke. */
function recorded(width, height) {
  const ways = [];
  const letters = [];
  let way = [];
  const known = {
    measureText: (text) => ({ width: 8 * text.length }),
    beginPath: () => (way = []),
    moveTo: (...place) => way.push(place),
    lineTo: (...place) => way.push(place),
    stroke: () => ways.push(way),
    fillText: (text, x, y) => letters.push({ text, x, y }),
  };
  const context = new Proxy(known, { get: (target, name) => target[name] ?? (() => {}), set: () => true });
  return { surface: { context, width, height, clear() {} }, ways, letters };
}

test("a letter that stands off the end of its line is led to from there, and one at its end is not", () => {
  const curve = (train) => ({ update: [0, 50, 100], passes: [0, 5, 10], train, validation: [NaN, NaN, NaN], test: [NaN, NaN, NaN] });
  const drawn = (others) => {
    const { surface, ways, letters } = recorded(400, 140);
    const colours = { size: 20, font: "sans-serif" };
    const chart = drawLoss(surface, { curve: curve([1, 0.9, 0.8]), cursor: 100, said: "", end: 100, others, logarithmic: false, colours, perEpoch: 10 });
    const of = (letter) => letters.find(({ text }) => text === letter);
    const end = ({ curve: { train } }) => [chart.x(100), chart.y(train.at(-1))];
    const leads = (other) => ways.filter(([first, last, ...more]) => first && `${first}` === `${end(other)}` && last[1] !== first[1] && !more.length);
    return { of, end, leads };
  };
  const [b, c] = [["B", [1, 0.4, 0.2]], ["C", [1, 0.4, 0.21]]].map(([letter, train]) => ({ curve: curve(train), letter, dash: [] }));
  const apart = drawn([b]);
  assert.equal(apart.of("B").y, apart.end(b)[1]);
  assert.deepEqual(apart.leads(b), []);
  const crowded = drawn([b, c]);
  const [, bottom] = crowded.leads(c).at(-1);
  assert.ok(Math.abs(crowded.of("C").y - crowded.end(c)[1]) > 10);
  assert.ok(Math.abs(bottom[0] - crowded.of("C").x) <= 8 && Math.abs(bottom[1] - crowded.of("C").y) <= 10, "it ends at the letter");
});
