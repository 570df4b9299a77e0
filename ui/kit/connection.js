// Connection: whether the page has one to its server. Streamlit says so on its outermost element.

const STATE = "data-test-connection-state";
const UP = ["CONNECTED", "STATIC_CONNECTED"];

/** Whether there is none at present. */
export function isDown() {
  const app = document.querySelector(`[${STATE}]`);
  return !navigator.onLine || (app !== null && !UP.includes(app.getAttribute(STATE) ?? ""));
}

/**
 * Calls whenever the connection is lost or there again: who looks now and then misses one that was lost for a moment, and
 * then another server may answer. Gives a function that ends it.
 * @param {() => void} listener
 */
export function onChange(listener) {
  const app = document.querySelector(`[${STATE}]`);
  const observer = new MutationObserver(listener);
  if (app) observer.observe(app, { attributeFilter: [STATE] });
  return () => observer.disconnect();
}
