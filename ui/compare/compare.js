// The bar of a comparison: it has all boards do the same, and draws their losses into one chart. It computes no number of theirs.

import "../keys.js";
import "../way_back.js";
import { Surface, coloursOf } from "../board/drawing.js";
import { icon } from "../board/elements.js";
import { h, setText } from "../kit/elements.js";
import { ALL, COMPARISON, FOR_ALL, SHOWS, hear, say } from "../kit/events.js";
import { mount } from "../kit/mount.js";
import * as numbers from "../kit/numbers.js";
import { sheet } from "../kit/styles.js";
import { drawLosses, drawSample } from "./chart.js";
import { nextEpoch, standing } from "./moves.js";
import { OF_THE_PAGE_BEFORE, keep, kept } from "../board/memory.js";

const STYLES = await sheet(new URL("./compare.css", import.meta.url));
const EVERY = 120; // ms between two drawings while it plays
// What lies across the chart, by the name that curves and frames have for it.
const AXES = { update: "updates", passes: "epochs", multiplications: "multiplications" };

const KEPT = "comparison"; // under this name a tab keeps it for a reload
const ofThePageBefore = kept(KEPT);
// What was compared last, all boards in one link, for a server that has forgotten it. It outlives a view.
const memory = { visit: null, link: "", update: 0, playing: false, ...(ofThePageBefore && { ...ofThePageBefore, visit: OF_THE_PAGE_BEFORE }) };

class Bar {
  constructor(parent) {
    this.parent = parent;
    this.boards = []; // {board, letter, given, name}, in their order
    this.states = new Map(); // board's name -> what it told last
    this.paintedAt = 0;
    this.aim = null; // the update that was asked for last
    const button = (label, title, onclick, ...content) => h("button", { type: "button", "aria-label": label, title, onclick }, ...content);
    this.playText = h("span", {}, "Play");
    this.play = button("Play all", "All boards learn (space)", () => this.toggle(), icon("play"), this.playText);
    this.play.className = "play";
    this.speed = h("select", { "aria-label": "Speed of all boards", title: "Epochs are those of board A; all make as many updates.", onchange: () => this.all({ kind: "speed", name: this.speed.value }) });
    this.across = h("select", { "aria-label": "What lies across the chart", onchange: () => this.paintSoon() },
      ...Object.entries(AXES).map(([value, words]) => h("option", { value }, words)));
    this.counter = h("output", { class: "number" }, "0");
    this.slider = h("input", {
      type: "range", min: "0", max: "0", step: "1", value: "0", "aria-label": "Update of all boards",
      oninput: () => this.slide(), onchange: () => this.arrive(),
    });
    this.live = h("div", { class: "unseen", role: "status", "aria-live": "polite" });
    this.canvas = h("canvas", { role: "img", "aria-label": "Losses of all boards; their last values stand below." });
    this.key = h("ul", { class: "key", "aria-label": "Losses" });
    this.surface = new Surface(this.canvas);
    this.root = h("div", { class: "comparing", role: "region", "aria-label": "All boards", "data-testid": "comparing" },
      h("div", { class: "strip" },
        button("Back to update 0", "All boards back along their way to update 0; what they learned stays, and the slider leads there (R)", () => this.reach(0), icon("reset")),
        this.play,
        button("Step one update", "One update of each board (right arrow)", () => this.wish("step"), icon("step"), h("span", {}, "Step")),
        button("Step one epoch", "To the end of this epoch of board A", () => this.wish("epoch"), icon("epoch"), h("span", {}, "Epoch")),
        h("label", {}, h("span", { class: "quiet" }, "Speed"), this.speed),
        h("span", { class: "counter" }, "Update ", this.counter),
        h("label", { class: "across" }, h("span", { class: "quiet" }, "Across the chart"), this.across)),
      h("div", { class: "chart" }, this.canvas, this.slider),
      this.key, this.live);
    this.stops = [hear(SHOWS, COMPARISON, (state) => this.hears(state)), hear(FOR_ALL, COMPARISON, (kind) => this.wish(kind))];
    this.sizes = new ResizeObserver(() => this.paintSoon());
    this.sizes.observe(this.canvas);
    this.onHide = () => this.keepForReload(false);
    window.addEventListener("pagehide", this.onHide);
    window.addEventListener("keydown", keepInField, true);
  }

