// Time: the slider whose track is the loss curve, and the row of branches. It shows kept frames while one drags, and says
// where to go. It computes nothing.

import { icon } from "./elements.js";
import { KeptFrames, digestAt } from "./kept_frames.js";
import { BRANCH_DASHES, joined } from "./loss_curve.js";
import { h } from "../kit/elements.js";
import * as numbers from "../kit/numbers.js";

const PAUSE = 150; // ms that the pointer rests before the exact update is asked for
const THUMB = 16; // px, as in board.css: its middle is at the update
const FINGER = 8; // px sideways from which on a finger moves the slider and does not scroll the page
const WIDEST_JUMP = 24; // px of the button at a jump of the loss
// A film is asked for where fewer than so many of so many parts of the way have a picture.
export const FILM = { parts: 24, enough: 12, frames: 40 };
const LONG_WORD = 4; // letters of a word that two names have in common, of which less stays to be read
const COLUMNS = ["update", "passes", "multiplications", "train", "validation", "test"]; // of a curve
const NOTHING = noRows();

/** A curve of which nothing is known yet. */
export function noRows() {
  return Object.fromEntries(COLUMNS.map((part) => [part, []]));
}

/** Rows of a curve out of an answer's arrays, whose names begin so. */
export function rowsOf(arrays, name) {
  return Object.fromEntries(COLUMNS.map((part) => [part, Array.from(arrays[`${name}_${part}`].data)]));
}

/** The rows of several branches, of which each has so many. */
export function splitRows(rows, counts) {
  let from = 0;
  return counts.map((count) => {
    const until = from + count;
    const part = Object.fromEntries(Object.entries(rows).map(([name, values]) => [name, values.slice(from, until)]));
    from = until;
    return part;
  });
}

/** A, B, C, ... for the branches in their order. */
export function letterOf(place) {
  return place < 26 ? String.fromCharCode(65 + place) : String(place + 1);
}

/** Where each of several names is to be cut, if it must be: behind what another one begins with as well, at a word that is
 * not long itself. */
export function cutsOf(names) {
  const shared = (one, other) => {
    let at = 0;
    while (at < one.length && one[at] === other[at]) at += 1;
    return at;
  };
  return names.map((name, i) => {
    const most = Math.max(0, ...names.map((other, k) => (k === i ? 0 : shared(name, other))));
    const word = name.lastIndexOf(" ", Math.max(most - 1, 0)) + 1;
    return most - word > LONG_WORD ? most - 1 : word;
  });
}

export class Timeline {
  /**
   * nodes: time, jumps, forks of the board. begin: stand still, for somebody moves through time. show(frame): put a kept frame on
   * screen. go(update): asks for the exact one, and gives the command's id. branch(kind, settings): a command about branches.
   * ask: have what is wanted said. repaint: draw the curve anew. markOf(place): what a branch is called for short.
   */
  constructor(nodes, { begin, show, go, branch, ask, repaint, markOf = letterOf }) {
    this.nodes = nodes;
    this.begin = begin;
    this.show = show;
    this.go = go;
    this.branch = branch;
    this.ask = ask;
    this.repaint = repaint;
    this.markOf = markOf;
    this.kept = new KeptFrames();
    this.forget();
    const { time } = nodes;
    time.onpointerdown = ({ pointerType, clientX }) => {
      this.isPressed = true;
      this.fingerAt = pointerType === "touch" ? clientX : null;
      this.wantFilm();
    };
    time.onpointermove = ({ clientX }) => {
      if (this.fingerAt === null || Math.abs(clientX - this.fingerAt) < FINGER) return;
      this.fingerAt = null;
      this.want(Number(time.value));
    };
    time.onpointerenter = time.onfocus = () => this.wantFilm();
    this.onRelease = ({ type }) => {
      this.isPressed = false;
      if (this.fingerAt !== null && type === "pointerup") this.want(Number(time.value)); // a tap
      else if (this.fingerAt !== null) this.repaint(); // the page is scrolled: it stays where it was
      this.fingerAt = null;
      this.arrive();
    };
    for (const name of ["pointerup", "pointercancel"]) window.addEventListener(name, this.onRelease);
    time.oninput = () => {
      if (this.fingerAt === null) this.want(Number(time.value));
    };
    time.onchange = () => this.arrive();
  }

