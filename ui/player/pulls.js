// Pulls: who pulled a parameter: a bar for each sample of the mini-batch, and the same samples as points on a small map.

import { h, shape } from "../kit/elements.js";
import { PULLED, say } from "../kit/events.js";

const SIDE = 240;
const EDGE = 14;

export class Pulls {
  /** choose(sample): called with a sample's place in the mini-batch. */
  constructor(choose) {
    this.choose = choose;
    this.root = h("div", { class: "pulls", "data-testid": "pulls" });
  }

  /** data: null where there is nobody to show. board: the name of the one whose microscope this is, if it is one's. */
  show(data, board) {
    this.data = data ?? null;
    this.board = board;
    this.root.hidden = !data;
    this.root.replaceChildren(...(data ? this.drawn(data) : []));
  }

  /** Tells the board who pulled in which update, so that the same points can light up there. */
  tell({ update, points } = this.data ?? { update: null, points: [] }) {
    if (this.board) say(PULLED, this.board, { update, points });
  }

  close() {
    this.tell({ update: null, points: [] });
  }

  drawn(data) {
    const { choose } = this;
    const rows = data.samples.map((sample) => {
      const bar = h("i", { class: sample.share < 0 ? "bar negative" : "bar positive" });
      bar.style.width = `${50 * Math.abs(sample.share)}%`;
      bar.style[sample.share < 0 ? "right" : "left"] = "50%";
      return h("button", {
        type: "button", class: `row${sample.here ? " here" : ""}`, "aria-pressed": String(sample.here), "data-sample": sample.at, title: sample.exact,
        on: { click: () => choose(sample.at), pointerenter: () => this.near(sample.at, true), pointerleave: () => this.near(sample.at, false) },
      }, h("span", { class: "who", text: sample.name }), h("span", { class: "track" }, bar), h("span", { class: "pull", text: sample.text }));
    });
    const more = data.more ? [h("div", { class: "more", text: data.more })] : [];
    const heading = h("p", { class: "told" }, h("b", { text: "Who pulled it. " }), data.sentence);
    return [heading, h("div", { class: "bars" }, ...rows, ...more), ...(data.map ? [this.map(data, choose)] : [])];
  }

  map({ map, samples }, choose) {
    const [[low1, high1], [low2, high2]] = map.domain;
    const x = (value) => EDGE + ((value - low1) / (high1 - low1)) * (SIDE - 2 * EDGE);
    const y = (value) => SIDE - EDGE - ((value - low2) / (high2 - low2)) * (SIDE - 2 * EDGE);
    const svg = shape("svg", { viewBox: `0 0 ${SIDE} ${SIDE}`, class: "map", role: "img", "aria-label": "The samples of the mini-batch on the plane of the inputs; the larger a point, the stronger its pull." });
    svg.append(shape("rect", { x: EDGE, y: EDGE, width: SIDE - 2 * EDGE, height: SIDE - 2 * EDGE, class: "plane" }));
    for (const [px, py] of map.others) svg.append(shape("circle", { cx: x(px), cy: y(py), r: 1.6, class: "other" }));
    for (const sample of [...samples].reverse()) {
      if (!sample.point) continue;
      const [px, py] = sample.point;
      const point = shape("circle", {
        cx: x(px), cy: y(py), r: 3.5 + 9 * Math.sqrt(Math.abs(sample.share)), "data-sample": sample.at,
        class: `point ${sample.share < 0 ? "negative" : "positive"}${sample.here ? " here" : ""}`,
      });
      const tip = shape("title", {});
      tip.textContent = `${sample.name}: ${sample.text}`;
      point.append(tip);
      point.addEventListener("click", () => choose(sample.at));
      svg.append(point);
    }
    const label = (words, attributes) => {
      const text = shape("text", attributes);
      text.textContent = words;
      svg.append(text);
    };
    label(map.names[0], { x: SIDE / 2, y: SIDE - 2, "text-anchor": "middle" });
    label(map.names[1], { x: 2, y: SIDE / 2 });
    return svg;
  }

  near(sample, yes) {
    this.root.querySelector(`.point[data-sample="${sample}"]`)?.classList.toggle("near", yes);
  }
}
