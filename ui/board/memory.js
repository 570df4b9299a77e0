// Memory: what a tab keeps of a board, beyond what the board shows now: for a server that has forgotten it, for a reload, for a task.

import { Outbox } from "./protocol.js";

const RELOADED = "scratchnet-reloaded"; // under this and a name
// Under these and the board's name a tab keeps which task it has, and under that task's letters where it was reached: so
// not for who sits at this machine next.
const TASK = "scratchnet-task";
const REACHED = "scratchnet-reached";
const memories = new Map(); // board's name -> its memory

/** As the visit of what was kept: no server has one of that name. */
export const OF_THE_PAGE_BEFORE = RELOADED;

/**
 * What was on screen of a board last, for a server that has forgotten it, and what was wanted and is not done. It outlives
 * a view: Streamlit may build the board anew.
 */
export function memoryOf(board) {
  if (!memories.has(board)) {
    const nothing = { visit: null, remember: null, update: 0, playing: false, left: null, outbox: new Outbox() };
    const before = kept(board); // what the address did not hold: what was playing, or what was left for a lesson
    memories.set(board, { ...nothing, ...(before && { ...before, visit: OF_THE_PAGE_BEFORE }) });
  }
  return memories.get(board);
}

/** The page goes away, perhaps to be loaded anew: what plays goes on then. isLeft: for a lesson, whose address has none of it. */
export function keepForReload(board, isLeft) {
  const { remember, update, playing } = memoryOf(board);
  keep(board, remember && (playing || isLeft) ? { remember, update, playing } : null);
}

/** Keeps values for a reload, under a name; null keeps nothing. */
export function keep(name, values) {
  try {
    if (values) sessionStorage.setItem(`${RELOADED}:${name}`, JSON.stringify(values));
    else sessionStorage.removeItem(`${RELOADED}:${name}`);
  } catch {
    return; // a browser may forbid to keep anything
  }
}

/** What was kept under a name before the page was loaded anew; null where it was not. It is given once. */
export function kept(name) {
  try {
    const text = sessionStorage.getItem(`${RELOADED}:${name}`);
    sessionStorage.removeItem(`${RELOADED}:${name}`);
    const [navigation] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
    return text && navigation.type === "reload" ? JSON.parse(text) : null;
  } catch {
    return null; // a browser may forbid to keep anything
  }
}

/**
 * What was reached stays said in this tab: of Reset and a reload later the address tells nothing. task: {fingerprint, reached}, null
 * without one. isNewHere: to a board that this tab has not seen before. Gives the command that tells Python of it, or null.
 */
export function keepTask(board, task, isNewHere) {
  try {
    const [last, name] = [sessionStorage.getItem(`${TASK}:${board}`), task && `${REACHED}:${board}:${task.fingerprint}`];
    const before = task && sessionStorage.getItem(name);
    if (task) sessionStorage.setItem(`${TASK}:${board}`, task.fingerprint);
    if (task && task.reached !== null) sessionStorage.setItem(name, String(task.reached));
    else if (before) return { kind: "reached", task: task.fingerprint, update: Number(before) };
    else if (!task && last) {
      sessionStorage.removeItem(`${TASK}:${board}`);
      if (isNewHere) return { kind: "left", task: last }; // else Python knows
    }
  } catch {
    return null; // a browser may forbid to keep anything
  }
  return null;
}
