// The player: a walkthrough on screen. Python sends all frames of a Step with their numbers once; going from one to another
// happens here, at once, and Python is told where it comes to rest.

import { Graph, GRAPH_STYLES } from "../graph/graph.js";
import { h } from "../kit/elements.js";
import { GO, PLACE, WALL, hear, say } from "../kit/events.js";
import { mount } from "../kit/mount.js";
import { sheet } from "../kit/styles.js";
import { Arrays } from "./arrays.js";
import { Bar } from "./bar.js";
import { Formula } from "./formula.js";
import { Listing } from "./listing.js";
import { Pulls } from "./pulls.js";
import { pictureOf } from "./story.js";

const REST_MS = 3000; // a frame that stays so long is told to Python: an answer redraws what stands around the player
const SPARE_MS = 150; // after a picture, before the next one's formula is made ready
const STILL = matchMedia("(prefers-reduced-motion: reduce)"); // for whom the page may not glide
const ANSWER_MS = 4000; // an answer that takes longer was lost: ask again
const STYLES = await sheet(new URL("./player.css", import.meta.url));

class Player {
  /** data.wall: it is presented: picture, sentence, formula and code, all others are left out. */
  constructor(_, { wall }) {
    this.wall = wall;
    this.present = this.row = null; // what a window for the projector is opened with, see showWay
    this.said = 0; // reports made; Python answers with the number of the last one it has heard
    this.actions = h("div", { class: "actions", role: "group", "aria-label": "What to follow" });
    this.list = h("select", { class: "list", "aria-label": "Frame", on: { change: () => this.jump(this.list.value) } });
    this.bar = new Bar((index) => this.go(this.own[index].key));
    this.graph = new Graph();
    this.arrays = new Arrays((place) => this.choose(place));
    this.sentence = h("p", { class: "sentence", "aria-live": "polite" });
    this.formula = new Formula(wall);
    this.note = h("div", { class: "note" });
    this.losses = h("dl", { class: "facts losses" });
    this.choices = h("div", { class: "choices" });
    this.headline = h("dl", { class: "facts headline", "data-testid": "headline" });
    this.pulls = new Pulls((sample) => this.choose({ at: this.story.graph.chosen, sample }));
    this.listing = new Listing((key) => this.jump(key));
    this.way = h("a", { class: "way", target: "_blank", rel: "noopener", text: "Present", title: "Opens a window of its own for the projector, at this frame", hidden: true, on: { click: () => this.showWay() } });
    this.stopHearing = hear(GO, WALL, (by) => this.step(by));
    const words = h("div", { class: "words" }, this.sentence, this.formula.root, this.note, this.losses);
    const left = h("div", { class: "column" }, this.graph.root, this.arrays.root);
    const right = h("div", { class: "column" }, words, this.listing.root, this.pulls.root);
    const follow = h("div", { class: "choices" }, this.actions, this.list, this.way);
    const rows = [[this.choices, this.headline], [follow, this.bar.root]].map((parts) => h("div", { class: "side" }, ...parts));
    this.root = h("div", { class: "part player", "data-testid": "player" }, ...rows, h("div", { class: "columns" }, left, right));
    if (!wall) return;
    words.append(this.headline);
    this.root.classList.add("wall");
    this.root.replaceChildren(h("div", { class: "columns" }, h("div", { class: "column" }, this.graph.root), h("div", { class: "column" }, words, this.listing.root)));
  }

  close() {
    clearTimeout(this.resting);
    clearTimeout(this.asking);
    clearTimeout(this.preparing);
    this.bar.close();
    this.stopHearing();
    if (this.wall) say(PLACE, WALL, "");
    this.graph.close();
    this.pulls.close();
  }

  update({ data, setStateValue }) {
    this.root.dataset.updates = Number(this.root.dataset.updates || 0) + 1;
    this.say = (report) => setStateValue("report", report);
    this.said = Math.max(this.said, data.heard);
    [this.present, this.row] = [data.present, data.row];
    const isNew = data.story && data.version !== this.version;
    if (isNew) this.take(data);
    if (!this.story || data.version !== this.version) {
      if (data.heard === this.said) this.report(); // Python takes it that the story is here: say that it is not
      clearTimeout(this.asking);
      this.asking = setTimeout(() => this.report(), ANSWER_MS);
      return;
    }
    clearTimeout(this.asking);
    // Where Python, having heard all that was said, is at another frame than was said, it has gone there itself.
    const python = `${data.action} ${data.frame}`;
    const goes = !this.key || (data.heard === this.said && python !== this.agreed);
    if (goes) {
      this.agreed = python;
      clearTimeout(this.resting);
      this.bar.pause();
    }
    if (goes || isNew) this.show(goes ? data.frame : this.key, goes ? data.action : this.action);
    this.pulls.tell();
    // Opened from elsewhere on the page: come into sight.
    if (data.bring && data.bring !== this.brought) this.root.scrollIntoView({ block: "start", behavior: STILL.matches ? "auto" : "smooth" });
    this.brought = data.bring;
  }

