// Reload: what a tab keeps while its page is loaded anew, and for that alone.

const RELOADED = "scratchnet-reloaded"; // under this and a name

/** As the visit of what was kept: no server has one of that name. */
export const OF_THE_PAGE_BEFORE = RELOADED;

/** Keeps values under a name; null keeps nothing. */
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