  close() {
    clearTimeout(this.timer);
    for (const name of ["pointerup", "pointercancel"]) window.removeEventListener(name, this.onRelease);
  }

  /** Nothing is known of another playground's run. */
  forget() {
    clearTimeout(this.timer);
    this.kept.forget();
    this.path = []; // [[update, digest], ...] of the present way
    this.generation = -1; // of the frames that lie on it
    this.look = ""; // what its frames are drawn with
    this.probe = "null";
    this.shown = 0; // the update on screen
    this.furthest = 0; // the last update of the way that was on screen
    this.perEpoch = 1; // updates of an epoch, with the settings in force
    this.future = NOTHING;
    this.branches = [];
    this.present = null; // id of the present branch
    this.others = []; // {id, letter, dash, curve} of the other branches
    this.marked = null; // id of the one that is pointed at
    this.jumps = [];
    this.isBehind = false; // curves are known that Python still has to train
    this.wanted = null; // where the visitor has moved to, and what is not yet asked for
    this.going = 0; // id of the command that asks for it
    this.film = null; // {from, to, n} that is asked of Python
    this.filmed = ""; // the way that was filmed last, or that has frames enough
    this.isPressed = false;
    this.fingerAt = null; // where a finger was put down that may be about to scroll the page
    this.told = "";
  }

  // ---- What Python says ---------------------------------------------------------------------------------------------

  /** view, probe, task: with what the frames of this answer are drawn. */
  hear({ header, arrays, isNewGeneration }) {
    const { time, view, probe, task } = header;
    if (time.path) {
      this.path = time.path;
      this.generation = header.generation;
    }
    if (isNewGeneration) {
      const held = view.columns.length ? view.held.filter((_, column) => !view.columns.includes(column)) : [];
      this.look = JSON.stringify([header.scene, view.columns, held, view.domain, task && task.fingerprint]);
      this.probe = JSON.stringify(probe);
    }
    this.furthest = isNewGeneration ? time.furthest : Math.max(this.furthest, time.furthest);
    if (arrays.future_update) this.future = rowsOf(arrays, "future");
    if (time.jumps) this.jumps = time.jumps;
    this.isBehind = time.is_behind;
    this.perEpoch = time.per_epoch;
    this.branches = time.branches;
    this.present = time.branch;
    if (arrays.branches_update) {
      const others = time.branches.map((branch, place) => ({ ...branch, letter: this.markOf(place), dash: BRANCH_DASHES[place % BRANCH_DASHES.length] }));
      const listed = others.filter(({ id }) => id !== time.branch);
      const curves = splitRows(rowsOf(arrays, "branches"), listed.map(({ points }) => points));
      this.others = listed.map((branch, i) => ({ ...branch, curve: curves[i] }));
    } else if (time.branches.length < 2) this.others = [];
    this.showForks();
  }

  /** Frames that Python has made for who moves through time; those of another generation are of another way. */
  takeFilm(frames, header, set) {
    this.film = null;
    for (const frame of frames) this.keep(frame, set, JSON.stringify(header.probe));
    if (this.wanted !== null) this.preview();
  }

  /** A frame that was on screen. set: the points that were, too. */
  keep(frame, set, probe = this.probe) {
    if (frame.generation !== this.generation) return;
    this.furthest = Math.max(this.furthest, frame.update);
    this.kept.add({ ...frame, set, probe }, this.look, digestAt(this.path, frame.update));
  }

  // ---- What the visitor does ----------------------------------------------------------------------------------------

  /** Whether somebody is moving: what she sees must not jump. */
  get isMoving() {
    return this.wanted !== null;
  }

