// The caller: has the whole page run again when the board, which asks for itself alone, is not heard. After a connection
// was lost another server may answer, or one that has forgotten the visit: to it the board is not known.

const views = new WeakMap();

export default function ({ parentElement, setTriggerValue }) {
  views.get(parentElement)?.();
  const call = () => setTriggerValue("unheard", true);
  const close = () => window.removeEventListener("scratchnet:unheard", call);
  window.addEventListener("scratchnet:unheard", call);
  views.set(parentElement, close);
  return close;
}
