// Past: the loss curve up to the frame on screen. Its corners depend on the run alone, not on how fast it was played or who
// looked when: the rows that Python keeps of any such run, and one point where the cursor is.

import { noRows } from "./time.js";

export class Past {
  /** rows: of the curve up to the first frame. */
  constructor(rows = noRows()) {
    this.rows = rows;
    this.ahead = noRows(); // rows of what waits to be shown
    this.isLoose = false; // the last point is the cursor's own
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
    if (this.isLoose && rows.update.at(-1) > frame.update) return;
    const columns = Object.entries(rows);
    if (this.isLoose) for (const [, values] of columns) values.pop();
    while (ahead.update.length && ahead.update[0] <= frame.update) {
      for (const [name, values] of columns) values.push(ahead[name].shift());
    }
    this.isLoose = (rows.update.at(-1) ?? -1) < frame.update;
    if (this.isLoose) for (const [name, values] of columns) values.push(point[name]);
  }
}
