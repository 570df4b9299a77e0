// Moves: where the boards of a comparison stand, and where they go together. Numbers in, numbers out.

/**
 * states: {update, isPlaying, furthest} of each board that has shown something.
 * Gives {isPlaying, at, furthest}. at: the update that stands for all, the one of whoever has come furthest: a board that has
 * diverged stays behind, and while they play one may be painted later than the others. So nobody who stands still there goes back.
 */
export function standing(states) {
  const shown = states.filter(({ update }) => update !== undefined);
  const playing = shown.filter(({ isPlaying }) => isPlaying);
  const updates = (playing.length ? playing : shown).map(({ update }) => update);
  return {
    isPlaying: playing.length > 0,
    at: Math.max(0, ...updates),
    furthest: Math.max(0, ...shown.map(({ furthest }) => furthest)),
  };
}

/**
 * Where the epoch of the first board ends, as it says itself; where that has stopped behind, as one that has diverged has, the
 * one of the next board. states: {epochEnd} of each board, in their order; update: where all stand.
 */
export function nextEpoch(states, update) {
  const behind = states.find(({ epochEnd }) => epochEnd > update);
  return behind ? behind.epochEnd : update;
}

/** Heights of labels that are to stand at `wanted`, moved as little as needed so that they keep apart, within [top, foot]. */
export function apart(wanted, distance, top, foot) {
  const order = wanted.map((_, i) => i).sort((p, q) => wanted[p] - wanted[q]);
  const placed = [...wanted];
  let least = top;
  for (const i of order) least = (placed[i] = Math.max(placed[i], least)) + distance;
  let most = foot;
  for (const i of order.reverse()) most = (placed[i] = Math.min(placed[i], most)) - distance;
  return placed;
}
