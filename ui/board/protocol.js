// Protocol: how the board and Python talk. Python sends one block of bytes; the board answers with one small "ack".
// Nothing here knows what the numbers mean.

const READERS = {
  f8: Float64Array,
  f4: Float32Array,
  i4: Int32Array,
  u1: Uint8Array,
};

/**
 * The payload: u32 length of the header, the header as JSON, padding to a multiple of 8, then arrays.
 * header.arrays says for each name [type, shape, offset]; the views share the payload's memory, nothing is copied.
 */
export function unpack(bytes) {
  // Streamlit may hand out a view into a larger message, whose offset is rarely a multiple of 8: typed arrays need that.
  const own = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const length = new DataView(own.buffer, own.byteOffset, 4).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(own.subarray(4, 4 + length)));
  const start = own.byteOffset + Math.ceil((4 + length) / 8) * 8;
  const arrays = {};
  for (const [name, [type, shape, offset]] of Object.entries(header.arrays)) {
    const count = shape.reduce((product, side) => product * side, 1);
    arrays[name] = { data: new READERS[type](own.buffer, start + offset, count), shape };
  }
  return { header, arrays };
}

/** Row i of an array whose first axis counts frames, maps or units. */
export function row(array, i) {
  if (!array) return null;
  const size = array.data.length / (array.shape[0] || 1);
  return array.data.subarray(i * size, (i + 1) * size);
}

/**
 * Outbox: commands wait here until Python says that it has done them. Streamlit may merge messages or lose them with the
 * connection; because the whole outbox travels in every ack and ids only grow, nothing is lost and nothing is done twice.
 */
export class Outbox {
  constructor() {
    this.lastId = 0;
    this.commands = [];
  }

  add(command) {
    this.lastId += 1;
    this.commands.push({ ...command, id: this.lastId });
    return this.lastId;
  }

  /** The same; where the last ones are of the same kind and wait yet, it takes their place. */
  replace(command) {
    while (this.commands.length && this.commands.at(-1).kind === command.kind) this.commands.pop();
    return this.add(command);
  }

  /** Another playground answers, which has done commands up to this id: `first`, if any, comes before all that was wanted
   *  of the old one. Gives the id of `first`, or of what is done. */
  startAnew(first, done) {
    const waiting = this.commands.filter((command) => command.kind !== first?.kind);
    this.lastId = done;
    this.commands = [];
    const id = first ? this.add({ ...first, waiting: waiting.length }) : done;
    for (const command of waiting) this.add(command);
    return id;
  }

  /** Python has done everything up to this id. A board that was mounted again goes on counting where Python stands. */
  confirm(done) {
    this.commands = this.commands.filter((command) => command.id > done);
    this.lastId = Math.max(this.lastId, done);
  }
}
