// The bar: previous, play, next, the speed, and a mark for every frame. It knows the frames' names and nothing of their numbers.

import { h, mounted } from "./parts.js";

const ANSWER_MS = 3000; // an answer that takes longer was lost: ask again
const SPEEDS = [["0.5×", 4000], ["1×", 2000], ["2×", 1000], ["4×", 500]]; // ms a frame stays

class Bar {
  constructor(root) {
    this.root = root;
    this.playing = false;
    const button = (label, icon, action) => h("button", { type: "button", "aria-label": label, title: label, text: icon, on: { click: action } });
    this.previous = button("Previous frame", "◀", () => this.by(-1));
    this.play = button("Play frames", "▶ Play", () => this.toggle());
    this.play.classList.add("play");
    this.next = button("Next frame", "▶", () => this.by(1));
    this.next.classList.add("next");
    this.speed = h("select", { "aria-label": "Speed of the frames" }, ...SPEEDS.map(([words, ms]) => h("option", { value: ms, text: words })));
    this.speed.value = "2000";
    this.marks = h("div", { class: "marks", "aria-hidden": "true" });
    this.count = h("span", { class: "count", "aria-live": "polite" });
    root.append(h("div", { class: "buttons" }, this.previous, this.play, this.next, this.speed), this.marks, this.count);
    root.addEventListener("keydown", (event) => this.key(event));
    // With nothing focused on the page, the arrows belong to the player too, as long as it is in sight.
    this.anywhere = (event) => {
      const { top, bottom } = root.getBoundingClientRect();
      if (event.composedPath()[0] === document.body && bottom > 0 && top < innerHeight && event.key !== " ") this.key(event);
    };
    document.addEventListener("keydown", this.anywhere);
  }

  close() {
    this.pause();
    document.removeEventListener("keydown", this.anywhere);
  }

  update({ data, setTriggerValue }) {
    this.report = setTriggerValue;
    const same = this.data && this.data.names.join() === data.names.join();
    // Opened from elsewhere on the page: come into sight.
    if (data.bring && data.bring !== this.brought) this.root.scrollIntoView({ block: "center", behavior: "smooth" });
    this.brought = data.bring;
    this.data = data;
    this.index = data.index;
    if (!same) {
      this.marks.replaceChildren(
        ...data.names.map((name, i) => h("span", { class: `mark ${data.stages[i]}`, title: name, on: { click: () => this.go(i) } })),
      );
    }
    this.show();
    if (this.playing) this.wait();
  }

  show() {
    const { names } = this.data;
    [...this.marks.children].forEach((mark, i) => {
      mark.classList.toggle("past", i < this.index);
      mark.classList.toggle("here", i === this.index);
    });
    this.previous.disabled = this.index <= 0;
    this.next.disabled = this.index >= names.length - 1;
    this.count.textContent = `${this.index + 1} of ${names.length}`;
    this.play.textContent = this.playing ? "❚❚ Pause" : "▶ Play";
    this.play.setAttribute("aria-label", this.playing ? "Pause frames" : "Play frames");
    this.root.dataset.index = this.index;
    this.root.dataset.frame = this.data.keys[this.index];
    this.root.dataset.playing = this.playing;
  }

  by(step) {
    this.pause();
    this.go(this.index + step);
  }

  go(index) {
    const last = this.data.names.length - 1;
    const wanted = Math.min(Math.max(index, 0), last);
    if (wanted === this.index) return;
    this.index = wanted; // the bar answers at once; the rest follows with Python's answer
    this.show();
    this.report("go", this.data.keys[wanted]);
  }

  toggle() {
    if (this.playing) {
      this.pause();
      return;
    }
    this.playing = true;
    if (this.index >= this.data.names.length - 1) this.go(0);
    else this.wait(250);
    this.show();
  }

  pause() {
    this.playing = false;
    clearTimeout(this.timer);
    if (this.data) this.show();
  }

  wait(ms = Number(this.speed.value)) {
    clearTimeout(this.timer);
    if (this.index >= this.data.names.length - 1) {
      this.pause();
      return;
    }
    this.timer = setTimeout(() => {
      this.go(this.index + 1);
      this.timer = setTimeout(() => this.report("go", this.data.keys[this.index]), ANSWER_MS + Number(this.speed.value));
    }, ms);
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.composedPath()[0].tagName === "SELECT") return;
    const action = {
      ArrowLeft: () => this.by(-1),
      ArrowRight: () => this.by(1),
      Home: () => this.by(-this.index),
      End: () => this.by(this.data.names.length),
    }[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }
}

export default mounted(Bar, "bar");
