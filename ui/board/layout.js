// Layout: where the parts of the network stand, from its sizes and the room there is. Pure arithmetic, no drawing.

const MARGIN = { top: 68, bottom: 10, left: 46, right: 12 };
const IMAGE = 116; // pixels of the side of inputs that are a picture
const LABELS = { letter: 6.6, spare: 12, widest: 128 }; // names of columns stand left of their tiles, cut where they are longer
const COUNT = { below: 7, height: 14 }; // what says how many units are not drawn: under the square of the last one's bias
const TIGHT = { spacing: 80, top: 108 }; // in columns nearer than this, what changes a layer stands one above the other
const LARGEST_TILE = 44;
const SMALLEST_SPACING = 20;
const MOST_LINKS = 1200; // more cannot be told apart; then only the strongest are drawn, and the rest is counted

/**
 * Places features, units and links.
 *
 * scene: {sizes, strongest, drawn_inputs, features: [{name, on, source}]}, source being the column of the network's input. Of a layer too
 * large to draw the strongest units that fit are shown; theta, as a frame has it, decides which links.
 * Gives {tile, columns: [{x, layer, items: [{layer, unit, x, y}], hidden, foot}], links, hiddenLinks}; layer -1 holds the features.
 */
export function place(scene, width, height, theta) {
  const { sizes } = scene;
  const rowsTop = scene.compared ? MARGIN.bottom : isTight(scene, width) ? TIGHT.top : MARGIN.top;
  let rowsHeight = height - rowsTop - MARGIN.bottom;
  const roomIn = (rows) => Math.max(1, Math.floor(rows / SMALLEST_SPACING));
  const isCounted = sizes.slice(1).some((size, i) => size > Math.min(roomIn(rowsHeight), scene.strongest[i].length));
  if (isCounted || scene.drawn_inputs.length < sizes[0]) rowsHeight -= COUNT.height;
  const room = roomIn(rowsHeight);
  const features = scene.features.map((_, i) => i).filter((i) => !(scene.wall || scene.compared) || scene.features[i].on); // what is not used has no room there
  const columnsCount = sizes.length;
  const shown = sizes.map((size, i) => (i === 0 ? null : inOrder(scene.strongest[i - 1].slice(0, room))));
  const tallest = Math.max(scene.image ? 1 : features.length, ...shown.slice(1).map((units) => units.length));
  const left = leftOf(scene, width);
  const spacingX = (width - left - MARGIN.right - LARGEST_TILE) / Math.max(1, columnsCount - 1);
  const tile = Math.max(12, Math.min(LARGEST_TILE, rowsHeight / tallest - 7, spacingX * 0.62));
  const columns = sizes.map((size, column) => {
    const x = left + tile / 2 + column * ((width - left - MARGIN.right - tile) / Math.max(1, columnsCount - 1));
    const members = column > 0 ? shown[column] : scene.image ? [0] : features;
    const spacing = Math.min(rowsHeight / members.length, tile + 26);
    const first = rowsTop + rowsHeight / 2 - (spacing * (members.length - 1)) / 2;
    const items = members.map((unit, i) => ({ layer: column - 1, unit, x, y: first + i * spacing }));
    const foot = items.at(-1).y + tile / 2 + COUNT.below;
    const used = column > 0 ? members.length : scene.image ? size : scene.drawn_inputs.length;
    return { x, layer: column - 1, items, hidden: size - used, foot };
  });
  return { tile, columns, ...placeLinks(scene, columns, theta, tile), ...placeImage(scene, columns, tile, rowsHeight) };
}

/** Inputs that are a picture are drawn as one, and what leads from it to each unit of the first layer as one line. */
function placeImage({ image }, columns, tile, rowsHeight) {
  if (!image) return { image: null };
  const [{ x, y }] = columns[0].items;
  const side = Math.min(IMAGE, rowsHeight, x + tile / 2);
  const bundles = columns[1].items.map((item) => ({ x0: x + tile / 2, y0: y, x1: item.x - tile / 2, y1: item.y }));
  return { image: { left: x + tile / 2 - side, top: y - side / 2, side }, bundles };
}