  close() {
    this.stops.forEach((stop) => stop());
    this.sizes.disconnect();
    cancelAnimationFrame(this.request);
    clearTimeout(this.timer);
    window.removeEventListener("pagehide", this.onHide);
    window.removeEventListener("keydown", keepInField, true);
    memory.playing = false; // boards that are left stand still
    this.keepForReload(true);
    this.closed = true;
  }

  // ---- What is remembered -------------------------------------------------------------------------------------------

  /** Where another visit answers than before it is told what was compared, until it has heard that. */
  introduce({ visit, link, heard }, tell) {
    const isKnown = memory.visit === visit || memory.visit === null || heard;
    if (isKnown) Object.assign(memory, { visit, link });
    else tell("kept", { link: memory.link, update: memory.update, playing: memory.playing, reloaded: memory.visit === OF_THE_PAGE_BEFORE });
    this.isKnown = isKnown;
  }

  /** isLeft: for another page, whose address has none of it; else the address has all but what plays. */
  keepForReload(isLeft) {
    const { link, update, playing } = memory;
    keep(KEPT, link && (playing || isLeft) ? { link, update, playing } : null);
  }

  update({ data, setTriggerValue }) {
    this.introduce(data, setTriggerValue);
    const told = JSON.stringify(data);
    if (told !== this.told) {
      this.told = told;
      this.boards = data.boards;
      this.rows = this.boards.map(({ letter, given, name }) => {
        const [sample, losses] = [h("canvas", { "aria-hidden": "true" }), h("output", { class: "number" })];
        return { node: h("li", {}, sample, h("b", {}, letter), given && h("span", { class: "given" }, given), h("span", { class: "name" }, name), losses), sample: new Surface(sample), losses, theme: "" };
      });
      this.key.replaceChildren(...this.rows.map(({ node }) => node));
    }
    this.paintSoon();
  }

  // ---- What the visitor wants ---------------------------------------------------------------------------------------

  all(command) {
    say(ALL, COMPARISON, command);
  }

  reach(update) {
    this.aim = update;
    this.all({ kind: "reach", update });
  }

  wish(kind) {
    const { isPlaying, at } = this.standing();
    if (kind === "toggle" && isPlaying) this.reach(at);
    else if (kind === "toggle") {
      this.aim = null;
      this.all({ kind: "play" });
    } else if (kind === "step") this.reach((this.isOnTheWay() ? this.aim : at) + 1); // of quick ones each counts
    else if (kind === "epoch") this.reach(nextEpoch(this.tales(), at));
    else if (kind === "start") this.reach(0);
    else if (kind === "still") this.reach(at);
  }

  toggle() {
    this.wish("toggle");
  }

  /** While it is dragged the boards show what they have kept of that update, or of one nearby. */
  slide() {
    this.sliding = Number(this.slider.value);
    this.all({ kind: "hold", update: this.sliding });
    this.paintSoon();
  }

  arrive() {
    this.sliding = null;
    this.reach(Number(this.slider.value));
  }

  // ---- What the boards tell -----------------------------------------------------------------------------------------

  hears(state) {
    if (state.isGone) this.states.delete(state.board);
    else this.states.set(state.board, state);
    this.paintSoon();
  }

  /** What the boards told last, in their order. */
  tales() {
    return this.boards.map(({ board }) => this.states.get(board)).filter(Boolean);
  }

  standing() {
    return standing(this.tales());
  }

  /** Whether what was asked of all last has not been answered by all. */
  isOnTheWay() {
    return this.aim !== null && this.tales().some(({ isOnTheWay }) => isOnTheWay);
  }

  paintSoon() {
    if (this.request || this.closed) return;
    const wait = EVERY - (performance.now() - this.paintedAt);
    this.request = -1;
    this.timer = setTimeout(() => {
      this.request = requestAnimationFrame(() => {
        this.request = 0;
        this.paintedAt = performance.now();
        this.paint();
      });
    }, Math.max(0, wait));
  }

