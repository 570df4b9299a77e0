// The film: it plays what Python recorded. It draws numbers and reports where it rests; it computes no network.

import { h, shape } from "../kit/elements.js";
import { mount } from "../kit/mount.js";
import * as numbers from "../kit/numbers.js";
import { sheet } from "../kit/styles.js";

const SECONDS = 7; // for the whole film
const STYLES = await sheet(new URL("./film.css", import.meta.url));

class Film {
  constructor() {
    this.playing = false;
    this.report = null; // report(epoch): where it rests
    this.root = h("section", { class: "film", "data-testid": "film", "aria-label": "The training, epoch by epoch" });
    this.play = h("button", { type: "button", class: "play" });
    this.slider = h("input", { type: "range", min: 0, step: 1, "aria-label": "Epoch" });
    this.count = h("output", { class: "count" });
    this.score = h("output", { class: "score" });
    this.rows = h("div", { class: "rows" });
    this.curve = shape("svg", { class: "curve", role: "img" });
    const bar = h("div", { class: "bar" }, this.play, this.count, this.slider, this.score);
    const plot = h("div", { class: "plot" }, this.curve);
    this.root.append(bar, h("div", { class: "body" }, this.rows, plot));
    this.play.addEventListener("click", () => (this.playing ? this.pause() : this.start()));
    this.slider.addEventListener("input", () => {
      this.playing = false;
      this.place = Number(this.slider.value);
      this.draw();
    });
    this.slider.addEventListener("change", () => this.rest());
    this.observer = new ResizeObserver(() => this.data && this.axes());
    this.observer.observe(plot);
    this.plot = plot;
  }

  update({ data, setStateValue }) {
    this.report = (epoch) => setStateValue("epoch", epoch);
    this.epoch ??= data.epoch;
    const text = JSON.stringify(data, (key, value) => (key === "epoch" ? undefined : value));
    if (text === this.text) return;
    this.text = text;
    this.data = data;
    const last = data.epochs.length - 1;
    this.slider.max = last;
    // Another run is shown at the same epoch, so that the two can be compared.
    const near = data.epochs.findIndex((epoch) => epoch >= this.epoch);
    this.place = near < 0 ? last : near;
    this.buildRows();
    this.axes();
  }

  buildRows() {
    this.rows.replaceChildren(
      h("div", { class: "head" }, "sample"),
      h("div", { class: "head scale" }, ...this.data.scale.map((mark) => h("span", {}, numbers.tick(mark)))),
      h("div", { class: "head" }, "output"),
    );
    this.marks = this.data.samples.map((name, i) => {
      const target = this.data.targets[i];
      const way = h("i", { class: "way" });
      const goal = h("i", { class: "goal" });
      const dot = h("i", { class: "dot" });
      goal.style.left = `${this.share(target)}%`;
      const value = h("span", { class: "value" });
      const mark = h("span", { class: "mark" });
      this.rows.append(
        h("div", { class: "name" }, name, h("b", {}, `target ${numbers.text(target)}`)),
        h("div", { class: "track" }, h("i", { class: "half" }), way, goal, dot),
        h("div", { class: "answer" }, value, mark),
      );
      return { way, dot, value, mark, goal: target };
    });
  }

  /** Where a number stands on the scale, in percent of it; what lies beyond stands at its end. */
  share(value) {
    const [low, , high] = this.data.scale;
    return 100 * Math.min(1, Math.max(0, (value - low) / (high - low)));
  }