  /** Go to an update: at once the nearest picture that is kept, and the exact one when the pointer rests or lets go. */
  want(update) {
    if (this.wanted === null) this.begin();
    this.wanted = update;
    this.preview();
    clearTimeout(this.timer);
    if (this.isPressed) this.timer = setTimeout(() => this.arrive(), PAUSE);
    else this.arrive();
  }

  /** It is held at an update from elsewhere, until `drop`: what comes then says by itself where to go. */
  hold(update) {
    this.isPressed = true;
    this.wantFilm();
    this.want(Math.min(update, this.furthest));
  }

  drop() {
    clearTimeout(this.timer);
    this.isPressed = false;
    this.wanted = null;
  }

  preview() {
    const frame = this.kept.nearest(this.wanted, this.look, this.path);
    const far = (update) => Math.abs(update - this.wanted);
    // By keys one moves a little: what is on screen may be nearer.
    if (!frame || (!this.isPressed && far(frame.update) >= far(this.shown))) return;
    const isOfProbe = frame.probe === this.probe; // else of another input, or of none: what it says of it is left out
    this.show(isOfProbe ? frame : { ...frame, inputs: null, z: null, a: null });
  }

  arrive() {
    clearTimeout(this.timer);
    if (this.wanted === null) return;
    const update = this.wanted;
    this.wanted = null;
    this.going = this.go(update);
  }

  /** Where the browser holds few frames of the way, Python is asked for some. */
  wantFilm() {
    const way = JSON.stringify([this.look, this.path, Math.ceil(Math.log2(this.furthest + 1)), this.isBehind]);
    if (this.film || way === this.filmed || this.furthest < FILM.parts) return;
    this.filmed = way;
    if (this.kept.covered(FILM.parts, this.furthest, this.look, this.path) >= FILM.enough) return;
    this.film = { from: 0, to: this.furthest, n: FILM.frames };
    this.ask();
  }

  // ---- On screen ----------------------------------------------------------------------------------------------------

  /** What `drawLoss` needs of time. past: the curve up to the frame that was on screen before one moved. */
  drawing(past, shown) {
    const others = this.others.map((other) => ({ ...other, isMarked: other.id === this.marked }));
    const said = `update ${numbers.count(shown.update)}, loss ${numbers.text(shown.train.loss)}`;
    return { curve: joined(past, this.future), cursor: shown.update, said, end: this.furthest, others, perEpoch: this.perEpoch };
  }

  /** Puts the slider and the marks where the chart has been drawn. done: the last command that was carried out. */
  place(chart, curve, shown, done) {
    const { time, jumps } = this.nodes;
    const end = this.furthest;
    this.shown = shown.update;
    time.hidden = jumps.hidden = !chart || end < 1;
    if (time.hidden) return;
    const width = `${chart.x(end) - chart.left + THUMB}px`;
    if (time.style.width !== width) time.style.width = width;
    if (Number(time.max) !== end) time.max = String(end);
    const isOnTheWay = this.isPressed || this.wanted !== null || done < this.going;
    if (!isOnTheWay && Number(time.value) !== shown.update) time.value = String(shown.update);
    this.placeJumps(chart, curve);
  }

  /** How the slider is read: where it stands and, of that update, the loss. */
  describe(shown) {
    const { time } = this.nodes;
    const at = Math.min(Number(time.value), this.furthest); // hidden, it stands where an earlier run ended
    const loss = at === shown.update ? `, training loss ${numbers.text(shown.train.loss)}` : "";
    time.setAttribute("aria-valuetext", `update ${numbers.count(at)} of ${numbers.count(this.furthest)}${loss}`);
  }

