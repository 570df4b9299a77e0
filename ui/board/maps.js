// Maps: pictures of what units answer over two inputs. What a pixel means comes with the scene: its colour and its class.

/** Colours of pixels 0 to 255 as 32-bit numbers, one table after another, from bytes (tables, 256, 3). */
function colourTables({ data, shape }) {
  return Array.from({ length: shape[0] }, (_, t) => Uint32Array.from({ length: 256 }, (_, i) => {
    const at = 3 * (256 * t + i);
    return (255 << 24) | (data[at + 2] << 16) | (data[at + 1] << 8) | data[at];
  }));
}

export function css(pixel) {
  return `rgb(${pixel & 255}, ${(pixel >> 8) & 255}, ${(pixel >> 16) & 255})`;
}

/** Maps of one size under one another in a small hidden canvas, from which they are drawn enlarged. */
class Atlas {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.context = this.canvas.getContext("2d", { willReadFrequently: false });
    this.side = 0;
    this.count = 0;
  }

  /** tableOf: the colours of map i. */
  load(data, side, tableOf) {
    const count = data.length / (side * side);
    if (side !== this.side || count !== this.count) {
      Object.assign(this, { side, count });
      this.canvas.width = side;
      this.canvas.height = side * count;
      this.image = this.context.createImageData(side, side * count);
      this.pixels = new Uint32Array(this.image.data.buffer);
    }
    const { pixels } = this;
    for (let map = 0, i = 0; map < count; map += 1) {
      const table = tableOf(map);
      for (const end = i + side * side; i < end; i += 1) pixels[i] = table[data[i]];
    }
    this.context.putImageData(this.image, 0, 0);
  }

  draw(context, index, x, y, size, smooth = true) {
    context.imageSmoothingEnabled = smooth;
    context.drawImage(this.canvas, 0, index * this.side, this.side, this.side, x, y, size, size);
  }
}

/** The maps of a scene in their colours: of its inputs, and of the frame on screen those of its units and of the answer. */
export class Maps {
  /** isDiscrete(): whether the answer is shown as the class that it stands for. */
  constructor(isDiscrete) {
    this.isDiscrete = isDiscrete;
    this.units = new Atlas();
    this.output = new Atlas();
    this.sharp = new Atlas();
  }

  learn(scene, tables) {
    this.scene = scene;
    this.tables = colourTables(tables);
    this.features = new Atlas(); // empty where there is no plane: an old scene's maps are not this one's
    this.fine = null;
  }

  loadFeatures({ data, shape }) {
    this.features.load(data, shape[1], () => this.tables[0]);
  }

  /** The maps of a frame. */
  load(shown) {
    if (!shown) return;
    const { tables, scene } = this;
    const hidden = scene.pictured.slice(0, -1).reduce((sum, units) => sum + units.length, 0);
    const tableOf = (unit) => tables[unit < hidden ? scene.tables.unit : scene.tables.classes[unit - hidden]];
    if (shown.unitMaps) this.units.load(shown.unitMaps.data, shown.unitMaps.side, tableOf);
    if (shown.outputMaps) this.output.load(shown.outputMaps.data, shown.outputMaps.side, () => this.answerTable());
    if (this.fine) this.loadSharp();
  }

  /** The sharp maps of a frame at rest: {generation, update, units}, and the maps themselves, of which the first is the answer's. */
  takeSharp(said, { sharp, sharp_crossings: crossings }) {
    this.fine = { ...said, maps: sharp, side: sharp.shape[1], crossings: crossings ? crossings.data : null };
    this.loadSharp();
  }

  loadSharp() {
    const tableOf = (map) => (map ? this.tableOf(...this.fine.units[map - 1]) : this.answerTable());
    this.sharp.load(this.fine.maps.data, this.fine.side, tableOf);
  }

  /** Which of the sharp maps shows a unit (null: the answer) in a frame; -1 when none does. */
  sharpFor(shown, item) {
    const { fine } = this;
    if (!fine || fine.generation !== shown.generation || fine.update !== shown.update) return -1;
    if (!item) return 0;
    const at = fine.units.findIndex(([layer, unit]) => layer === item.layer && unit === item.unit);
    return at < 0 ? -1 : at + 1;
  }

  answerTable() {
    const { answer, discrete } = this.scene.tables;
    return this.tables[this.isDiscrete() ? discrete : answer];
  }

  /** The colours of one unit's own map. */
  tableOf(layer, unit) {
    const { sizes, tables } = this.scene;
    return this.tables[layer === sizes.length - 2 && tables.classes.length ? tables.classes[unit] : tables.unit];
  }

  /** The colours of the units' maps, from low to high, as a style sheet writes them. */
  unitColours() {
    const [low, middle, high] = [0, 128, 255].map((pixel) => css(this.tables[this.scene.tables.unit][pixel]));
    return `linear-gradient(90deg, ${low}, ${middle}, ${high})`;
  }
}

/**
 * The line between classes, found cell by cell (marching squares): it crosses an edge whose two ends are of different
 * classes, where Python found that the answer changes. Where three or four meet, in the middle of them.
 */
export function boundaryPath({ data, side, classes, crossings }, box) {
  const path = new Path2D();
  const [across, down] = crossingsOfPixels(data, side, classes, crossings);
  const cell = box.size / side;
  // Values stand at cell centres, as drawImage spreads them; beyond the outermost ones stands the map's edge.
  const place = (index, from) => from + Math.min(Math.max(index + 0.5, 0), side) * cell;
  for (let line = -1; line < side; line += 1) {
    const [upper, lower] = [side * Math.max(line, 0), side * Math.min(line + 1, side - 1)];
    const [top, bottom] = [place(line, box.top), place(line + 1, box.top)];
    for (let column = -1; column < side; column += 1) {
      const [left, right] = [Math.max(column, 0), Math.min(column + 1, side - 1)];
      const p = classes[data[upper + left]];
      const q = classes[data[upper + right]];
      const r = classes[data[lower + right]];
      const s = classes[data[lower + left]];
      if (p === q && q === r && r === s) continue;
      const [x, x1] = [place(column, box.left), place(column + 1, box.left)];
      const met = [];
      if (p !== q) met.push([x + across[upper + left] * cell, top]);
      if (q !== r) met.push([x1, top + down[upper + right] * cell]);
      if (s !== r) met.push([x + across[lower + left] * cell, bottom]);
      if (p !== s) met.push([x, top + down[upper + left] * cell]);
      const middle = [0, 1].map((axis) => met.reduce((sum, crossing) => sum + crossing[axis], 0) / met.length);
      const ends = met.length === 2 ? [met] : met.map((crossing) => [crossing, middle]);
      for (const [from, to] of ends) {
        path.moveTo(from[0], from[1]);
        path.lineTo(to[0], to[1]);
      }
    }
  }
  return path;
}

/** For each pixel how far from its centre to that of the one to its right, and of the one below it, the class changes. */
function crossingsOfPixels(data, side, classes, crossings) {
  let next = 0;
  return [1, side].map((step) => {
    const shares = new Float32Array(data.length);
    for (let i = 0; i + step < data.length; i += 1) {
      if (step === 1 && (i + 1) % side === 0) continue; // the last of its row
      if (classes[data[i]] !== classes[data[i + step]]) shares[i] = crossings[next++] / 255;
    }
    return shares;
  });
}
