// The listener: the board says on the window what is to be opened in the microscope, and Python hears it through here. So
// only what stands below the board is drawn again, not the whole page.

const AHEAD_MS = 2000; // the board and the charts come first
const views = new WeakMap();

export default function (component) {
  const { parentElement } = component;
  let view = views.get(parentElement);
  if (!view) views.set(parentElement, (view = new Listener()));
  view.say = component.setTriggerValue;
  view.formulas = component.data;
  return () => {
    view.close();
    views.delete(parentElement);
  };
}

class Listener {
  constructor() {
    this.hear = (event) => {
      event.preventDefault(); // heard
      this.say("look", event.detail);
    };
    window.addEventListener("scratchnet:look", this.hear);
    this.soon = setTimeout(() => this.fetchAhead(), AHEAD_MS);
  }

  /** What the microscope is made of, before it is wanted for the first time. */
  fetchAhead() {
    if (!import.meta.url.startsWith("http")) return; // inline, nothing is fetched
    import("./player.js");
    import(new URL(this.formulas, document.baseURI).href);
  }

  close() {
    clearTimeout(this.soon);
    window.removeEventListener("scratchnet:look", this.hear);
  }
}
