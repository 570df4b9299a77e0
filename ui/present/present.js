// Present: what makes a window one for the wall: its size, the keys of a clicker, a pointer, a spotlight, black. What comes
// next is known by the player or the board that is shown; where neither goes on, the lesson has another frame.

import { h } from "../kit/elements.js";
import { GO, PLACE, WALL, hear, say } from "../kit/events.js";
import { mount } from "../kit/mount.js";
import { sheet } from "../kit/styles.js";

const STYLES = await sheet(new URL("./present.css", import.meta.url));
const SMALLEST = 13; // px, the type of components at their usual size: it comes to as much as Streamlit's on the wall
const RESTS = 3000; // ms without a movement before the pointer is gone
const KEYS = [
  ["Page down, →, space", "next"],
  ["Page up, ←", "previous"],
  ["B or .", "black, and back"],
  ["F or F5", "full screen; Escape leaves it"],
  ["S", "spotlight"],
  ["L", "pointer"],
  ["T", "dark or light, which leaves full screen"],
  ["?", "these keys"],
];
const FIELDS = "input:not([type=range]):not([type=radio]):not([type=checkbox]), textarea, select";

class Presenter {
  constructor(parent, data) {
    this.host = parent.host;
    this.lesson = data; // which of its frames is shown, how many there are, and this one's title
    const button = (label, words, action, pressed) =>
      h("button", { type: "button", "aria-label": label, title: label, "aria-pressed": pressed, text: words, on: { click: action } });
    this.previous = button("Previous", "◀", () => this.go(-1));
    this.next = button("Next", "▶", () => this.go(1));
    this.where = h("output", { class: "where", "aria-live": "polite" });
    this.spot = button("Spotlight (S)", "Spotlight", () => this.light(!this.isLit), "false");
    this.point = button("Pointer (L)", "Pointer", () => this.showPointer(!this.points), "false");
    this.theme = button("Dark or light (T)", "◐", () => this.otherTheme());
    this.full = button("Full screen (F)", "Full screen", () => this.fullScreen());
    this.help = button("Keys (?)", "?", () => this.legend.togglePopover());
    this.bar = h("nav", { class: "bar", "aria-label": "Presentation" },
      this.previous, this.next, this.where, this.spot, this.point, this.theme, this.full, this.help);
    if (data.what === "task") for (const idle of [this.previous, this.next, this.spot]) idle.remove(); // one picture, all of it
    this.legend = h("dl", { class: "keys", popover: "auto", "aria-label": "Keys" },
      ...KEYS.map(([key, words]) => h("div", {}, h("dt", {}, h("kbd", { text: key })), h("dd", { text: words }))));
    this.black = h("div", { class: "black", popover: "manual", role: "img", "aria-label": "Black. B shows the picture again." });
    this.dot = h("div", { class: "pointer", popover: "manual", "aria-hidden": "true" });
    this.root = h("div", { class: "present", "data-testid": "present" }, this.bar, this.legend, this.dot, this.black);
    this.black.addEventListener("click", () => this.blacken(false));
    this.stop = [
      hear(PLACE, WALL, (words) => this.tell(words)),
      listen(document, "keydown", (event) => this.key(event), true),
      listen(document, "pointermove", (event) => this.follow(event), true),
      listen(document, "pointerleave", () => this.dot.classList.add("rests")),
      listen(document, "fullscreenchange", () => this.dress()),
      listen(window, "resize", () => this.size()),
    ];
    this.size();
    this.light(data.what !== "board");
  }

  close() {
    for (const stop of this.stop) stop();
    clearTimeout(this.resting);
    document.documentElement.style.removeProperty("--present-zoom");
  }

  update({ data, setTriggerValue }) {
    this.ask = (by) => setTriggerValue("go", by);
    const isOther = this.lesson.place !== data.place;
    this.lesson = data;
    this.tell(isOther ? "" : (this.words ?? ""));
    say(GO, WALL, 0); // a player that was there before says where it is
  }

