// The curve of a whole way, of what was gone again and what lies ahead, and those of other branches.

import assert from "node:assert/strict";
import test from "node:test";

import { joined } from "../../ui/board/loss_curve.js";
import { Outbox } from "../../ui/board/protocol.js";
import { letterOf, splitRows } from "../../ui/board/time.js";

const curve = (updates, loss = 0.5) => ({ update: updates, train: updates.map((update) => update * loss), validation: [], test: [] });

test("of the future only what lies beyond the past is joined to it", () => {
  const past = curve([0, 10, 14]);
  const whole = joined(past, curve([10, 20, 30], 7));
  assert.deepEqual(whole.update, [0, 10, 14, 20, 30]);
  assert.deepEqual(whole.train, [0, 5, 7, 140, 210]);
  assert.equal(joined(past, curve([5, 14])), past);
  assert.equal(joined(past, curve([])), past);
  assert.deepEqual(joined(curve([]), curve([0, 10])).update, [0, 10]);
  assert.deepEqual(past.update, [0, 10, 14]);
});

test("rows of several branches are told apart by how many each has", () => {
  const parts = splitRows(curve([5, 6, 7, 8, 9]), [2, 0, 3]);
  assert.deepEqual(parts.map(({ update }) => update), [[5, 6], [], [7, 8, 9]]);
  assert.deepEqual(parts[2].train, [3.5, 4, 4.5]);
});

test("branches have letters, as many as there may be", () => {
  assert.deepEqual([0, 1, 25, 26].map(letterOf), ["A", "B", "Z", "27"]);
});

test("of quick moves that wait the last one is said, and what else was wanted stays", () => {
  const outbox = new Outbox();
  outbox.add({ kind: "play" });
  outbox.replace({ kind: "goto", update: 5 });
  outbox.replace({ kind: "goto", update: 7 });
  assert.deepEqual(outbox.commands, [{ kind: "play", id: 1 }, { kind: "goto", update: 7, id: 3 }]);
  outbox.add({ kind: "edit" });
  outbox.replace({ kind: "goto", update: 9 });
  assert.deepEqual(outbox.commands.map(({ kind, update }) => [kind, update]), [["play", undefined], ["goto", 7], ["edit", undefined], ["goto", 9]]);
});
