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
 * Hears it from now on, with the detail that was said. Gives a function that stops it.
 * @param {string} purpose
 * @param {string} board
 * @param {(detail: any) => void} listener
 */
export function hear(purpose, board, listener) {
  const name = eventName(purpose, board);
  const heard = (/** @type {any} */ event) => {
    event.preventDefault();
    listener(event.detail);
  };
  window.addEventListener(name, heard);
  return () => window.removeEventListener(name, heard);
}
