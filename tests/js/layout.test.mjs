// Where the parts of a network stand: inside the room there is, apart from each other, and tied to the right parameters.

import assert from "node:assert/strict";
import test from "node:test";

import { distanceToLink, isTight, linkPoint, parameterPlaces, place } from "../../ui/board/layout.js";

function sceneOf(sizes, { off = 0 } = {}) {
  const features = Array.from({ length: sizes[0] + off }, (_, i) => ({ name: `f${i}`, label: `f${i}`, on: i >= off, source: i - off }));
  const drawn = Array.from({ length: sizes[0] }, (_, i) => i);
  return { sizes, features, drawn_inputs: drawn, strongest: sizes.slice(1).map((size) => Array.from({ length: size }, (_, i) => size - 1 - i)) };
}

const SIZES = [[2, 1], [1, 1, 1], [2, 8, 8, 1], [7, 8, 8, 8, 8, 8, 8, 10], [2, 128, 3], [3, 40, 40, 2]];
const ROOMS = [[1366, 420], [760, 430], [390, 380]];

for (const sizes of SIZES) {
  for (const [width, height] of ROOMS) {
    test(`${sizes.join("-")} in ${width} x ${height} stands inside and apart`, () => {
      const { tile, columns } = place(sceneOf(sizes, { off: 2 }), width, height, null);
      assert.equal(columns.length, sizes.length);
      const items = columns.flatMap((column) => column.items);
      for (const { x, y } of items) {
        assert.ok(x - tile / 2 >= 0 && x + tile / 2 <= width, `x ${x}, tile ${tile}`);
        assert.ok(y - tile / 2 >= 0 && y + tile / 2 <= height, `y ${y}, tile ${tile}`);
      }
      for (const column of columns) {
        const ys = column.items.map((item) => item.y);
        for (const [i, y] of ys.entries()) if (i) assert.ok(y - ys[i - 1] >= tile, "tiles overlap");
        assert.equal(column.items.length + column.hidden, column.layer < 0 ? sizes[0] + 2 : sizes[column.layer + 1]);
      }
      for (const column of columns.filter(({ hidden }) => hidden)) {
        const lowest = Math.max(...column.items.map(({ y }) => y + tile / 2));
        assert.ok(column.foot >= lowest + 6, "the number of hidden units stands clear of the last one's bias");
        assert.ok(column.foot + 13 <= height, "and inside");
      }
      for (const [i, { x }] of columns.entries()) if (i) assert.ok(x - columns[i - 1].x > tile);
    });
  }
}

test("each link has the place of its weight in theta, counted row by row as in Python", () => {
  const sizes = [3, 4, 2];
  const { links, hiddenLinks } = place(sceneOf(sizes, { off: 1 }), 900, 400, null);
  // W[0] is 4 x 3, b[0] is 4, W[1] is 2 x 4, b[1] is 2.
  const expected = new Map();
  for (let unit = 0; unit < 4; unit += 1) for (let source = 0; source < 3; source += 1) expected.set(`0 ${unit} ${source}`, 3 * unit + source);
  for (let unit = 0; unit < 2; unit += 1) for (let source = 0; source < 4; source += 1) expected.set(`1 ${unit} ${source}`, 16 + 4 * unit + source);
  assert.deepEqual(new Map(links.map(({ layer, unit, source, index }) => [`${layer} ${unit} ${source}`, index])), expected);
  assert.equal(hiddenLinks, 0);
  const placeOf = parameterPlaces(sceneOf(sizes));
  assert.deepEqual([0, 1, 2, 3].map((unit) => placeOf({ layer: 0, unit, source: null })), [12, 13, 14, 15]);
  assert.deepEqual([0, 1].map((unit) => placeOf({ layer: 1, unit, source: null })), [24, 25]);
});

test("of layers that are not drawn whole a frame has the parameters of the units that are, in their order", () => {
  // Of 5 units 4, 1 and 2 may be drawn, of the next 3 units 2 and 0: a frame is that of a 2-3-2-1 network.
  const scene = { ...sceneOf([2, 5, 3, 1]), strongest: [[4, 1, 2], [2, 0], [0]] };
  const placeOf = parameterPlaces(scene);
  const all = [];
  for (const [layer, units, sources] of [[0, [1, 2, 4], [0, 1]], [1, [0, 2], [1, 2, 4]], [2, [0], [0, 2]]]) {
    for (const unit of units) for (const source of sources) all.push(placeOf({ layer, unit, source }));
    for (const unit of units) all.push(placeOf({ layer, unit, source: null }));
  }
  assert.deepEqual(all, Array.from({ length: 6 + 3 + 6 + 2 + 2 + 1 }, (_, i) => i));
  const { links } = place(scene, 900, 400, null);
  assert.deepEqual(links.map(({ index }) => index), links.map((link) => placeOf(link)));
  assert.equal(links.length, 6 + 6 + 2);
});

