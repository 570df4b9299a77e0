// The bar: previous, play, next, the speed, and a mark for every frame. It knows the frames' names and nothing of their numbers.

import { h } from "../kit/elements.js";

const SPEEDS = [["0.5×", 4000], ["1×", 2000], ["2×", 1000], ["4×", 500]]; // ms a frame stays

export class Bar {
  /** go(index): called with the place of the frame that is wanted. */
  constructor(go) {
    this.wanted = go;
    this.playing = false;
    this.frames = [];
    this.index = 0; // of the frame on screen
    const button = (label, icon, action) => h("button", { type: "button", "aria-label": label, title: label, text: icon, on: { click: action } });
    this.previous = button("Previous frame", "◀", () => this.by(-1));
    this.play = button("Play frames", "▶ Play", () => this.toggle());
    this.play.classList.add("play");
    this.next = button("Next frame", "▶", () => this.by(1));
    this.next.classList.add("next");
    this.speed = h("select", { "aria-label": "Speed of the frames" }, ...SPEEDS.map(([words, ms]) => h("option", { value: ms, text: words })));
    this.speed.value = "2000";
    this.marks = h("div", { class: "marks", "aria-hidden": "true" });
    this.count = h("span", { class: "count" });
    const buttons = h("div", { class: "buttons" }, this.previous, this.play, this.next, this.speed);
    this.root = h("div", { class: "bar", "data-testid": "bar" }, buttons, this.marks, this.count);
    this.root.addEventListener("keydown", (event) => this.key(event));
    // With nothing focused on the page, the arrows belong to the player too, as long as it is in sight; of two to the first.
    this.anywhere = (event) => {
      const { top, bottom } = this.root.getBoundingClientRect();
      if (!event.defaultPrevented && event.composedPath()[0] === document.body && bottom > 0 && top < innerHeight && event.key !== " ") this.key(event);
    };
    document.addEventListener("keydown", this.anywhere);
  }

  close() {
    clearTimeout(this.timer);
    document.removeEventListener("keydown", this.anywhere);
  }

  /** frames: those of the chosen action; index: the one on screen. */
  show(frames, index) {
    const names = frames.map((frame) => frame.title).join("\n");
    if (names !== this.names) {
      this.names = names;
      this.marks.replaceChildren(
        ...frames.map(({ title, stage }, i) => h("span", { class: `mark ${stage}`, title, on: { click: () => this.go(i) } })),
      );
    }
    Object.assign(this, { frames, index });
    [...this.marks.children].forEach((mark, i) => {
      mark.classList.toggle("past", i < index);
      mark.classList.toggle("here", i === index);
    });
    this.previous.disabled = index <= 0;
    this.next.disabled = index >= frames.length - 1;
    this.count.textContent = `${index + 1} of ${frames.length}`;
    Object.assign(this.root.dataset, { index, frame: frames[index].key });
    if (this.playing) this.wait();
    this.dress();
  }

  dress() {
    this.play.textContent = this.playing ? "❚❚ Pause" : "▶ Play";
    this.play.setAttribute("aria-label", this.playing ? "Pause frames" : "Play frames");
    this.root.dataset.playing = this.playing;
  }

  by(step) {
    this.pause();
    this.go(this.index + step);
  }

  go(index) {
    const wanted = Math.min(Math.max(index, 0), this.frames.length - 1);
    if (wanted !== this.index) this.wanted(wanted);
  }

  toggle() {
    if (this.playing) {
      this.pause();
      return;
    }
    this.playing = true;
    if (this.index >= this.frames.length - 1) this.go(0);
    else this.wait(250);
    this.dress();
  }

  pause() {
    this.playing = false;
    clearTimeout(this.timer);
    this.dress();
  }

  wait(ms = Number(this.speed.value)) {
    clearTimeout(this.timer);
    if (this.index >= this.frames.length - 1) this.pause();
    else this.timer = setTimeout(() => this.go(this.index + 1), ms);
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.composedPath()[0].tagName === "SELECT") return;
    const action = {
      ArrowLeft: () => this.by(-1),
      ArrowRight: () => this.by(1),
      Home: () => this.by(-this.index),
      End: () => this.by(this.frames.length),
    }[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }
}
