// Words of the board: between a press and its answer nothing is said that was true only before.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Words } from "../../ui/board/words.js";

/** What stands there where an answer with these words was the last one before an update is on screen. */
function wordsOf({ saidOf, shown, saidWhilePlaying, isPlaying }) {
  const text = () => ({ textContent: "" });
  const nodes = { root: { dataset: {} }, words: text(), live: text() };
  const board = {
    shown: () => ({ update: shown, generation: 3 }),
    generation: () => 3,
    isPlaying: () => isPlaying,
    isKept: () => false,
    furthest: () => shown,
  };
  const words = new Words(nodes, board);
  words.add({ update: saidOf, words: saidWhilePlaying ? "Learning: epoch 48" : "Paused: loss 0.5", status: "any", isPlaying: saidWhilePlaying });
  words.write();
  return nodes.words.textContent;
}

test("who has just paused does not read that it learns, also where the last answer ended at the update on screen", () => {
  const playing = { saidOf: 486, saidWhilePlaying: true };
  assert.equal(wordsOf({ ...playing, shown: 486, isPlaying: true }), "Learning: epoch 48");
  assert.equal(wordsOf({ ...playing, shown: 490, isPlaying: true }), "Learning: epoch 48");
  assert.equal(wordsOf({ ...playing, shown: 486, isPlaying: false }), "At update 486.");
  assert.equal(wordsOf({ ...playing, shown: 1490, isPlaying: false }), "At update 1,490.");
});

test("what an answer says at rest is read at its update and at no other", () => {
  const resting = { saidOf: 486, saidWhilePlaying: false, isPlaying: false };
  assert.equal(wordsOf({ ...resting, shown: 486 }), "Paused: loss 0.5");
  assert.equal(wordsOf({ ...resting, shown: 487 }), "At update 487.");
});