  paint() {
    const { isPlaying, at, furthest } = this.standing();
    const axis = /** @type {keyof typeof AXES} */ (this.across.value);
    const known = this.boards.map((board, place) => ({ ...board, place, state: this.states.get(board.board) }));
    const shown = known.filter(({ state }) => state && state.update !== undefined);
    this.dress(isPlaying, at, furthest, shown);
    if (this.isKnown && shown.length) Object.assign(memory, { update: at, playing: isPlaying });
    this.readTheme();
    this.surface.fit();
    const lines = shown.map(({ letter, place, state }) => {
      const curve = state.curve();
      const isHeld = axis === "update" && this.sliding !== null && this.sliding !== undefined;
      const cursor = isHeld ? Math.min(this.sliding, Math.max(state.furthest, state.update)) : state[axis];
      const others = state.branches.map(({ curve: other, dash }) => ({ across: other[axis], train: other.train, dash }));
      const been = Math.max(axis === "update" ? state.furthest : 0, state[axis], curve[axis].at(-1) ?? 0);
      // Never shorter than an epoch: so it is calm when they begin.
      const end = Math.max(been, { update: state.perEpoch, passes: 1 }[axis] ?? 0, ...others.map(({ across }) => across.at(-1) ?? 0));
      return { curve, across: curve[axis], cursor, been, end, letter, place, others };
    });
    const end = Math.max(0, ...lines.map((line) => line.end));
    this.slider.style.setProperty("--been", String(end && Math.max(...lines.map(({ been }) => been)) / end));
    drawLosses(this.surface, lines, {
      axis: AXES[axis],
      end,
      logarithmic: shown.some(({ state }) => state.logarithmic),
      colours: this.colours,
    });
    known.forEach(({ state, place }) => {
      const row = this.rows[place];
      if (row.sample.fit() || row.theme !== this.theme) drawSample(row.sample, place, this.colours);
      row.theme = this.theme;
      const epoch = state && state.update !== undefined ? `epoch ${numbers.count(state.epoch)}` : "";
      setText(row.losses, state && state.update !== undefined ? `training ${numbers.text(state.train)}, test ${numbers.text(state.test)} · ${epoch}${state.status === "diverged" ? " · diverged" : ""}` : "");
    });
  }

  dress(isPlaying, at, furthest, shown) {
    const { dataset } = this.root;
    Object.assign(dataset, { playing: isPlaying, update: at, furthest });
    setText(this.counter, numbers.count(this.sliding ?? at));
    if (this.wasPlaying !== isPlaying) {
      this.wasPlaying = isPlaying;
      setText(this.playText, isPlaying ? "Pause" : "Play");
      this.play.replaceChild(icon(isPlaying ? "pause" : "play"), this.play.firstChild);
      this.play.setAttribute("aria-label", isPlaying ? "Pause all" : "Play all");
    }
    if (this.sliding === null || this.sliding === undefined) {
      this.slider.max = String(furthest);
      if (!this.isOnTheWay()) this.slider.value = String(at);
    }
    this.slider.setAttribute("aria-valuetext", `update ${numbers.count(Number(this.slider.value))} of ${numbers.count(furthest)}`);
    const state = shown.length ? shown[0].state : null;
    if (state && state.speeds) {
      if (this.speed.options.length !== state.speeds.length) this.speed.replaceChildren(...state.speeds.map(([name, label]) => h("option", { value: name }, label)));
      if (this.speed.value !== state.speed) this.speed.value = state.speed;
    }
    const losses = shown.map(({ letter, given, state: of }) => `${given ? `${letter}, ${given}` : letter}: training loss ${numbers.text(of.train)}, test loss ${numbers.text(of.test)}`);
    setText(this.live, isPlaying ? "All boards learn" : `Update ${numbers.count(at)}. ${losses.join(". ")}`);
  }

  readTheme() {
    const style = getComputedStyle(this.parent.host || this.parent);
    const read = (name) => style.getPropertyValue(name).trim();
    const theme = ["--ink", "--paper", "--st-font"].map(read).join();
    if (theme === this.theme) return;
    this.theme = theme;
    this.colours = { ...coloursOf(style, 11), lines: ["--ink", "--accent", "--right-ink", "--gold"].map(read) };
  }
}

/** Who types takes back what she typed: Streamlit's shortcuts would have the page's Undo hear it as well. */
function keepInField(event) {
  const field = event.composedPath()[0];
  const isText = field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && !["range", "checkbox", "radio"].includes(field.type));
  if (isText && (event.ctrlKey || event.metaKey) && "zy".includes(event.key.toLowerCase())) event.stopImmediatePropagation();
}

export default mount(Bar, STYLES);
