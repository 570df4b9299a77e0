// Past: the loss curve up to the frame on screen. Of finished epochs its corners depend on the run alone, not on how fast it
// was played or who looked when: they are the rows that Python keeps of any such run. Of the epoch under way there is none
// yet, so each frame that was on screen is a corner until that epoch's own row takes their place.

import { noRows } from "./time.js";

export class Past {
  /** rows: of the curve up to the first frame. seen: the curve before, where it is of the same way. */
  constructor(rows = noRows(), seen = null) {
    const last = rows.update.at(-1) ?? -1;
    const loose = seen ? seen.rows.update.slice(seen.rows.update.length - seen.loose).filter((update) => update > last).length : 0;
    if (loose) for (const [name, values] of Object.entries(rows)) values.push(...seen.rows[name].slice(-loose));
    this.rows = rows;
    this.loose = loose; // of the last points, those of frames
    this.ahead = noRows(); // rows of what waits to be shown
  }

  /** Rows that came with frames; said twice they are there once. */
  hear(rows) {
    const last = this.ahead.update.at(-1) ?? this.rows.update.at(-1) ?? -1;
    const from = rows.update.findIndex((update) => update > last);
    if (from < 0) return;
    for (const [name, values] of Object.entries(rows)) this.ahead[name].push(...values.slice(from));
  }

  /** A frame is on screen now. */
  add(frame) {
    const { rows, ahead } = this;
    const point = {
      update: frame.update, passes: frame.passes, multiplications: frame.multiplications, train: frame.train.loss,
      validation: frame.validation && frame.validation.loss !== null ? frame.validation.loss : NaN,
      test: frame.test.loss === null ? NaN : frame.test.loss,
    };
    const last = () => rows.update.at(-1) ?? -1;
    const columns = Object.entries(rows);
    if (ahead.update.length && ahead.update[0] <= frame.update) {
      for (const [, values] of columns) values.length -= this.loose;
      this.loose = 0;
    }
    while (ahead.update.length && ahead.update[0] <= frame.update) {
      for (const [name, values] of columns) values.push(ahead[name].shift());
    }
    if (last() >= frame.update) return;
    for (const [name, values] of columns) values.push(point[name]);
    this.loose += 1;
  }
}
