// Kept frames: what was on screen of a run, so that going through its time shows true pictures at once.

const MOST_FRAMES = 400;
const MOST_BYTES = 6_000_000;

/**
 * Frames by the way that they lie on, thinned over a run's time: where they become too many, the distance that they keep
 * is doubled. A frame is true for a path that has the frame's own digest at its update.
 */
export class KeptFrames {
  constructor(mostFrames = MOST_FRAMES, mostBytes = MOST_BYTES) {
    this.mostFrames = mostFrames;
    this.mostBytes = mostBytes;
    this.forget();
  }

  forget() {
    this.groups = new Map(); // look and digest -> frames by their update, oldest group first
    this.stride = 1; // updates between two frames of a group
    this.count = 0;
    this.bytes = 0;
  }

  /** Keeps a copy of a frame, unless one nearby is kept. look: says what it was drawn with; digest: the path's there. */
  add(frame, look, digest) {
    const name = nameOf(look, digest);
    const frames = this.groups.get(name) || [];
    const at = placeAfter(frames, frame.update);
    const [before, after] = [frames[at - 1], frames[at]];
    const isNear = (other) => other && Math.abs(other.update - frame.update) < this.stride;
    if (isNear(before) || isNear(after)) return;
    const kept = copyOf(frame); // a part of an answer would keep all of it
    frames.splice(at, 0, kept);
    this.groups.set(name, frames);
    this.count += 1;
    this.bytes += bytesOf(kept);
    while (this.count > this.mostFrames || this.bytes > this.mostBytes) this.thin(look);
  }

  /** Makes room: what was drawn otherwise goes first, then every second frame, and of many short ways the oldest. */
  thin(look) {
    for (const name of this.groups.keys()) if (!name.startsWith(`${look}\n`)) this.groups.delete(name);
    const count = this.recount();
    if (count <= this.mostFrames && this.bytes <= this.mostBytes) return;
    if ([...this.groups.values()].every((frames) => frames.length < 2)) this.groups.delete(this.groups.keys().next().value);
    while (this.recount() === count) {
      this.stride *= 2;
      for (const [name, frames] of this.groups) {
        let last = -Infinity;
        this.groups.set(name, frames.filter(({ update }) => update - last >= this.stride && ((last = update), true)));
      }
    }
  }

  recount() {
    const all = [...this.groups.values()].flat();
    this.count = all.length;
    this.bytes = all.reduce((sum, frame) => sum + bytesOf(frame), 0);
    return this.count;
  }

  /** The last true frame at or before an update; null where none is kept. path: [[update, digest], ...] of the way. */
  nearest(update, look, path) {
    for (let i = path.length - 1; i >= 0; i -= 1) {
      const [from, digest] = path[i];
      if (from > update) continue;
      const frames = this.groups.get(nameOf(look, digest)) || [];
      const until = i + 1 < path.length ? Math.min(update, path[i + 1][0] - 1) : update;
      const found = frames[placeAfter(frames, until) - 1];
      if (found) return found;
    }
    return null;
  }

  /** In how many of so many equal parts of the way up to an update there is a true frame. */
  covered(parts, last, look, path) {
    let count = 0;
    for (let part = 0; part < parts; part += 1) {
      const [from, until] = [(part * last) / parts, ((part + 1) * last) / parts];
      const found = this.nearest(Math.floor(until), look, path);
      if (found && found.update >= from) count += 1;
    }
    return count;
  }
}

/** The digest of a path at an update: that of its last entry at or before it. */
export function digestAt(path, update) {
  let found = null;
  for (const [from, digest] of path) if (from <= update) found = digest;
  return found;
}

function nameOf(look, digest) {
  return `${look}\n${digest}`;
}

/** How many of the frames, which are in order, are at or before an update. */
function placeAfter(frames, update) {
  let [low, high] = [0, frames.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (frames[middle].update <= update) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A frame with arrays of its own. */
function copyOf(frame) {
  const copied = (value) => {
    if (ArrayBuffer.isView(value)) return /** @type {any} */ (value).slice();
    return value && value.data ? { ...value, data: value.data.slice(), crossings: value.crossings ? value.crossings.slice() : null } : value;
  };
  return Object.fromEntries(Object.entries(frame).map(([name, value]) => [name, copied(value)]));
}

function bytesOf(frame) {
  let sum = 0;
  for (const value of Object.values(frame)) {
    for (const array of [value, value?.data, value?.crossings]) if (ArrayBuffer.isView(array)) sum += array.byteLength;
  }
  return sum;
}