  axes() {
    const { loss, epochs, log, title } = this.data;
    const width = Math.max(200, this.plot.clientWidth), height = 196;
    const box = { left: 46, right: width - 12, top: 26, bottom: height - 30 };
    const scale = log ? Math.log10 : (value) => value;
    const high = log ? Math.log10(Math.max(...loss)) + 0.05 : Math.max(...loss) * 1.12;
    const low = log ? Math.log10(Math.min(...loss)) - 0.05 : 0;
    this.x = (epoch) => box.left + ((box.right - box.left) * epoch) / epochs[epochs.length - 1];
    this.y = (value) => box.bottom - ((box.bottom - box.top) * (scale(value) - low)) / (high - low);
    this.curve.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.curve.setAttribute("height", height);
    this.curve.replaceChildren();
    const label = (text, x, y, anchor) => {
      const node = shape("text", { x, y, "text-anchor": anchor });
      node.textContent = text;
      this.curve.append(node);
    };
    label(`loss: ${title}${log ? ", logarithmic axis" : ""}`, 2, 12, "start");
    for (const value of log ? decades(low, high) : steps(high)) {
      this.curve.append(shape("line", { class: "grid", x1: box.left, x2: box.right, y1: this.y(value), y2: this.y(value) }));
      label(numbers.tick(value), box.left - 6, this.y(value) + 4, "end");
    }
    const end = epochs[epochs.length - 1];
    const isNarrow = box.right - box.left < 300;
    for (const share of isNarrow ? [0, 0.5, 1] : [0, 0.25, 0.5, 0.75, 1]) label(`${Math.round(share * end)}`, this.x(share * end), box.bottom + 17, share === 1 ? "end" : "middle");
    label("epoch", this.x(end / 2) + 42, box.bottom + 17, "middle");
    const points = (from, to) => epochs.slice(from, to).map((epoch, i) => `${this.x(epoch)},${this.y(loss[from + i])}`).join(" ");
    this.points = points;
    this.curve.append(shape("polyline", { class: "ahead", points: points(0, epochs.length) }));
    this.past = shape("polyline", { class: "past" });
    this.now = shape("circle", { class: "now", r: 5.5 });
    this.here = shape("text", { class: "here", "text-anchor": "start" });
    this.curve.append(this.past, this.now, this.here);
    this.draw();
  }

  draw() {
    const { data, place } = this;
    const epoch = data.epochs[place], loss = data.loss[place], total = data.samples.length;
    this.epoch = epoch;
    this.slider.value = place;
    this.slider.style.setProperty("--played", `${(100 * place) / (data.epochs.length - 1)}%`);
    this.slider.setAttribute("aria-valuetext", `epoch ${epoch}`);
    this.count.textContent = `epoch ${epoch}`;
    this.score.textContent = `accuracy ${data.correct[place]}/${total}`;
    this.marks.forEach(({ way, dot, value, mark, goal }, i) => {
      const output = data.outputs[place][i], answer = data.answers[place][i];
      const right = answer === data.classes[i];
      const [from, to] = [this.share(output), this.share(goal)];
      dot.style.left = `${from}%`;
      dot.className = answer === 1 ? "dot high" : "dot low";
      way.style.left = `${Math.min(from, to)}%`;
      way.style.width = `${Math.abs(from - to)}%`;
      value.textContent = numbers.text(output);
      mark.textContent = right ? "✓ right" : "✗ wrong";
      mark.className = right ? "mark right" : "mark wrong";
    });
    this.past.setAttribute("points", this.points(0, place + 1));
    this.now.setAttribute("cx", this.x(epoch));
    this.now.setAttribute("cy", this.y(loss));
    const late = place > 0.7 * data.epochs.length;
    this.here.setAttribute("x", this.x(epoch) + (late ? -8 : 8));
    this.here.setAttribute("y", Math.max(this.y(loss) - 9, 31)); // below the title
    this.here.setAttribute("text-anchor", late ? "end" : "start");
    this.here.textContent = numbers.text(loss);
    this.curve.setAttribute("aria-label", `The loss after ${epoch} epochs is ${numbers.text(loss)}.`);
    const name = this.playing ? "Pause" : "Play";
    if (this.play.textContent !== name) this.play.textContent = name;
    Object.assign(this.root.dataset, { epoch, playing: this.playing, correct: data.correct[place], loss });
  }

  start() {
    const last = this.data.epochs.length - 1;
    if (this.place >= last) this.place = 0;
    this.playing = true;
    let begun = null;
    const from = this.place;
    const tick = (time) => {
      if (!this.playing || !this.root.isConnected) return;
      begun ??= time;
      this.place = Math.min(this.data.epochs.length - 1, from + Math.floor(((time - begun) / (1000 * SECONDS)) * last));
      if (this.place >= this.data.epochs.length - 1) return this.pause();
      this.draw();
      requestAnimationFrame(tick);
    };
    this.draw();
    requestAnimationFrame(tick);
  }

  pause() {
    this.playing = false;
    this.rest();
  }

  rest() {
    this.draw();
    this.report(this.epoch);
  }

  close() {
    this.playing = false;
    this.observer.disconnect();
  }
}

export default mount(Film, STYLES);

// Round values from 0 to high, about four.
function steps(high) {
  const rough = high / 4, power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
  return Array.from({ length: Math.floor(high / step) + 1 }, (_, i) => i * step);
}

// 1, 2 and 5 of each decade between two powers of ten.
function decades(low, high) {
  const values = [];
  for (let power = Math.floor(low); power <= high; power += 1) {
    for (const factor of [1, 2, 5]) values.push(factor * 10 ** power);
  }
  return values.filter((value) => Math.log10(value) >= low && Math.log10(value) <= high);
}
