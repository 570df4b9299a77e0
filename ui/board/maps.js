// Maps: pictures of what units answer over two inputs. What a pixel means comes with the scene: its colour, its class,
// and the level at which two classes meet.

/** Colours of pixels 0 to 255 as 32-bit numbers, one table after another, from bytes (tables, 256, 3). */
export function colourTables({ data, shape }) {
  return Array.from({ length: shape[0] }, (_, t) => Uint32Array.from({ length: 256 }, (_, i) => {
    const at = 3 * (256 * t + i);
    return (255 << 24) | (data[at + 2] << 16) | (data[at + 1] << 8) | data[at];
  }));
}

export function css(pixel) {
  return `rgb(${pixel & 255}, ${(pixel >> 8) & 255}, ${(pixel >> 16) & 255})`;
}

/** Maps of one size under one another in a small hidden canvas, from which they are drawn enlarged. */
export class Atlas {
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

/**
 * The line between classes, found cell by cell (marching squares): it crosses an edge whose two ends are of different
 * classes, where the picture reaches the level, or halfway where there is none. Where three or four meet, in the middle.
 */
export function boundaryPath({ data, side, classes, level }, box) {
  const path = new Path2D();
  const cell = box.size / side; // values stand at cell centres, as drawImage spreads them
  const place = (column, line) => [box.left + (column + 0.5) * cell, box.top + (line + 0.5) * cell];
  const part = (a, b) => (level === null ? 0.5 : (level - a) / (b - a));
  for (let line = 0; line + 1 < side; line += 1) {
    for (let column = 0; column + 1 < side; column += 1) {
      const i = line * side + column;
      const [a, b, c, d] = [data[i], data[i + 1], data[i + side + 1], data[i + side]];
      const [p, q, r, s] = [classes[a], classes[b], classes[c], classes[d]];
      if (p === q && q === r && r === s) continue;
      const crossings = [];
      if (p !== q) crossings.push(place(column + part(a, b), line));
      if (q !== r) crossings.push(place(column + 1, line + part(b, c)));
      if (s !== r) crossings.push(place(column + part(d, c), line + 1));
      if (p !== s) crossings.push(place(column, line + part(a, d)));
      const middle = place(column + 0.5, line + 0.5);
      const ends = crossings.length === 2 ? [[crossings[0], crossings[1]]] : crossings.map((crossing) => [crossing, middle]);
      for (const [from, to] of ends) {
        path.moveTo(...from);
        path.lineTo(...to);
      }
    }
  }
  return path;
}