  /** Type of components as large as that of the page: both grow with the window. */
  size() {
    const page = parseFloat(getComputedStyle(document.documentElement).fontSize);
    document.documentElement.style.setProperty("--present-zoom", String(page / SMALLEST));
  }

  /** words: where the player or the board is. */
  tell(words) {
    this.words = words;
    const { place, count, title } = this.lesson;
    const lesson = count ? `${place + 1} of ${count}: ${title}` : "";
    this.where.textContent = [lesson, words].filter(Boolean).join(" · ");
  }

  go(by) {
    if (!say(GO, WALL, by) && this.lesson.count) this.ask(by);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.composedPath()[0];
    const isFilled = target instanceof Element && target.matches(FIELDS);
    // A clicker has these two, and nothing else on the page needs them; the others belong to what has the focus.
    const always = { PageDown: () => this.go(1), PageUp: () => this.go(-1), F5: () => this.fullScreen() }[event.key];
    const isFree = !isFilled && !(target instanceof Element && target.matches("[role=slider], [role=radio], [role=tab], input"));
    const isBare = isFree && !(target instanceof Element && target.matches("button, a, [role=button]"));
    const named = {
      ArrowRight: isFree && (() => this.go(1)),
      ArrowLeft: isFree && (() => this.go(-1)),
      " ": isBare && (() => this.go(1)),
      ".": isFree && (() => this.blacken()),
      b: isFree && (() => this.blacken()),
      f: isFree && (() => this.fullScreen()),
      s: isFree && (() => this.light(!this.isLit)),
      l: isFree && (() => this.showPointer(!this.points)),
      t: isFree && (() => this.otherTheme()),
      "?": isFree && (() => this.legend.togglePopover()),
    }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    const action = this.isBlack ? () => this.blacken(false) : always || named; // while it is black nothing goes on unseen
    if (!action) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.repeat && action !== always) return;
    action();
  }

  blacken(yes = !this.isBlack) {
    this.isBlack = yes;
    this.black.togglePopover(yes);
    this.root.dataset.black = String(yes);
  }

  /** What the frame is not about steps back: --present-dim is how much of it stays, for who draws it. */
  light(yes) {
    this.isLit = yes;
    this.root.dataset.spotlight = String(yes);
    this.spot.setAttribute("aria-pressed", String(yes));
    const { style } = document.documentElement;
    if (yes) style.setProperty("--present-dim", "0.14");
    else style.removeProperty("--present-dim");
  }

  showPointer(yes) {
    this.points = yes;
    this.point.setAttribute("aria-pressed", String(yes));
    this.dot.togglePopover(yes);
    this.dot.classList.add("rests"); // until the mouse moves
  }

  follow({ pointerType, clientX, clientY }) {
    if (!this.points || pointerType === "touch") return;
    this.dot.style.translate = `${clientX}px ${clientY}px`;
    this.dot.classList.remove("rests");
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.dot.classList.add("rests"), RESTS);
  }

  fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.().catch(() => {}); // a browser may refuse
  }

  dress() {
    this.full.setAttribute("aria-pressed", String(Boolean(document.fullscreenElement)));
  }

  /** Streamlit takes the theme from its address, so the window is loaded again. */
  otherTheme() {
    const [red, green, blue] = getComputedStyle(this.root).getPropertyValue("--paper").match(/[0-9a-f]{2}/gi).map((part) => parseInt(part, 16));
    const address = new URL(window.location.href);
    address.searchParams.set("embed", "true");
    address.searchParams.set("embed_options", Math.max(red, green, blue) < 128 ? "light_theme" : "dark_theme");
    window.location.replace(address.href);
  }
}

function listen(target, name, heard, capture = false) {
  target.addEventListener(name, heard, capture);
  return () => target.removeEventListener(name, heard, capture);
}

export default mount(Presenter, STYLES);
