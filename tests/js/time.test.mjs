// The curve of a whole way, of what was gone again and what lies ahead, those of other branches, and the slider through it.

import assert from "node:assert/strict";
import test from "node:test";

import { joined } from "../../ui/board/loss_curve.js";
import { Outbox } from "../../ui/board/protocol.js";
import { FILM, Timeline, cutsOf, letterOf, splitRows } from "../../ui/board/time.js";

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

test("a name is cut where it begins to differ from each other one, at a word, so that names cut alike are told apart", () => {
  const parts = (...names) => cutsOf(names).map((cut, i) => [names[i].slice(0, cut), names[i].slice(cut)]);
  assert.deepEqual(parts("as it began", "other points from update 40", "other points from update 400"), [
    ["", "as it began"],
    ["other points from update ", "40"],
    ["other points from update ", "400"],
  ]);
  assert.deepEqual(parts("rate 0.1 from update 30", "rate 0.03 from update 30"), [
    ["rate ", "0.1 from update 30"],
    ["rate ", "0.03 from update 30"],
  ]);
  assert.deepEqual(parts("the same", "the same"), [["the ", "same"], ["the ", "same"]]); // somebody has named them so
  assert.deepEqual(parts("from update 100000", "from update 100001"), [["from update 1000", "00"], ["from update 1000", "01"]]);
  assert.deepEqual(parts("one", ""), [["", "one"], ["", ""]]);
  const every = ["batch size 10, rate 0.1 from update 7", "batch size 10, rate 0.3 from update 7", "batch size 20, rate 0.3 from update 7"];
  const tails = parts(...every).map(([, tail]) => tail.slice(0, 4));
  assert.equal(new Set(tails).size, 3);
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

/** A timeline without a page, that has heard of a way of 100 updates. asked: where it wanted to go; seen:
 *  frames it has shown; films: those it has asked for. */
function timeline({ furthest = 100, probe = null } = {}) {
  const [asked, seen, films] = [[], [], []];
  globalThis.window = /** @type {any} */ ({ addEventListener() {}, removeEventListener() {} });
  const forks = { hidden: true, replaceChildren() {}, contains: () => false, getRootNode: () => ({ activeElement: null }) };
  const nodes = { time: {}, jumps: {}, forks, root: { classList: { toggle() {} } } };
  const hears = { begin() {}, show: (frame) => seen.push(frame), go: (update) => asked.push(update), branch() {}, ask: () => films.push(line.film), repaint() {} };
  const line = new Timeline(nodes, hears);
  const hear = ({ isNewGeneration = true, ...time } = {}) => line.hear({
    header: { time: { furthest, branches: [], branch: 0, is_behind: false, path: [[0, "a"]], ...time }, generation: 7, scene: 1, view: { columns: [], held: [], domain: [0, 1] }, probe, task: null },
    arrays: {}, isNewGeneration });
  hear();
  return { line, hear, asked, seen, films };
}

const picture = (update, generation = 7) => ({ update, generation, inputs: "inputs", z: "sums", a: "activations" });

test("the slider of a run that begins anew is at once read as being at its start", () => {
  const { line, hear } = timeline({ furthest: 27 });
  let read = "";
  line.nodes.time = { value: "27", setAttribute: (_, text) => (read = text) };
  line.describe({ update: 27, train: { loss: 0.5 } });
  assert.equal(read, "update 27 of 27, training loss 0.5");
  hear({ furthest: 0 });
  line.describe({ update: 0, train: { loss: 0.7 } });
  assert.equal(read, "update 0 of 0, training loss 0.7");
});

test("pictures of a film that was asked for by another generation are not kept", () => {
  const { line } = timeline();
  for (const [update, generation] of [[10, 7], [20, 6], [30, 8]]) {
    line.takeFilm([picture(update, generation)], { generation, probe: null }, 0);
  }
  assert.deepEqual([...line.kept.groups.values()].flat().map(({ update }) => update), [10]);
});

test("what a kept picture says of another input than the present one is left out", () => {
  const { line, seen } = timeline({ probe: [1, 2] });
  line.isPressed = true;
  line.keep(picture(10), 0);
  line.keep(picture(20), 0, JSON.stringify([3, 4]));
  line.want(10);
  line.want(20);
  clearTimeout(line.timer);
  assert.deepEqual(seen.map(({ update, inputs, z, a }) => [update, inputs, z, a]), [[10, "inputs", "sums", "activations"], [20, null, null, null]]);
});

test("held from elsewhere beyond what was seen, it stays at the last update that was", () => {
  const { line, asked } = timeline({ furthest: 20 });
  line.hold(50);
  line.arrive();
  assert.deepEqual(asked, [20]);
});

test("an answer that was on its way does not take back how far the same run was seen, another run does", () => {
  const { line, hear } = timeline({ furthest: 20 });
  line.keep(picture(40), 0);
  line.keep(picture(10), 0);
  assert.equal(line.furthest, 40);
  hear({ isNewGeneration: false, furthest: 30 });
  assert.equal(line.furthest, 40);
  hear({ furthest: 12 });
  assert.equal(line.furthest, 12);
});

test("a way of few updates is not filmed, a longer one is once", () => {
  for (const [furthest, count] of [[0, 0], [FILM.parts - 1, 0], [FILM.parts, 1]]) {
    const { line, films } = timeline({ furthest });
    line.wantFilm();
    line.wantFilm();
    assert.deepEqual(films, count ? [{ from: 0, to: furthest, n: FILM.frames }] : []);
  }
});

test("a way is filmed again when its rest, which was still to be trained, is there", () => {
  const { line, hear, films } = timeline();
  hear({ isNewGeneration: false, is_behind: true });
  line.wantFilm();
  line.takeFilm([], { probe: null }, 0);
  line.wantFilm();
  assert.equal(films.length, 1, "the same way");
  hear({ isNewGeneration: false, is_behind: false });
  line.wantFilm();
  assert.equal(films.length, 2);
});

test("the slider stays where it was let go until the answer has come there", () => {
  const { line } = timeline();
  const { time, jumps } = line.nodes;
  Object.assign(time, { style: {}, value: "10", max: "100" });
  Object.assign(jumps, { children: [], replaceChildren() {} });
  const chart = { left: 0, x: (update) => update, y: () => 0 };
  const place = (update, done) => line.place(chart, curve([0]), { update }, done);
  place(30, 0);
  assert.equal(time.value, "30", "at rest it is where the picture is");
  line.go = () => 5;
  time.value = "70";
  line.want(70);
  place(30, 4);
  assert.equal(time.value, "70", "on the way there a picture of before moves nothing");
  place(71, 5);
  assert.equal(time.value, "71");
});
