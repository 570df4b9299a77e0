// Playback: which frame is on screen. Python sends frames in chunks; this plays them one by one, evenly.

import { row } from "./protocol.js";

// The queue that playback tries to keep at full speed. Long enough to bridge one answer of Python, short enough that a
// changed setting is seen soon.
const TARGET = 20;
// A frame that stays this long (ms) is there to be looked at: late or not, none is skipped.
const FOLLOWED = 100;
// ms without a picture while it plays, as of a hidden tab or a closed lid: so long away, nobody expects it to go on.
const UNSEEN = 600_000;

/** The frames of an answer: their values with their rows of the arrays. */
export function framesOf(listed, arrays, generation) {
  let crossed = 0; // those of one frame lie behind those of the one before
  return listed.map((values, i) => {
    const crossings = arrays.crossings ? arrays.crossings.data.subarray(crossed, (crossed += values.crossings)) : null;
    return {
      ...values,
      generation,
      theta: row(arrays.theta, i),
      inputs: row(arrays.inputs, i),
      ranges: row(arrays.ranges, i),
      z: row(arrays.z, i),
      a: row(arrays.a, i),
      curves: arrays.curves ? { data: row(arrays.curves, i), places: arrays.curves.shape[2] } : null,
      outputMaps: arrays.output_maps ? { data: row(arrays.output_maps, i), side: arrays.output_maps.shape[2], crossings } : null,
      unitMaps: arrays.unit_maps ? { data: row(arrays.unit_maps, i), side: arrays.unit_maps.shape[2] } : null,
    };
  });
}

export class Playback {
  constructor() {
    this.generation = -1;
    this.queue = [];
    this.shown = null;
    this.tail = -1; // update of the newest frame held of this generation
    this.playing = false;
    this.ending = false; // Python has stopped by itself: play what is left, then stand still
    this.hold = null; // ms a frame stays on screen; null: as fast as frames come
    this.rate = 0.05; // frames a millisecond at full speed, learnt from what arrives
    this.credit = 0;
    this.lastArrival = 0;
    this.until = Infinity; // the newest update that may be shown while it plays: boards that are compared wait for each other
    this.seenAt = 0; // ms, when it was last painted while it played, or began to play
  }

  /** Takes the frames of one payload that are new; a new generation throws away what was queued of the old one. */
  receive(header, arrays, now) {
    if (header.generation !== this.generation) {
      this.generation = header.generation;
      this.queue = [];
      this.tail = -1;
      this.credit = 1;
    }
    this.hold = header.hold;
    let fresh = 0;
    for (const frame of framesOf(header.frames, arrays, header.generation)) {
      if (frame.update <= this.tail) continue;
      this.tail = frame.update;
      fresh += 1;
      this.queue.push(frame);
    }
    if (fresh && this.playing && this.lastArrival) {
      const measured = fresh / Math.max(now - this.lastArrival, 16);
      this.rate += 0.25 * (Math.min(measured, 0.12) - this.rate);
    }
    if (fresh) this.lastArrival = now;
    return fresh;
  }

  /** Stand still on the frame that is on screen. */
  halt() {
    this.playing = false;
    this.ending = false;
    this.queue = [];
    this.tail = this.shown && this.shown.generation === this.generation ? this.shown.update : -1;
  }

  start(now) {
    this.playing = true;
    this.ending = false;
    this.credit = 1;
    this.lastArrival = 0;
    this.seenAt = now;
  }

  /** True where it plays and nobody has looked for ten minutes. */
  unseen(now) {
    return this.playing && now - this.seenAt >= UNSEEN;
  }

  /** Frames that become due within dt ms, oldest first; the last of them is then the one on screen. */
  due(dt) {
    if (!this.queue.length) return [];
    if (!this.playing || !this.shown || this.shown.generation !== this.generation) {
      // At rest, or the first frame after a change: nothing to pace, show it at once.
      const now = this.playing ? this.queue.splice(0, 1) : this.queue.splice(0);
      this.shown = now[now.length - 1];
      return now;
    }
    const hurry = 1 + 0.5 * Math.tanh((this.queue.length - TARGET) / TARGET);
    const perMillisecond = this.hold ? 1 / this.hold : this.rate * hurry;
    this.credit = Math.min(this.credit + Math.min(dt, 250) * perMillisecond, this.hold ? 60 : 2);
    // At full speed a frame that nobody sees was computed and sent for nothing: skip only where the queue is long.
    const most = this.hold >= FOLLOWED ? 1 : this.hold ? Infinity : this.queue.length > 2 * TARGET ? 2 : 1;
    const ahead = this.queue.findIndex(({ update }) => update > this.until);
    const count = Math.min(Math.floor(this.credit), ahead < 0 ? this.queue.length : ahead, most);
    this.credit -= count;
    if (count === ahead) this.credit = Math.min(this.credit, 1); // who had to wait does not catch up in one leap
    if (!count) return [];
    if (!this.queue.length) this.credit = Math.min(this.credit, 1);
    const now = this.queue.splice(0, count);
    this.shown = now[now.length - 1];
    return now;
  }

  /** True when Python should be asked for more, early enough that the queue never runs dry. */
  hungry() {
    if (!this.playing || this.ending) return false;
    return this.hold ? this.queue.length * this.hold < 500 : this.queue.length <= 1.5 * TARGET;
  }
}