  take({ story, version, formulas }) {
    this.story = story;
    this.version = version;
    this.titles = new Map(story.frames.map(({ key, title }) => [key, title]));
    this.actions.replaceChildren(
      ...story.actions.map(([action, words]) => h("button", { type: "button", "data-action": action, text: words, on: { click: () => this.act(action) } })),
    );
    this.losses.replaceChildren(...facts(story.losses));
    this.headline.replaceChildren(...facts(story.headline ?? []));
    this.choices.replaceChildren(...(story.choices ?? []).map((choice) => this.choice(choice)));
    this.pulls.show(story.pulls, story.board);
    this.formula.load(formulas);
  }

  /** A list of places or samples to choose from. */
  choice({ name, label, chosen, options }) {
    const list = h("select", { "aria-label": label, on: { change: () => this.choose(options[list.selectedIndex]) } }, ...options.map(({ text }) => h("option", { text })));
    list.selectedIndex = chosen;
    return h("label", { class: `choice ${name}` }, h("span", { text: label }), list);
  }

  act(action) {
    this.bar.pause();
    this.go(this.story.frames.find((frame) => frame.action === action).key);
  }

  /** On the wall: the next (1) or previous (-1) of all frames; 0 only has it say where it is. False where there is none. */
  step(by) {
    const frames = this.story?.frames ?? [];
    const index = frames.findIndex(({ key }) => key === this.key);
    const wanted = frames[index + by];
    if (!this.wall || index < 0 || !wanted) return false;
    if (by) this.go(wanted.key);
    this.sayPlace(index + by);
    return by !== 0;
  }

  sayPlace(index) {
    const { frames } = this.story;
    if (this.wall) say(PLACE, WALL, `${frames[index].title} (${index + 1} of ${frames.length})`);
  }

  /** The way to a window for the projector, which begins at this frame. */
  showWay() {
    this.way.hidden = !this.present;
    if (!this.present || !this.story) return;
    const [place, sample] = [this.story.graph.chosen, this.story.sample];
    const frame = [this.key, place.map((part) => part ?? "b").join("_"), sample, ...(this.row === null ? [] : [this.row])].join(".");
    const address = new URL(window.location.href);
    for (const [name, value] of Object.entries({ ...this.present, frame, embed: "true" })) address.searchParams.set(name, value);
    this.way.href = address.href;
  }

  jump(key) {
    this.bar.pause();
    this.go(key);
  }

  go(key) {
    const before = this.action;
    this.show(key, this.story.frames.find((frame) => frame.key === key).action);
    clearTimeout(this.resting);
    if (this.action !== before) this.report(); // what was followed counts on the page around
    else this.resting = setTimeout(() => this.report(), REST_MS);
  }

  show(key, action) {
    this.action = action;
    this.own = this.story.frames.filter((frame) => frame.action === action);
    const frame = this.own.find((other) => other.key === key) || this.own[0];
    this.key = frame.key;
    for (const button of this.actions.children) button.setAttribute("aria-pressed", String(button.dataset.action === action));
    this.enumerate();
    this.bar.show(this.own, this.own.indexOf(frame));
    this.sayPlace(this.story.frames.indexOf(frame));
    this.showWay();
    const badge = h("span", { class: frame.old ? "badge" : "badge new", text: frame.old ? "old weights" : "new weights" });
    this.sentence.replaceChildren(`${frame.sentence} `, badge);
    this.formula.show(frame.formula);
    this.note.textContent = [frame.note, frame.more].filter(Boolean).join(" · ");
    this.losses.hidden = action !== "apply update" || this.wall;
    this.headline.hidden = this.wall && frame.key !== "start"; // at the first frame there is room for all digits
    this.graph.show(pictureOf(this.story.graph, frame, this.wall), ({ layer, unit, source, kind }) => this.choose({ at: kind === "unit" ? [layer, unit] : [layer, unit, source], sample: null }));
    this.arrays.show(frame.tables.map((place) => this.story.tables[place]));
    this.listing.show(this.story.listings[frame.listing], frame.marked, this.titles);
    const next = this.own[this.own.indexOf(frame) + 1];
    clearTimeout(this.preparing);
    if (next) this.preparing = setTimeout(() => this.formula.prepare(next.formula), SPARE_MS);
  }

  enumerate() {
    const titles = this.own.map((frame) => frame.title).join("\n");
    if (titles !== this.enumerated) {
      this.list.replaceChildren(...this.own.map(({ key, title }, i) => h("option", { value: key, text: `${i + 1}. ${title}` })));
    }
    this.enumerated = titles;
    this.list.value = this.key;
  }

  /** A link, unit or bias was chosen: Python tells the update again, for that place. */
  choose({ at, sample }) {
    if (at[0] < 0) return;
    this.bar.pause();
    this.report({ at, sample });
  }

  report(choose = null) {
    clearTimeout(this.resting);
    this.said += 1;
    if (this.key) this.agreed = `${this.action} ${this.key}`;
    this.say({ n: this.said, have: this.story ? this.version : "", action: this.action ?? null, frame: this.key ?? null, choose });
  }
}

function facts(pairs) {
  return pairs.map(([name, number]) => h("div", {}, h("dt", { text: name }), h("dd", { text: number })));
}

export default mount(Player, STYLES, GRAPH_STYLES);
