// Kept: a text that the browser's tab keeps, so that a reload does not lose it. No other tab or window gets to see it.

import { mount } from "./mount.js";

const KEPT = "scratchnet-kept"; // under this and the text's name

class Kept {
  update({ data: { name, text, heard }, setTriggerValue }) {
    const place = `${KEPT}:${name}`;
    try {
      if (!heard) {
        setTriggerValue("found", sessionStorage.getItem(place) ?? ""); // before anything is written over it
        return;
      }
      sessionStorage.removeItem(place); // also where there is no room for the new one
      if (text) sessionStorage.setItem(place, text);
    } catch {
      return; // a browser may forbid to keep anything
    }
  }

  close() {}
}

export default mount(Kept);
