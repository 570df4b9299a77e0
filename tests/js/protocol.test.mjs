// How the board and Python talk: bytes made by hand here, the outbox under every order of events, and a line by a clock of its own.

import assert from "node:assert/strict";
import test from "node:test";

import { Line, Outbox, row, unpack } from "../../ui/board/protocol.js";

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

test("a server is silent when nothing comes for a while, but not one that answers older questions", () => {
  const line = new Line();
  assert.equal(line.watch(9000, false).cut, "", "nothing was asked");
  assert.deepEqual([line.ask(10_000), line.ask(11_000)], [1, 2]);
  assert.equal(line.watch(12_300, false).cut, "");
  assert.equal(line.watch(12_301, false).cut, "silent");
  line.hear(1, 12_400);
  assert.ok(line.isWaiting);
  assert.equal(line.watch(14_700, false).cut, "");
  assert.equal(line.watch(14_701, false).cut, "silent");
  line.hear(2, 14_800);
  assert.ok(!line.isWaiting);
  assert.equal(line.watch(99_000, false).cut, "");
});

test("what has no answer is asked again, each time later, and an answer makes it soon again", () => {
  const line = new Line();
  const waits = [];
  let now = 0;
  line.ask(now);
  for (let time = 1; waits.length < 5; time += 1) {
    if (!line.isOverdue(time, true)) continue;
    waits.push(time - now);
    line.ask((now = time));
  }
  assert.deepEqual(waits, [1501, 3001, 6001, 12_001, 12_001]);
  assert.ok(!line.isOverdue(now + 90_000, false), "nothing is wanted");
  line.hear(6, now);
  line.ask(now);
  assert.ok(!line.isOverdue(now + 1500, true));
  assert.ok(line.isOverdue(now + 1501, true));
});

test("a connection that is back without an answer calls for the whole page, every four seconds", () => {
  const line = new Line();
  line.ask(0);
  assert.deepEqual(line.watch(1000, true), { isUp: false, calls: false, cut: "down" });
  assert.deepEqual(line.watch(2000, false), { isUp: true, calls: false, cut: "down" }, "an answer may yet come");
  const called = [];
  for (let now = 2000; now <= 11_000; now += 100) if (line.watch(now, false).calls) called.push(now);
  assert.deepEqual(called, [2400, 6500, 10_600]);
  line.hear(1, 11_000);
  assert.deepEqual(line.watch(11_100, false), { isUp: false, calls: false, cut: "" });
});

test("an answer that is said again is no news: the board asks as seldom as before", () => {
  const line = new Line();
  line.ask(0);
  line.hear(1, 100);
  line.ask(1000);
  assert.ok(line.isOverdue(2501, true));
  line.ask(2501);
  line.hear(1, 2600);
  assert.ok(!line.isOverdue(5501, true));
  assert.ok(line.isOverdue(5502, true));
});