  /** A button at each place where the loss rose. */
  placeJumps(chart, curve) {
    const { jumps } = this.nodes;
    const found = this.jumps.map((update) => ({ update, at: curve.update.indexOf(update) })).filter(({ at }) => at > 0);
    const sentences = found.map(({ update, at }) => {
      const [before, after] = [curve.train[at - 1], curve.train[at]].map((loss) => numbers.text(loss, 3));
      return `The training loss rose here, at update ${numbers.count(update)}: from ${before} to ${after}.`;
    });
    const told = JSON.stringify(sentences);
    if (told !== this.jumpsTold) {
      this.jumpsTold = told;
      jumps.replaceChildren(...found.map(({ update }, i) => {
        const button = h("button", { type: "button", class: "jump", "aria-label": sentences[i], "data-says": `${sentences[i]} Press: go there.` });
        button.onclick = () => this.want(update);
        return button;
      }));
    }
    found.forEach(({ update, at }, i) => {
      const { style } = jumps.children[i];
      style.left = `${chart.x(update) - WIDEST_JUMP / 2}px`;
      style.top = `${Math.max(chart.y(curve.train[at]) - WIDEST_JUMP, 0)}px`;
    });
  }

  // ---- Branches -----------------------------------------------------------------------------------------------------

  showForks() {
    const { forks, root } = this.nodes;
    const told = JSON.stringify([this.branches.map(({ id, name, is_named: isNamed }) => [id, name, isNamed]), this.present]);
    if (told === this.told) return;
    this.told = told;
    const hasFocus = forks.contains(forks.getRootNode().activeElement);
    const isAlone = this.branches.length < 2;
    forks.hidden = isAlone && !this.branches.some(({ is_named: isNamed }) => isNamed);
    root.classList.toggle("forked", !forks.hidden);
    if (forks.hidden) {
      forks.replaceChildren();
      return;
    }
    const small = (name, label, title, action) => {
      const button = h("button", { type: "button", class: "small", "aria-label": label, title }, icon(name));
      button.onclick = action;
      return button;
    };
    const here = this.branches.find(({ id }) => id === this.present);
    const cuts = cutsOf(this.branches.map(({ name }) => name));
    forks.replaceChildren(
      h("div", { class: "chips" }, ...this.branches.map((branch, place) => this.chip(branch, place, cuts[place]))),
      small("pen", `Rename branch ${here.name}`, "Rename this branch", () => this.rename(here)),
      isAlone ? "" : small("bin", `Delete branch ${here.name}`, "Delete this branch; Undo brings it back", () => this.branch("delete", { branch: here.id })));
    const [chips, pressed] = [forks.firstElementChild, forks.querySelector("[aria-pressed=true]")];
    if (hasFocus) pressed.focus();
    // Of many branches the present one is in sight; how wide they are is known when the styles have come, and again on another screen.
    new ResizeObserver(() => (chips.scrollLeft = pressed.offsetLeft - chips.offsetLeft - WIDEST_JUMP)).observe(chips);
  }

  /** cut: where its name is shortened first, so that what differs from the others stays to be read. */
  chip({ id, name }, place, cut) {
    const isPresent = id === this.present;
    const letter = this.markOf(place);
    const parts = [name.slice(0, cut), name.slice(cut)].filter(Boolean);
    const button = h("button", { type: "button", class: "branch", "aria-pressed": String(isPresent), "aria-label": `${letter} ${name}`, "data-whole": name },
      h("b", {}, letter), ...parts.map((part) => h("span", {}, part)));
    const mark = (id) => () => {
      this.marked = id;
      this.repaint();
    };
    button.onclick = () => {
      if (!isPresent) this.branch("branch", { branch: id });
    };
    button.onpointerenter = button.onfocus = mark(id);
    button.onpointerleave = button.onblur = mark(null);
    return button;
  }

  /** A field in the place of the chips: Enter gives the name, Escape leaves it as it was. */
  rename({ id, name }) {
    const { forks } = this.nodes;
    const field = h("input", { type: "text", maxlength: "40", value: name, "aria-label": `New name of branch ${name}`, autocomplete: "off" });
    const form = h("form", { class: "naming" }, field, h("button", { type: "submit" }, "Rename"));
    const leave = () => {
      this.told = "";
      this.showForks();
    };
    form.onsubmit = (event) => {
      event.preventDefault();
      if (field.value.trim() !== name) this.branch("rename", { branch: id, name: field.value.trim() });
      leave();
    };
    form.onkeydown = (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      leave();
    };
    forks.replaceChildren(form);
    field.focus();
    field.select();
  }
}
