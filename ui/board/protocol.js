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

// ms without an answer before asking again; twice as long each time, for where a class plays each question costs others.
const PATIENCE = 1500;
const LONGEST_PATIENCE = 12000;
const SILENCE = 2300; // ms until the board says that no answer comes
const CALLS = 4000; // ms between two calls for the whole page

/** Line: which acks were sent and answered, and whether the server is heard. Streamlit says when it has no connection, the
 *  browser when it has no network; a dead line shows by its silence. Times are in ms. */
export class Line {
  constructor() {
    this.asked = 0; // number of the last ack sent
    this.answered = 0; // number of the last ack that Python answered
    this.askedAt = 0;
    this.patience = PATIENCE;
    this.silentSince = null; // when the first ack was sent that has no answer yet
    this.wasDown = false; // and it was since the last answer
    this.calledAt = -Infinity;
  }

  get isWaiting() {
    return this.asked > this.answered;
  }

  /** An ack is sent; gives its number. */
  ask(now) {
    this.asked += 1;
    this.askedAt = now;
    if (this.silentSince === null) this.silentSince = now;
    return this.asked;
  }

  hear(ack, now) {
    const isNews = ack > this.answered;
    this.answered = Math.max(this.answered, ack);
    this.asked = Math.max(this.asked, ack);
    // On a slow server each answer is to an older question than the last: who answers at all is not silent.
    if (!this.isWaiting) this.silentSince = null;
    else if (isNews) this.silentSince = now;
    if (isNews) this.patience = PATIENCE;
    this.wasDown = false;
  }

  /** Whether to ask again for what is wanted; each time it takes longer. */
  isOverdue(now, isWanted) {
    const isOverdue = now - this.askedAt > this.patience && isWanted;
    if (isOverdue) this.patience = Math.min(2 * this.patience, LONGEST_PATIENCE);
    return isOverdue;
  }

  /**
   * isDown: there is no connection. Gives {isUp: it was down and is there again, without an answer yet; calls: nor will one come, for
   * to a server that has forgotten the visit the board is no fragment that it could run: the whole page has to; cut: see words.js}.
   */
  watch(now, isDown) {
    const isSilent = this.silentSince !== null && now - this.silentSince > SILENCE;
    if (isDown) this.wasDown = true;
    const isUp = this.wasDown && !isDown;
    const calls = isUp && isSilent && now - this.calledAt > CALLS;
    if (calls) this.calledAt = now;
    return { isUp, calls, cut: this.wasDown ? "down" : isSilent ? "silent" : "" };
  }
}
