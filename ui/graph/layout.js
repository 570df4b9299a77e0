// Layout: where units, links and their labels stand in the width there is. Pure arithmetic, no drawing.

const WIDTH = { wide: 66, narrow: 48 }; // of a unit
const ROW = { few: { height: 46, between: 22 }, many: { height: 38, between: 11 } }; // a unit, and the room to the next
const TIGHT = { few: { height: 40, between: 6 }, many: { height: 32, between: 4 } }; // the same on the wall, where type is large
const MANY = 5; // units in a column
const LINE = 14; // px from one line of text below a unit to the next
const WIDEST_GAP = 250; // px between two columns: further apart a network falls into pieces
const LEAST_GAP = 24;
const SIDE = 6;
const TEXT_WIDTH = 76; // px, of the lines below a unit
const PLACES = [0.5, 0.38, 0.62, 0.28, 0.72, 0.2, 0.8]; // of a label along its link, the best first
const MOST_LABELS = 25; // links between two columns that all carry a label; with more only those spoken of do

/** data.lines: of text below a unit that there is room for; none: as many as the longest needs. Gives {width, height, unit: {width, height}, head, columns: [x], units: {"layer,unit": {x, y}}} for a drawing. */
export function place(data, room) {
  const count = data.columns.length;
  const unitWidth = room / count < 118 && !data.tight ? WIDTH.narrow : WIDTH.wide;
  const width = Math.max(room, count * unitWidth + (count - 1) * (data.tight ? 12 : LEAST_GAP) + 2 * SIDE);
  const gap = Math.min(WIDEST_GAP, (width - 2 * SIDE - count * unitWidth) / Math.max(1, count - 1));
  const start = (width - count * unitWidth - (count - 1) * gap) / 2 + unitWidth / 2;
  const columns = data.columns.map((_, i) => start + i * (unitWidth + gap));
  const head = 8 + LINE * Math.max(0, ...data.columns.map((column) => column.title.length));
  const below = data.lines ?? Math.max(0, ...data.columns.flatMap((column) => column.units.map(linesBelow)));
  const rows = Math.max(...data.columns.map((column) => column.units.length + (column.rest ? 0.4 : 0)));
  const { height: unitHeight, between } = (data.tight ? TIGHT : ROW)[rows < MANY ? "few" : "many"];
  const row = unitHeight + LINE * below + between;
  const height = head + rows * row;
  const units = {};
  data.columns.forEach((column, i) => {
    const first = head + (height - head - row * (column.units.length + (column.rest ? 0.4 : 0))) / 2;
    column.units.forEach((unit, j) => {
      units[unit.at.join()] = { x: columns[i], y: first + row * j + between / 2 + unitHeight / 2 };
    });
  });
  return { width, height, head, columns, units, line: LINE, unit: { width: unitWidth, height: unitHeight } };
}

/** The lines of text below a unit: its bias with what belongs to it, then its own. */
export function linesBelow(unit) {
  return (unit.bias ? 1 + (unit.bias.below ? 1 : 0) : 0) + unit.below.length;
}

/** The ends of a link, {x1, y1, x2, y2}. */
export function ends(link, layout) {
  const [layer, unit, source] = link.at;
  const from = layout.units[`${layer - 1},${source}`];
  const to = layout.units[`${layer},${unit}`];
  const half = layout.unit.width / 2;
  return { x1: from.x + half, y1: from.y, x2: to.x - half, y2: to.y };
}

/**
 * Where the labels of the links stand: key -> {x, y, shown}. A label is shown where it covers no other one; the chosen
 * and the lit come first, and the chosen is always shown.
 */
export function labels(data, layout, someLit) {
  const chosen = data.chosen && data.chosen.join();
  const lines = data.links.map((link) => ({ link, key: link.at.join(), ...ends(link, layout) }));
  const rank = (line) => (line.key === chosen ? 0 : line.link.lit ? 1 : 2);
  const taken = data.columns.flatMap((column) => column.units).map((unit) => {
    const { x, y } = layout.units[unit.at.join()];
    const { width, height } = layout.unit;
    const below = layout.line * linesBelow(unit);
    return box(x, y + below / 2, Math.max(width + 4, below && TEXT_WIDTH), height + below);
  });
  const found = new Map();
  for (const line of [...lines].sort((p, q) => rank(p) - rank(q))) {
    const { link, key } = line;
    const width = 7 * Math.max(link.text.length, link.below.length) + 4;
    const height = link.below ? 28 : 15;
    const among = lines.filter((other) => other.link.at[0] === link.at[0]);
    let best = null;
    for (const t of PLACES) {
      const x = line.x1 + t * (line.x2 - line.x1);
      const y = line.y1 + t * (line.y2 - line.y1);
      const here = box(x, y, width, height);
      const overlaps = taken.filter((other) => meet(here, other)).length;
      const crossed = among.filter((other) => other !== line && crosses(other, here)).length;
      const cost = 100 * overlaps + crossed;
      if (!best || cost < best.cost) best = { x, y, here, cost };
    }
    const spokenOf = key === chosen || (someLit && link.lit);
    const wanted = link.text !== "" && (spokenOf || among.length <= MOST_LABELS);
    const shown = wanted && (key === chosen || best.cost < 100);
    if (shown) taken.push(best.here);
    found.set(key, { x: best.x, y: best.y, shown });
  }
  return found;
}

function box(x, y, width, height) {
  return { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 };
}

function meet(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** Whether a link passes through a box: its height is looked up at the box's two sides. */
function crosses({ x1, y1, x2, y2 }, { left, right, top, bottom }) {
  const at = (x) => y1 + ((Math.min(Math.max(x, x1), x2) - x1) / (x2 - x1)) * (y2 - y1);
  const a = at(left);
  const b = at(right);
  return Math.max(a, b) > top && Math.min(a, b) < bottom;
}
