// What is on the map until Python has said what came of it: points that were drawn, moved and erased a moment ago.

import assert from "node:assert/strict";
import test from "node:test";

import { afterwards, dab, itemsOf } from "../../ui/board/draw.js";

const item = (index, ...row) => ({ index, row, isComing: false, look: index });
const THERE = [item(0, 1, 1, 0, 0), item(1, 2, 2, 1, 0), item(2, 1, 1, 0, 0)];
const rows = (items) => items.map(({ row }) => row.join(" "));

test("a new point is coming until it is said, and the others stay as they are", () => {
  const items = afterwards(THERE, [{ what: "add", rows: [[5, 5, 1, 2]] }]);
  assert.deepEqual(rows(items), ["1 1 0 0", "2 2 1 0", "1 1 0 0", "5 5 1 2"]);
  assert.deepEqual(items.map(({ isComing }) => isComing), [false, false, false, true]);
  assert.equal(THERE.length, 3);
});

test("what was only just drawn can be moved and erased before Python has heard of it", () => {
  const add = { what: "add", rows: [[5, 5, 1, 0], [6, 6, 1, 0]] };
  const move = { what: "change", index: -1, was: [5, 5, 1, 0], row: [4, 4, 1, 0] };
  const erase = { what: "erase", rows: [[-1, [6, 6, 1, 0]], [1, [2, 2, 1, 0]]] };
  assert.deepEqual(rows(afterwards(THERE, [add, move, erase])), ["1 1 0 0", "1 1 0 0", "4 4 1 0"]);
});

test("of equal points the one with the number is meant, and one that is not there is left alone", () => {
  const flip = { what: "change", index: 2, was: [1, 1, 0, 0], row: [1, 1, 1, 0] };
  const items = afterwards(THERE, [flip, { what: "change", index: 1, was: [9, 9, 1, 0], row: [0, 0, 0, 0] }]);
  assert.deepEqual(rows(items), ["1 1 0 0", "2 2 1 0", "1 1 1 0"]);
  assert.deepEqual(items.map(({ isComing }) => isComing), [false, false, true]);
});

test("after Clear only what came later is there", () => {
  assert.deepEqual(rows(afterwards(THERE, [{ what: "clear" }, { what: "add", rows: [[0, 0, 0, 0]] }])), ["0 0 0 0"]);
});

test("the rows of a set are numbered as Python numbers them, whatever part they are of", () => {
  const kind = (x, y) => ({ places: Float64Array.from(x), y: Float64Array.from(y), looks: y });
  const kinds = [kind([1, 2, 3, 4], [0, 1]), kind([], []), kind([5, 6], [1])];
  const items = itemsOf({ kinds, drawn: { rows: { train: [0, 2], validation: [], test: [1] }, decimals: [2, 2] } });
  assert.deepEqual(items.map(({ index }) => index), [0, 2, 1]);
  assert.deepEqual(rows(items), ["1 2 0 0", "3 4 1 0", "5 6 1 2"]);
  assert.deepEqual(itemsOf({ kinds, drawn: null }), []);
});

test("dabs of a brush lie within its reach, apart from one another and not in line", () => {
  const places = [0, 3, 6, 9].flatMap((n) => dab(n, 3, [100, 50], 20));
  assert.equal(new Set(places.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`)).size, 12);
  for (const [x, y] of places) assert.ok(Math.hypot(x - 100, y - 50) <= 20);
  for (const side of [([x]) => x > 100, ([x]) => x < 100, ([, y]) => y > 50, ([, y]) => y < 50]) assert.ok(places.filter(side).length >= 3);
});
