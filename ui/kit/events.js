// Events: what the components of a page say to each other, on its window. What is said belongs to one board.

/** The board at rest wants a place or a training point to be opened in the microscope. */
export const LOOK = "look";
/** The microscope tells which training points pulled, and in which update. */
export const PULLED = "pulled";
/** The board tells how far the task's conditions are at the update that it shows. */
export const GOAL = "goal";
/** The panel of a task is there and wants to be told. */
export const GOAL_WANTED = "goal-wanted";
/** Nobody answers the board: the whole page has to run. */
export const UNHEARD = "unheard";

/** On the wall: the next or previous (1 or -1) is wanted of what the window shows. */
export const GO = "go";
/** On the wall: where a player is among its frames, in words. */
export const PLACE = "place";
/** The name under which all of a window for the projector hear each other, instead of a board's. */
export const WALL = "wall";

/** A board of a comparison tells how far it is, or that it is gone. */
export const SHOWS = "shows";
/** The bar of a comparison wants all its boards to do something. */
export const ALL = "all";
/** On one board of a comparison a key was pressed that is for all of them. */
export const FOR_ALL = "for-all";
/** The name under which the boards of a comparison and its bar hear each other, instead of a board's. */
export const COMPARISON = "comparison";

/**
 * The name under which the window carries it.
 * @param {string} purpose
 * @param {string} board its name
 */
export function eventName(purpose, board) {
  return `scratchnet:${board}:${purpose}`;
}

/**
 * Says it; true where somebody has heard it.
 * @param {string} purpose
 * @param {string} board
 * @param {any} [detail]
 */
export function say(purpose, board, detail = null) {
  return !window.dispatchEvent(new CustomEvent(eventName(purpose, board), { detail, cancelable: true }));
}

/**
 * Hears it from now on, with the detail that was said; a listener that returns false has not. Gives a function that stops it.
 * @param {string} purpose
 * @param {string} board
 * @param {(detail: any) => unknown} listener
 */
export function hear(purpose, board, listener) {
  const name = eventName(purpose, board);
  const heard = (/** @type {any} */ event) => {
    if (listener(event.detail) !== false) event.preventDefault();
  };
  window.addEventListener(name, heard);
  return () => window.removeEventListener(name, heard);
}
