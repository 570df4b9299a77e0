// Waiting: where a network lets pages through but no websockets, Streamlit's page stays empty for ever. This says why.
// The page names it in its head (ui/web/files.py), so it needs no connection.

import { streamAddress } from "./kit/connection.js";

const PATIENCE = 12000; // ms; a slow line takes longer, but its connection stands by then
const LOOK = 1000; // ms between two looks whether the page has come after all
const SENTENCE =
  "The page cannot reach its server: the network lets pages through, but not the live connection (WebSocket) that this " +
  "app works with. Try another network, or ask whoever runs this one to allow WebSockets to this address: ";

function hasCome() {
  const elements = document.querySelector("[data-testid=stElementContainer]");
  return elements !== null && document.querySelector("[data-testid=stAppSkeleton]") === null;
}

/** Whether a connection to the server can be had at all. */
function connects() {
  return new Promise((answer) => {
    const socket = new WebSocket(streamAddress(document.baseURI));
    socket.addEventListener("open", () => answer(true));
    socket.addEventListener("error", () => answer(false));
    setTimeout(() => answer(false), PATIENCE);
    socket.addEventListener("open", () => socket.close());
  });
}

setTimeout(async () => {
  if (hasCome() || (await connects())) return;
  const words = document.createElement("p");
  words.setAttribute("role", "alert");
  words.dataset.testid = "waiting";
  words.textContent = SENTENCE + streamAddress(document.baseURI);
  words.style.cssText =
    "position: fixed; inset: 4rem 1rem auto; max-width: 40rem; margin: auto; padding: 1rem; z-index: 9; " +
    "font: 1rem/1.5 sans-serif; color: CanvasText; background: Canvas; border: 2px solid CanvasText";
  document.body.append(words);
  const looking = setInterval(() => {
    if (!hasCome()) return;
    clearInterval(looking);
    words.remove();
  }, LOOK);
}, PATIENCE);
