// Where the letter of a branch stands in the loss curve: near the end of its line, and on no other line.

import assert from "node:assert/strict";
import test from "node:test";

import { freeHeight, spanOf } from "../../ui/board/loss_curve.js";

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
