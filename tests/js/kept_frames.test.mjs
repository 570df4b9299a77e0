// Which kept frame is shown for an update: one of the present way, and true for what the board draws.

import assert from "node:assert/strict";
import test from "node:test";

import { KeptFrames, digestAt } from "../../ui/board/kept_frames.js";

const LOOK = "scene 1";
const frame = (update, bytes = 80) => ({ update, theta: new Float64Array(bytes / 8).fill(update), outputMaps: null });

function filled(updates, { digest = "a", kept = new KeptFrames() } = {}) {
  for (const update of updates) kept.add(frame(update), LOOK, digest);
  return kept;
}

const upTo = (count, stride = 1) => Array.from({ length: count }, (_, i) => i * stride);

test("the nearest frame is the last one at or before an update", () => {
  const kept = filled([0, 10, 20]);
  for (const [update, found] of [[0, 0], [9, 0], [10, 10], [19, 10], [500, 20]]) {
    assert.equal(kept.nearest(update, LOOK, [[0, "a"]]).update, found);
  }
  assert.equal(filled([10]).nearest(9, LOOK, [[0, "a"]]), null);
});

test("frames that come late or twice are found in their order", () => {
  const kept = filled([20, 0, 10, 10, 20]);
  assert.equal(kept.count, 3);
  assert.equal(kept.nearest(15, LOOK, [[0, "a"]]).update, 10);
});

test("a frame of another way, or of what came after a fork, is never shown", () => {
  const kept = filled(upTo(11, 100)); // the old way, up to 1000
  filled([250, 260, 300], { digest: "b", kept }); // a fork at 250
  const path = [[0, "a"], [250, "b"]];
  for (const [update, found] of [[240, 200], [249, 200], [250, 250], [290, 260], [900, 300]]) {
    assert.equal(kept.nearest(update, LOOK, path).update, found);
  }
  assert.equal(kept.nearest(900, LOOK, [[0, "a"]]).update, 900);
  assert.equal(kept.nearest(900, LOOK, [[0, "c"]]), null);
  assert.equal(kept.nearest(420, LOOK, [[0, "a"], [310, "c"]]).update, 300); // nothing is kept of the fork at 310
});

test("of an update with an event the frame before the change is not shown", () => {
  const kept = filled([240, 250]); // the old way had a frame at 250, too
  assert.equal(kept.nearest(260, LOOK, [[0, "a"], [250, "b"]]).update, 240);
  assert.equal(kept.nearest(250, LOOK, [[0, "a"], [250, "b"]]).update, 240);
});

test("a frame that was drawn with another scene or view is not shown", () => {
  const kept = filled([0, 10]);
  kept.add(frame(12), "scene 2", "a");
  assert.equal(kept.nearest(15, LOOK, [[0, "a"]]).update, 10);
  assert.equal(kept.nearest(15, "scene 2", [[0, "a"]]).update, 12);
});

test("a frame is copied, for it is a part of a whole answer", () => {
  const answer = new Float64Array([1, 2, 3, 4]);
  const kept = new KeptFrames();
  const maps = { data: new Uint8Array(answer.buffer, 8, 8), side: 2, crossings: new Uint8Array(answer.buffer, 0, 2) };
  kept.add({ update: 0, theta: answer.subarray(1, 3), outputMaps: maps }, LOOK, "a");
  const { theta, outputMaps } = kept.nearest(0, LOOK, [[0, "a"]]);
  answer.fill(9);
  assert.deepEqual([...theta], [2, 3]);
  for (const array of [theta, outputMaps.data, outputMaps.crossings]) assert.equal(array.buffer.byteLength, array.byteLength);
  assert.deepEqual([outputMaps.side, outputMaps.data.length], [2, 8]);
  assert.equal(kept.bytes, 16 + 8 + 2);
});

test("however long a run is, frames are bounded in number and bytes, and lie evenly over the whole of it", () => {
  for (const kept of [new KeptFrames(40, 1e9), new KeptFrames(1e9, 40 * 80)]) {
    filled(upTo(5000, 3), { kept });
    assert.ok(kept.count <= 40 && kept.count >= 18, `${kept.count} frames`);
    assert.equal(kept.bytes, kept.count * 80);
    const found = [...kept.groups.values()].flat().map(({ update }) => update);
    const gaps = found.slice(1).map((update, i) => update - found[i]);
    assert.equal(found[0], 0);
    assert.ok(Math.max(...gaps) <= 2 * Math.min(...gaps), gaps.join());
    assert.ok(found.at(-1) > 14_999 - 2 * Math.max(...gaps));
  }
});

test("frames of another look go first where there is no room, and of many short ways the oldest", () => {
  const kept = new KeptFrames(10, 1e9);
  for (let i = 0; i < 8; i += 1) kept.add(frame(i), "scene 2", "a");
  filled(upTo(6), { kept });
  assert.equal(kept.nearest(9, "scene 2", [[0, "a"]]), null);
  assert.equal(kept.count, 6);
  for (let i = 0; i < 30; i += 1) kept.add(frame(0), LOOK, `way ${i}`);
  assert.ok(kept.count <= 10, `${kept.count}`);
  assert.equal(kept.nearest(0, LOOK, [[0, "way 29"]]).update, 0);
  assert.equal(kept.nearest(0, LOOK, [[0, "way 1"]]), null);
});

test("the covered parts of a way are those with a true frame of their own", () => {
  const path = [[0, "a"]];
  assert.equal(new KeptFrames().covered(8, 800, LOOK, path), 0);
  assert.equal(filled([0]).covered(8, 800, LOOK, path), 1);
  assert.equal(filled([0, 10, 20, 790]).covered(8, 800, LOOK, path), 2);
  assert.equal(filled(upTo(81, 10)).covered(8, 800, LOOK, path), 8);
});

test("the digest of a path at an update is that of its last entry up to there", () => {
  const path = [[0, "a"], [250, "b"], [300, "c"]];
  assert.deepEqual([0, 249, 250, 299, 300, 9999].map((update) => digestAt(path, update)), ["a", "a", "b", "b", "c", "c"]);
});
