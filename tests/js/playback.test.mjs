// Which frame is on screen: whatever Python sends and however unevenly it comes.

import assert from "node:assert/strict";
import test from "node:test";

import { Playback } from "../../ui/board/playback.js";

const PAINT = 1000 / 60;

/** What one answer of Python holds: frames of these updates. */
function answer(updates, { generation = 1, hold = null } = {}) {
  return [{ generation, hold, frames: updates.map((update) => ({ update, crossings: 0 })) }, {}];
}

/** A playback that plays and has shown its first frame. */
function playing(updates, settings) {
  const playback = new Playback();
  playback.receive(...answer(updates, settings), 0);
  playback.start(0);
  playback.due(PAINT);
  return playback;
}

const upTo = (count, stride = 1) => Array.from({ length: count }, (_, i) => i * stride);

test("at rest what comes is shown at once, the newest frame last", () => {
  const playback = new Playback();
  playback.receive(...answer([0, 1, 2]), 0);
  assert.deepEqual(playback.due(PAINT).map((frame) => frame.update), [0, 1, 2]);
  assert.equal(playback.shown.update, 2);
  assert.deepEqual(playback.due(PAINT), []);
});

test("a frame that is held already, or older, is not queued a second time", () => {
  const playback = playing([0, 1, 2]);
  assert.equal(playback.receive(...answer([1, 2, 3]), 5), 1);
  assert.deepEqual(playback.queue.map((frame) => frame.update), [1, 2, 3]);
  assert.equal(playback.receive(...answer([0, 3]), 6), 0);
  assert.equal(playback.tail, 3);
});

test("a new generation throws away what was queued of the old one, and its first frame is shown at once", () => {
  const playback = playing(upTo(20));
  playback.receive(...answer([7, 9], { generation: 2 }), 10);
  assert.deepEqual(playback.queue.map((frame) => frame.update), [7, 9]);
  assert.deepEqual(playback.due(0.1).map((frame) => frame.update), [7]);
});

for (const hold of [16, 40, 200, 1000]) {
  test(`frames that stay ${hold} ms each come evenly, all of them, in order`, () => {
    const seconds = 4;
    const playback = playing(upTo(Math.ceil((1000 * seconds) / hold) + 40), { hold });
    const seen = [];
    for (let at = 0; at < 1000 * seconds; at += PAINT) seen.push(...playback.due(PAINT).map((frame) => [at, frame.update]));
    assert.deepEqual(seen.map(([, update]) => update), upTo(seen.length).map((i) => i + 1));
    assert.ok(Math.abs(seen.length - (1000 * seconds) / hold) <= 2, `${seen.length} frames`);
    const gaps = seen.slice(1).map(([at], i) => at - seen[i][0]);
    assert.ok(Math.max(...gaps) <= hold + PAINT + 1e-6, `${Math.max(...gaps)} ms`);
  });
}

test("a frame of a slow speed is never skipped, however late the browser paints", () => {
  const playback = playing(upTo(12), { hold: 200 });
  const seen = [];
  for (let i = 0; i < 8; i += 1) seen.push(playback.due(900).map((frame) => frame.update));
  assert.ok(seen.every((frames) => frames.length <= 1), JSON.stringify(seen));
});

test("a browser that paints late catches up at a fast speed", () => {
  const playback = playing(upTo(60), { hold: 20 });
  const count = playback.due(200).length; // what was left of the paint before counts, too
  assert.ok(count === 10 || count === 11, `${count} frames`);
});

test("at full speed the queue is kept about twenty frames long and no frame is skipped while it is", () => {
  const playback = playing(upTo(20));
  let next = 20;
  let shown = 0;
  let lengths = [];
  for (let paint = 0; paint < 2000; paint += 1) {
    if (paint % 20 === 0) playback.receive(...answer([next, ...upTo(15).map((i) => next + 1 + i)]), paint * PAINT), (next += 16);
    const due = playback.due(PAINT);
    assert.ok(due.length <= 1);
    shown += due.length;
    lengths = [...lengths.slice(-400), playback.queue.length];
  }
  const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  assert.ok(mean > 8 && mean < 40, `${mean} frames on average`);
  assert.ok(Math.abs(shown - 1600) < 40, `${shown} of 1600 that came`);
});

test("it asks for more before half a second is left, at full speed before thirty frames are left, and never at rest", () => {
  const held = playing(upTo(26), { hold: 20 });
  assert.equal(held.queue.length, 25);
  assert.equal(held.hungry(), false);
  held.due(20);
  assert.equal(held.hungry(), true);
  const full = playing(upTo(32));
  assert.equal(full.hungry(), false);
  full.queue.pop();
  assert.equal(full.hungry(), true);
  full.halt();
  assert.equal(full.hungry(), false);
});

test("Pause stands still on the frame on screen, and what Python is told to hold is that one", () => {
  const playback = playing(upTo(30));
  while (playback.shown.update < 4) playback.due(PAINT);
  playback.halt();
  assert.deepEqual([playback.queue.length, playback.tail, playback.shown.update], [0, 4, 4]);
});

test("nobody has looked once it played for ten minutes without a picture, and at rest there is nothing to look at", () => {
  const playback = playing(upTo(20));
  playback.start(5_000);
  assert.equal(playback.unseen(5_000 + 599_999), false);
  assert.equal(playback.unseen(5_000 + 600_000), true);
  playback.seenAt = 700_000;
  assert.equal(playback.unseen(1_200_000), false);
  assert.equal(playback.unseen(1_300_000), true);
  playback.halt();
  assert.equal(playback.unseen(9_000_000), false);
});