test("of many inputs a frame has the weights from those that are drawn, and the others are counted", () => {
  const features = [4, 1].map((source) => ({ name: `x${source + 1}`, label: "a column with a long name", on: true, source }));
  const scene = { ...sceneOf([5, 2, 1]), features, drawn_inputs: [1, 4] };
  const placeOf = parameterPlaces(scene);
  const weight = (unit, source) => placeOf({ layer: 0, unit, source });
  assert.deepEqual([weight(0, 1), weight(0, 4), weight(1, 1), weight(1, 4), weight(0, null)], [0, 1, 2, 3, 4]);
  const { columns, links } = place(scene, 900, 400, null);
  assert.equal(columns[0].hidden, 3);
  assert.equal(links.length, 4 + 2);
  assert.ok(columns[0].items[0].x > 100, "its name has room");
});

test("inputs that are a picture are drawn as one, with one line to each unit", () => {
  const drawn = Array.from({ length: 16 }, (_, i) => i);
  const scene = { ...sceneOf([64, 10, 3]), drawn_inputs: drawn, image: { shape: [8, 8] } };
  for (const [width, height] of ROOMS) {
    const { columns, image, bundles, links, hiddenLinks, tile } = place(scene, width, height, null);
    assert.ok(image.left >= 0 && image.top >= 0 && image.top + image.side <= height, "it lies inside");
    assert.ok(image.left + image.side <= columns[1].x - tile / 2, "and left of the first layer");
    assert.equal(bundles.length, columns[1].items.length);
    assert.equal(columns[0].hidden, 0);
    assert.equal(links.length + hiddenLinks, 10 * 3);
    assert.ok(links.every(({ layer }) => layer === 1), "no single weight of the picture");
  }
});

test("of more links than can be told apart the strongest are drawn and the others counted", () => {
  const sizes = [2, 40, 40, 40, 1];
  const theta = Float64Array.from({ length: 3 * 40 + 2 * 41 * 40 + 41 }, (_, i) => Math.sin(i * 12.9898));
  const { columns, links, hiddenLinks } = place(sceneOf(sizes), 900, 2000, theta);
  assert.ok(columns.every((column) => column.hidden === 0));
  assert.equal(links.length, 1200);
  assert.equal(hiddenLinks, 2 * 40 + 40 * 40 + 40 * 40 + 40 - 1200);
  const drawn = new Set(links.map((link) => link.index));
  const weakest = Math.min(...links.map((link) => Math.abs(theta[link.index])));
  const all = place(sceneOf(sizes), 900, 2000, null).links;
  assert.equal(all.length, 3320);
  assert.ok(all.every((link) => drawn.has(link.index) || Math.abs(theta[link.index]) <= weakest));
});

test("a link leaves and arrives at its ends, and the distance to it is that of the nearest of many points", () => {
  const link = { x0: 10, y0: 20, x1: 210, y1: 140 };
  const [start, end] = [linkPoint(link, 0), linkPoint(link, 1)];
  assert.deepEqual([start.x, start.y, end.x, end.y], [10, 20, 210, 140]);
  const points = Array.from({ length: 5001 }, (_, i) => linkPoint(link, i / 5000));
  for (const [x, y] of [[30, 22], [60, 60], [110, 80], [110, 92], [150, 130], [205, 139]]) {
    const nearest = Math.min(...points.map((point) => Math.hypot(point.x - x, point.y - y)));
    assert.ok(Math.abs(distanceToLink(link, x, y) - nearest) < 0.12 * nearest + 0.6, `${x} ${y}`);
  }
  assert.equal(distanceToLink(link, 9, 20), Infinity);
  assert.equal(distanceToLink(link, 211, 140), Infinity);
});

test("columns are tight where a layer has less than eighty pixels, and never without a hidden layer", () => {
  assert.equal(isTight({ sizes: [2, 8, 8, 1] }, 319), true);
  assert.equal(isTight({ sizes: [2, 8, 8, 1] }, 320), false);
  assert.equal(isTight({ sizes: [2, 1] }, 100), false);
});
