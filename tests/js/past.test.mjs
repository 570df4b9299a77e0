// The curve up to the frame on screen has the corners of the run, and of the epoch under way those of the frames that were shown.

import assert from "node:assert/strict";
import test from "node:test";

import { Past } from "../../ui/board/past.js";

const rows = (...updates) => Object.fromEntries(
  ["update", "passes", "multiplications", "train", "validation", "test"].map((name, k) => [name, updates.map((update) => (k ? k * 1000 + update : update))]));
const frame = (update) => ({ update, passes: 1000 + update, multiplications: 2000 + update, train: { loss: 3000 + update }, validation: { loss: 4000 + update }, test: { loss: 5000 + update } });

/** What is drawn at 37 after these frames, when all rows came with the first answer or each with its own. */
function drawn(shown, isLate) {
  const past = new Past(rows(0));
  if (!isLate) past.hear(rows(10, 20, 30, 40, 50));
  for (const update of shown) {
    if (isLate) past.hear(rows(...[10, 20, 30, 40, 50].filter((row) => row <= update + 5)));
    past.add(frame(update));
  }
  return past.rows;
}

test("however fast it was played, the corners of finished epochs are the same rows; each frame of the one under way is one", () => {
  for (const [shown, underWay] of [
    [[37], [37]], [[0, 1, 2, 3, 9, 10, 11, 19, 25, 37], [37]], [[0, 10, 20, 30, 37], [37]], [[29, 37], [37]],
    [[36, 37, 37], [36, 37]], [[4, 8, 31, 32, 35, 37], [31, 32, 35, 37]],
  ]) {
    for (const isLate of [false, true]) assert.deepEqual(drawn(shown, isLate), rows(0, 10, 20, 30, ...underWay), `${shown} ${isLate}`);
  }
  assert.deepEqual(drawn([5, 30], true), rows(0, 10, 20, 30)); // on a row the cursor has no point of its own
});

test("rows that are said twice are there once, and an older frame changes nothing", () => {
  const past = new Past(rows(0, 10));
  past.hear(rows(20, 30));
  past.hear(rows(20, 30, 40));
  past.add(frame(33));
  past.hear(rows(30, 40, 50));
  past.add(frame(31));
  assert.deepEqual(past.rows, rows(0, 10, 20, 30, 33));
  past.add(frame(35));
  assert.deepEqual(past.rows, rows(0, 10, 20, 30, 33, 35));
  past.add(frame(50));
  assert.deepEqual(past.rows, rows(0, 10, 20, 30, 40, 50));
});

test("rows told again at rest leave the frames of the epoch under way, and no others", () => {
  const past = new Past(rows(0, 10));
  for (const update of [17, 18, 19]) past.add(frame(update));
  const told = new Past(rows(0, 10), past);
  told.add(frame(19));
  assert.deepEqual(told.rows, rows(0, 10, 17, 18, 19));
  told.hear(rows(20));
  told.add(frame(21));
  assert.deepEqual(told.rows, rows(0, 10, 20, 21));
  assert.deepEqual(new Past(rows(0, 10, 18), past).rows, rows(0, 10, 18, 19));
  assert.deepEqual(new Past(rows(0, 10, 20), past).rows, rows(0, 10, 20));
  assert.deepEqual(new Past(rows(0, 10), new Past(rows(0, 10, 20))).rows, rows(0, 10));
});

test("a loss that is no number leaves a gap", () => {
  const past = new Past();
  past.add({ ...frame(3), validation: null, test: { loss: null } });
  assert.deepEqual([past.rows.update, past.rows.train], [[3], [3003]]);
  assert.ok(Number.isNaN(past.rows.validation[0]) && Number.isNaN(past.rows.test[0]));
});
