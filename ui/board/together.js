// Together: a board of a comparison among the others. They hear one bar, and none runs ahead of what the others can show.

import { ALL, COMPARISON, FOR_ALL, SHOWS, hear, say } from "../kit/events.js";

/**
 * The newest update that a board may show while it plays: one that every other board which plays has as well. Who has
 * stopped, has ended or has diverged holds nobody up. The one with the least of all is never held, so some board always goes on.
 * @param {Iterable<{ tail: number, isPlaying: boolean }>} others
 */
export function until(others) {
  let least = Infinity;
  for (const { tail, isPlaying } of others) if (isPlaying) least = Math.min(least, tail);
  return least;
}

export class Together {
  /** board: {name, playback, obey(command), state()}; state: what the bar draws of it. */
  constructor(board) {
    this.board = board;
    this.others = new Map();
    const stops = [
      hear(SHOWS, COMPARISON, (state) => this.hears(state)),
      hear(ALL, COMPARISON, (command) => board.obey(command)),
    ];
    this.close = () => {
      stops.forEach((stop) => stop());
      say(SHOWS, COMPARISON, { board: board.name, isGone: true });
    };
  }

  hears(state) {
    if (state.board === this.board.name) return;
    if (state.isGone) this.others.delete(state.board);
    else this.others.set(state.board, state);
    this.limit();
  }

  limit() {
    this.board.playback.until = until(this.others.values());
  }

  tell() {
    this.limit(); // a server that had forgotten the visit made the board begin with another playback
    say(SHOWS, COMPARISON, { board: this.board.name, ...this.board.state() });
  }

  /** A key of one board is for all of them. */
  wish(kind) {
    say(FOR_ALL, COMPARISON, kind);
  }
}
