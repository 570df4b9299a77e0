// The listener: the board says on the window what is to be opened in the microscope, and Python hears it through here; and
// it says when what stands below the board has come into sight. So only that is drawn again, not the whole page.

import "./keys.js";
import "./phone_menu.js";
import "./way_back.js";
import { h } from "./kit/elements.js";
import { LOOK, hear } from "./kit/events.js";
import { mount } from "./kit/mount.js";

const LATER_MS = 1500; // the board comes first; before it is there, the place below it is in sight
const TABS = 56; // px: the tabs below this, without anything of what they hold
// Another tab is empty at first: without this room the page would become shorter and jump away from what was clicked.
const ROOM = "position: absolute; width: 1px; height: calc(100vh - 110px); visibility: hidden; pointer-events: none";

class Listener {
  constructor(element, { board }) {
    this.element = element;
    this.root = h("div", { style: ROOM });
    this.stopHearing = hear(LOOK, board, (what) => this.say("look", what));
    this.later = setTimeout(() => {
      this.later = null;
      this.fetchAhead();
      this.watch();
    }, LATER_MS);
  }

  update({ data, setTriggerValue }) {
    this.say = setTriggerValue;
    this.data = data;
    if (!this.later) this.watch();
  }

  /** What was said and not heard is said again at the next update. */
  watch() {
    this.sight?.disconnect();
    if (this.data.seen) return;
    this.sight = new IntersectionObserver(
      (seen) => {
        if (!seen.at(-1).isIntersecting) return;
        this.sight.disconnect();
        this.say("sight", true);
      },
      { rootMargin: `0px 0px -${TABS}px` },
    );
    this.sight.observe(this.element.getRootNode().host ?? this.element);
  }

  /** What the microscope is made of, before it is wanted for the first time. */
  async fetchAhead() {
    if (!import.meta.url.startsWith("http")) return; // inline, nothing is fetched
    try {
      await import("./player/player.js");
      const { prepare } = await import("./player/formula.js");
      await prepare(this.data.formulas);
    } catch {
      return; // no connection: it is fetched when it is wanted
    }
  }

  close() {
    clearTimeout(this.later);
    this.sight?.disconnect();
    this.stopHearing();
  }
}

export default mount(Listener);