/** How much room the names of the inputs get. */
export function leftOf(scene, width) {
  if (scene.image) return Math.min(IMAGE, width / 5);
  const longest = Math.max(...scene.features.map(({ label }) => label.length));
  return Math.max(MARGIN.left, Math.min(longest * LABELS.letter + LABELS.spare, LABELS.widest, width / 5));
}

export function isTight({ sizes }, width) {
  return sizes.length > 2 && width / sizes.length < TIGHT.spacing;
}

/**
 * Where a frame has a parameter: it holds those of the units that may be drawn, layer after layer the weights row by row, then
 * the biases. Gives a function of {layer, unit, source}, source null for a bias.
 */
export function parameterPlaces({ drawn_inputs: inputs, strongest }) {
  const layers = [inputs, ...strongest.map(inOrder)].map((units) => new Map(units.map((unit, i) => [unit, i])));
  const starts = [];
  let at = 0;
  for (let l = 1; l < layers.length; l += 1) {
    starts.push(at);
    at += layers[l].size * (layers[l - 1].size + 1);
  }
  return ({ layer, unit, source }) => {
    const [before, here] = [layers[layer], layers[layer + 1]];
    const row = here.get(unit);
    return starts[layer] + (source === null ? here.size * before.size + row : row * before.size + before.get(source));
  };
}

export function inOrder(units) {
  return [...units].sort((p, q) => p - q);
}

function placeLinks(scene, columns, theta, tile) {
  const placeOf = parameterPlaces(scene);
  const inputs = scene.image ? [] : scene.features.map((feature, i) => ({ ...feature, i })).filter((feature) => feature.on);
  let links = [];
  let possible = 0;
  for (let column = 1; column < columns.length; column += 1) {
    const layer = column - 1;
    if (column > 1 || !scene.image) possible += scene.sizes[layer] * scene.sizes[column];
    for (const target of columns[column].items) {
      const sources =
        column === 1
          ? inputs.map((feature) => ({ ...columns[0].items.find(({ unit }) => unit === feature.i), source: feature.source }))
          : columns[column - 1].items.map((item) => ({ ...item, source: item.unit }));
      for (const from of sources) {
        const link = { layer, unit: target.unit, source: from.source };
        links.push({
          ...link,
          index: placeOf(link),
          x0: from.x + tile / 2,
          y0: from.y,
          x1: target.x - tile / 2,
          y1: target.y,
        });
      }
    }
  }
  if (links.length > MOST_LINKS && theta) {
    links.sort((p, q) => Math.abs(theta[q.index]) - Math.abs(theta[p.index]));
    links = links.slice(0, MOST_LINKS);
  }
  return { links, hiddenLinks: possible - links.length };
}

/** The point of a link at fraction t of its way: an S-shaped curve that leaves and arrives level. */
export function linkPoint(link, t) {
  const u = 1 - t;
  const middle = (link.x0 + link.x1) / 2;
  const bend = 3 * u * u * t;
  const unbend = 3 * u * t * t;
  return {
    x: u * u * u * link.x0 + (bend + unbend) * middle + t * t * t * link.x1,
    y: (u * u * u + bend) * link.y0 + (unbend + t * t * t) * link.y1,
  };
}

/** Vertical distance from a point to a link, or Infinity beside it. */
export function distanceToLink(link, x, y) {
  if (x < link.x0 || x > link.x1) return Infinity;
  let low = 0;
  let high = 1;
  for (let i = 0; i < 12; i += 1) {
    const middle = (low + high) / 2;
    if (linkPoint(link, middle).x < x) low = middle;
    else high = middle;
  }
  const here = linkPoint(link, low);
  const before = linkPoint(link, Math.max(0, low - 0.02));
  const slope = Math.abs((here.y - before.y) / Math.max(here.x - before.x, 0.01));
  return Math.abs(here.y - y) / Math.hypot(1, slope); // across the curve, not straight down
}
