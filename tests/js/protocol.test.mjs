// How the board and Python talk: bytes made by hand here, and the outbox under every order of events.

import assert from "node:assert/strict";
import test from "node:test";

import { Outbox, row, unpack } from "../../ui/board/protocol.js";

/** The bytes of a payload, put together as the rule says: length, JSON, zeros up to a multiple of 8, arrays. */
function packed(header, ...arrays) {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const start = Math.ceil((4 + json.length) / 8) * 8;
  const bytes = new Uint8Array(start + arrays.reduce((sum, array) => sum + Math.ceil(array.byteLength / 8) * 8, 0));
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, 4);
  let at = start;
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer), at);
    at += Math.ceil(array.byteLength / 8) * 8;
  }
  return bytes;
}

const WEIGHTS = new Float64Array([0.1, -2.5, 3e300, 7, 8, 9]);
const MAP = new Uint8Array([0, 127, 128, 255, 1]);
const HEADER = { visit: "ä", arrays: { theta: ["f8", [3, 2], 0], map: ["u1", [1, 5], 48], none: ["f4", [0, 4], 56] } };

for (const shift of [0, 1, 3, 4, 7]) {
  test(`numbers are read to the last bit from a message that begins ${shift} bytes into another`, () => {
    const bytes = packed(HEADER, WEIGHTS, MAP);
    const message = new Uint8Array(bytes.length + shift);
    message.set(bytes, shift);
    const { header, arrays } = unpack(message.subarray(shift));
    assert.equal(header.visit, "ä");
    assert.deepEqual([...arrays.theta.data], [...WEIGHTS]);
    assert.deepEqual([...arrays.map.data], [...MAP]);
    assert.deepEqual([...row(arrays.theta, 1)], [3e300, 7]);
    assert.equal(arrays.none.data.length, 0);
    assert.equal(row(arrays.missing, 0), null);
  });
}

test("a command stays in the outbox until it is done, whatever is confirmed how often and in which order", () => {
  const outbox = new Outbox();
  const ids = ["play", "pause", "step"].map((kind) => outbox.add({ kind }));
  assert.deepEqual(ids, [1, 2, 3]);
  outbox.confirm(2);
  outbox.confirm(1);
  assert.deepEqual(outbox.commands, [{ kind: "step", id: 3 }]);
  outbox.confirm(3);
  assert.deepEqual(outbox.commands, []);
});

test("a board that was mounted again goes on counting where Python stands", () => {
  const outbox = new Outbox();
  outbox.confirm(41);
  assert.equal(outbox.add({ kind: "play" }), 42);
});

test("another playground is told where the visit was before all that was wanted of the old one", () => {
  const outbox = new Outbox();
  for (const kind of ["play", "resume", "edit"]) outbox.add({ kind });
  const id = outbox.startAnew({ kind: "resume", update: 7 }, 0);
  assert.equal(id, 1);
  assert.deepEqual(outbox.commands.map(({ kind, id: number }) => [kind, number]), [["resume", 1], ["play", 2], ["edit", 3]]);
  assert.equal(outbox.commands[0].waiting, 2);
});

test("where nothing is told first, what was wanted of the old playground is wanted of the new one all the same", () => {
  const outbox = new Outbox();
  for (const kind of ["play", "step"]) outbox.add({ kind });
  assert.equal(outbox.startAnew(null, 5), 5);
  assert.deepEqual(outbox.commands, [{ kind: "play", id: 6 }, { kind: "step", id: 7 }]);
});
