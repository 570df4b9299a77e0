// Boards that are compared: none shows a frame that another one which plays cannot show, and none waits for ever.

import assert from "node:assert/strict";
import test from "node:test";

import { Playback } from "../../ui/board/playback.js";
import { until } from "../../ui/board/together.js";
import { apart, nextEpoch, standing } from "../../ui/compare/moves.js";

const PAINT = 1000 / 60;

function answer(updates, hold) {
  return [{ generation: 1, hold, frames: updates.map((update) => ({ update, crossings: 0 })) }, {}];
}

/** A board that plays: gets `count` frames `stride` updates apart every `every` paints, and has `last` as its last update. */
function board({ stride, count, every, last = Infinity, hold = null }) {
  const playback = new Playback();
  playback.receive(...answer([0], hold), 0);
  playback.start(0);
  playback.due(PAINT);
  let next = stride;
  return {
    playback,
    serve(paint) {
      if (paint % every || !playback.hungry()) return;
      const updates = Array.from({ length: count }, (_, i) => next + i * stride).filter((update) => update <= last);
      next += updates.length * stride;
      playback.receive(...answer(updates, hold), paint * PAINT);
      if (next > last) playback.ending = true;
    },
    state: () => ({ tail: playback.tail, isPlaying: playback.playing }),
  };
}

function play(boards, paints) {
  let widest = 0;
  for (let paint = 0; paint < paints; paint += 1) {
    boards.forEach((one) => one.serve(paint));
    for (const one of boards) {
      one.playback.until = until(boards.filter((other) => other !== one).map((other) => other.state()));
      one.playback.due(PAINT);
      const others = boards.filter((other) => other !== one && other.playback.playing).map((other) => other.playback.tail);
      assert.ok(one.playback.shown.update <= Math.max(0, Math.min(...others)), `update ${one.playback.shown.update}, others hold ${others}`);
      if (one.playback.ending && !one.playback.queue.length) one.playback.halt();
    }
    const playing = boards.filter((one) => one.playback.playing).map((one) => one.playback.shown.update);
    widest = Math.max(widest, Math.max(...playing) - Math.min(...playing));
  }
  return widest;
}

test("of two boards the fast one never shows what the slow one does not have, and both go on", () => {
  const fast = board({ stride: 1, count: 40, every: 10 });
  const slow = board({ stride: 1, count: 3, every: 30 });
  play([fast, slow], 3000);
  assert.ok(slow.playback.shown.update > 250, `${slow.playback.shown.update}`);
  assert.ok(fast.playback.shown.update >= slow.playback.shown.update - 25, "the fast one has stopped");
});

for (const hold of [null, 40]) {
  test(`four boards of other strides keep together, ${hold ? `${hold} ms a frame` : "at full speed"}`, () => {
    const boards = [7, 10, 3, 12].map((stride, i) => board({ stride, count: 20, every: 8 + 5 * i, hold }));
    play(boards, 2000);
    const updates = boards.map((one) => one.playback.shown.update);
    assert.ok(Math.min(...updates) > 300, `${updates}`);
  });
}

test("a board that has come to its end holds nobody up", () => {
  const short = board({ stride: 1, count: 10, every: 10, last: 30 });
  const long = board({ stride: 1, count: 10, every: 10 });
  play([short, long], 1500);
  assert.deepEqual([short.playback.shown.update, short.playback.playing], [30, false]);
  assert.ok(long.playback.shown.update > 300, `${long.playback.shown.update}`);
});

test("after a wait the frames come one by one, and not all at once", () => {
  const { playback } = board({ stride: 1, count: 60, every: 1, hold: 20 });
  playback.receive(...answer(Array.from({ length: 60 }, (_, i) => i + 1), 20), 1);
  playback.until = 0;
  for (let paint = 0; paint < 120; paint += 1) assert.equal(playback.due(PAINT).length, 0);
  playback.until = 60;
  assert.ok(playback.due(PAINT).length <= 1);
});

test("where all stand is where whoever plays has come furthest, so that Pause takes nobody back, and at rest the furthest update", () => {
  const [a, b] = [{ update: 40, furthest: 90, isPlaying: true }, { update: 44, furthest: 44, isPlaying: true }];
  assert.deepEqual(standing([a, b]), { isPlaying: true, at: 44, furthest: 90 });
  const diverged = { update: 7, furthest: 7, isPlaying: false };
  assert.deepEqual(standing([b, a]), { isPlaying: true, at: 44, furthest: 90 });
  assert.deepEqual(standing([diverged, b]), { isPlaying: true, at: 44, furthest: 44 });
  assert.deepEqual(standing([diverged, { ...b, isPlaying: false }]), { isPlaying: false, at: 44, furthest: 44 });
  assert.deepEqual(standing([{ furthest: 0 }]), { isPlaying: false, at: 0, furthest: 0 });
});

test("the epoch that ends is that of the first board, and of the next one where that has stopped behind", () => {
  assert.equal(nextEpoch([{ epochEnd: 34 }, { epochEnd: 30 }], 26), 34);
  assert.equal(nextEpoch([{ epochEnd: 8 }, { epochEnd: 30 }, { epochEnd: 28 }], 26), 30);
  assert.equal(nextEpoch([{}, { epochEnd: 30 }], 29), 30);
  assert.equal(nextEpoch([], 5), 5);
});

test("letters of lines that end together stand one below the other, inside the chart", () => {
  const placed = apart([50, 51, 50, 99], 12, 10, 100);
  const sorted = [...placed].sort((p, q) => p - q);
  for (const [i, y] of sorted.entries()) if (i) assert.ok(y - sorted[i - 1] >= 12 - 1e-9, `${placed}`);
  assert.ok(sorted[0] >= 10 && sorted[3] <= 100, `${placed}`);
  assert.deepEqual(apart([20, 80], 12, 10, 100), [20, 80]);
});
