// The live board: shows frames that Python computed and reports what the visitor does. It computes no network.

import { Outbox, row, unpack } from "./protocol.js";
import { Playback, framesOf } from "./playback.js";
import { inOrder, isTight, parameterPlaces, place, linkPoint } from "./layout.js";
import * as curves from "./curves.js";
import { Pen } from "./draw.js";
import * as draw from "./drawing.js";
import { drawLoss } from "./loss_curve.js";
import * as maps from "./maps.js";
import { build, gather, hang, icon, setIdle, term } from "./elements.js";
import { isDown, onChange } from "../kit/connection.js";
import { boundsOf, h, placeIn } from "../kit/elements.js";
import { GO, GOAL, GOAL_WANTED, LOOK, PULLED, UNHEARD, WALL, hear, say } from "../kit/events.js";
import { mount } from "../kit/mount.js";
import * as numbers from "../kit/numbers.js";
import { GREY } from "../kit/palette.js";
import { sheet } from "../kit/styles.js";
import * as typed from "../kit/typed.js";
import * as input from "./input.js";
import { Past } from "./past.js";
import * as reload from "./reload.js";
import { Timeline, letterOf, rowsOf } from "./time.js";
import { Together } from "./together.js";
import { Tips } from "./tips.js";

const PRINCIPAL = -1; // in the lists of columns
const MOST_FIELDS = 4; // inputs that are typed below the network, side by side
const MOST_LETTERS = 30; // of their names
// ms without an answer before asking again; twice as long each time, for where a class plays each question costs others.
const PATIENCE = 1500;
const LONGEST_PATIENCE = 12000;
// ms of standing still before sharp maps are asked for, and before the page around the board is brought up to date. The
// page's charts take longer than a step may: somebody who steps on in quick succession should not wait for them.
const REST = { maps: 250, page: 800 };
const SLOW = 200; // ms between updates of what only programs and screen readers read, while playing
// ms between drawings of some parts while playing: where nothing but software draws, these are the expensive ones, and
// nobody reads a digit or a line's width sixty times a second.
const INTERVALS = { links: 60, loss: 120, text: 80, words: 500 };
const EACH_LINK = 0.6; // ms more between drawings for each link: a dashed curve costs 0.05 ms in software

// ms after a click on a link to another page in which the board says nothing. What it says while Streamlit changes the
// page is taken for a run of the page that is being left, and the new one stays empty.
const LEAVING = 3000;
// ms within which Streamlit sends what is said. A click to another page that overtakes it would leave the new page empty, too.
const SENT = 120;
// ms until the board says that no answer comes, and for how long it says that the connection is back.
const SILENCE = 2300;
// What is said while nothing comes. A long computation and a dead line look the same from here.
const CUTS = {
  down: "No connection to the server: nothing is learned now.",
  silent: "Waiting for the server, which may be busy with a large network or with others.",
};
const BACK = 4000;
// What stands above the board where that is a task as well, and the least height that it then has, see board.css.
const WITH_TASK = { "--above": "268px", "--least": "434px" };
const KEPT = -2; // the generation of a frame that is shown while one moves through time: no answer is of it
// Buttons of the page around, by their keys, that lead to another page with what is on screen.
const LEADS_ON = /st-key-(\w+)_(?:compare|open)(?:\s|$)/;
const OPENS = ["pointerdown", "click", "contextmenu"]; // a link, in whatever way
const CALLS = 4000; // ms between two calls for the whole page

// Under these and the board's name a tab keeps which task it has, and under that task's letters where it was reached: so
// not for who sits at this machine next.
const TASK = "scratchnet-task";
const REACHED = "scratchnet-reached";

const STYLES = await sheet(new URL("./board.css", import.meta.url));
// Characters and parameters of the address with which the page was loaded.
const OPENED = ((query) => [query.length, query.split("&").length])(new URL(performance.getEntriesByType("navigation")[0]?.name ?? window.location.href).search);
const memories = new Map(); // board's name -> its memory

/**
 * What was on screen of a board last, for a server that has forgotten it, and what was wanted and is not done. It outlives
 * a view: Streamlit may build the board anew.
 */
function memoryOf(board) {
  if (!memories.has(board)) {
    const nothing = { visit: null, remember: null, update: 0, playing: false, left: null, outbox: new Outbox() };
    const kept = reload.kept(board); // what the address did not hold: what was playing, or what was left for a lesson
    memories.set(board, { ...nothing, ...(kept && { ...kept, visit: reload.OF_THE_PAGE_BEFORE }) });
  }
  return memories.get(board);
}

class Board {
  constructor(parent, data) {
    const { header } = unpack(data);
    this.name = header.board; // which no other board on the page has
    this.isOnTheWall = header.wall;
    this.memory = memoryOf(this.name);
    this.nodes = build();
    if (this.isOnTheWall) hang(/** @type {any} */ (this.nodes));
    if (this.isOnTheWall || header.compared) {
      Object.assign(parent.host.style, { containerType: "normal", minHeight: "0" }); // what holds for a narrow screen holds for no wall
    }
    if (header.compared) gather(/** @type {any} */ (this.nodes));
    this.together = header.compared ? new Together(this) : null;
    this.root = this.nodes.root;
    this.root.dataset.board = this.name;
    this.parent = parent;
    this.tips = new Tips(this.nodes.root);
    this.outbox = this.memory.outbox;
    this.playback = new Playback();
    this.past = new Past();
    this.present = null; // while a kept frame is on screen, the one that was before one moved
    this.scene = null;
    this.asked = 0; // number of the last ack sent
    this.answered = 0; // number of the last ack that Python answered
    this.askedAt = 0;
    this.patience = PATIENCE;
    this.silentSince = null; // when the first ack was sent that has no answer yet
    this.wasDown = false; // and it was since the last answer
    this.cut = ""; // "down" without a connection, "silent" where only no answer comes
    this.backAt = -Infinity; // when a connection that was down came again
    this.sayings = []; // {update, words, status}: what answers say of the state after their last frame, oldest first
    this.barrier = 0; // answers that have not yet done this command show the past
    this.interval = 1000 / 60; // ms between animation frames, as measured
    this.playId = 0; // an answer that has not yet done this Play does not know of it
    this.rest = null; // "maps" or "page" once at rest, see REST
    this.pulled = null; // {update, points: [{index, share}]}: whom the microscope shows to have pulled
    this.unanswered = null; // generation of the frames that do not know yet which input was typed
    this.hover = null; // {layer, unit}: the unit whose map is the large one
    this.chosen = null; // {layer, unit}: the unit whose card is open
    this.chosenPoint = null; // {index, id}: a training point whose card opens when Python has done this command
    this.hoveredLink = null;
    this.sharp = null;
    this.paints = 0;
    this.choices = { showTest: false, discretize: false, logarithmic: null };
    this.atlases = { features: new maps.Atlas(), units: new maps.Atlas(), output: new maps.Atlas(), sharp: new maps.Atlas() };
    this.view = { columns: [], held: [], names: [], domain: [], words: "", place: null }; // which columns of the data lie across and up
    this.toldView = ""; // the one that the lists beside the map show
    this.dirty = { links: true, units: true, still: true, map: true, loss: true, text: true };
    this.paintedAt = {};
    this.columns = [];
    this.surfaces = {};
    for (const name of ["links", "map", "points", "bar", "loss"]) this.surfaces[name] = new draw.Surface(this.nodes[name]);
    this.sets = new Map(); // number -> points as they were when the frames that name it were made
    this.pen = new Pen(this.nodes, {
      set: () => this.set,
      classes: () => (this.scene ? this.scene.classes : []),
      names: () => (this.planar() ? this.view.names : [...this.view.names, "target"]),
      isPlanar: () => this.planar(),
      spans: () => (this.planar() ? this.view.domain : [this.view.domain[0], this.rangeOfOutput()]),
      surface: () => this.surfaces.map,
      placeOf: ([x1, x2], y) => {
        const { map } = this.surfaces;
        return this.planar() ? draw.placeOnMap(map, this.view.domain, [x1, x2]) : curves.placeOnCurve(map, this.view.domain[0], this.rangeOfOutput(), x1, y);
      },
      repaint: () => {
        this.dirty.still = true;
        this.paintSoon();
      },
      repaintAll: () => this.dirtyAll(),
      nextId: () => this.outbox.lastId + 1,
      send: (command) => {
        this.showPoint(null);
        return this.change("draw", command);
      },
    });
    this.timeline = new Timeline(this.nodes, {
      begin: () => this.beginMoving(),
      show: (frame) => this.showKept(frame),
      go: (update) => this.goTo(update),
      branch: (kind, settings) => this.changeBranches(kind, settings),
      markOf: header.compared ? (place) => String(place + 1) : letterOf, // of a comparison the boards have letters
      ask: () => this.ask(),
      repaint: () => {
        this.dirty.loss = true;
        this.paintSoon();
      },
    });
    this.readTheme();
    this.listen();
    this.sizes = new ResizeObserver((entries) => this.resized(entries.some(({ target }) => target === this.nodes.network)));
    this.sizes.observe(this.nodes.network);
    this.sizes.observe(this.nodes.map);
    this.sizes.observe(this.nodes.lossBox);
    this.watchdog = setInterval(() => this.watch(), 500);
  }

  close() {
    this.standStill();
    cancelAnimationFrame(this.request);
    clearInterval(this.watchdog);
    clearTimeout(this.restTimer);
    clearTimeout(this.hoverTimer);
    this.sizes.disconnect();
    this.tips.close();
    this.pen.close();
    this.together?.close();
    this.timeline.close();
    this.stopHearing();
    this.stopHearingOfTask();
    this.stopGoing();
    this.stopWatching();
    window.removeEventListener("pagehide", this.onHide);
    this.keepForReload(true);
    document.removeEventListener("click", this.onLink, true);
    for (const event of OPENS) document.removeEventListener(event, this.onPresent, true);
    this.closed = true;
  }

  // ---- Protocol ---------------------------------------------------------------------------------------------------

  update(component) {
    this.send = component.setStateValue;
    if (component.data && component.data !== this.data) {
      this.data = component.data;
      this.receive(unpack(component.data));
    }
    this.readTheme();
  }

  receive({ header, arrays }) {
    const isNews = header.ack > this.answered;
    this.answered = Math.max(this.answered, header.ack);
    this.asked = Math.max(this.asked, header.ack);
    // On a slow server each answer is to an older question than the last: who answers at all is not silent.
    if (!this.waiting) this.silentSince = null;
    else if (isNews) this.silentSince = performance.now();
    if (isNews) this.patience = PATIENCE;
    this.wasDown = false;
    if (header.visit !== this.visit) this.startAnew(header);
    this.outbox.confirm(header.done);
    if (this.memory.left && header.done >= this.memory.left.id) this.memory.left = null;
    this.takeFilm(header, arrays);
    // It was under way before the visitor's last command, or while she moves through time, to where she has not said yet.
    if (header.done < this.barrier || this.timeline.isMoving) return;
    const { playback } = this;
    // Until Python has heard of the first answer it sends the scene with each: known already, it closes nobody's editor.
    if (header.scene_data && (!this.scene || this.scene.number !== header.scene)) this.newScene(header, arrays);
    this.takeSets(header, arrays);
    if (!this.scene) {
      this.ask(); // a board built anew hears the answer to what the one before had asked, which knew the scene
      return;
    }
    if (arrays.feature_maps) this.atlases.features.load(arrays.feature_maps.data, arrays.feature_maps.shape[1], () => this.tables[0]);
    this.showView(header.view);
    this.showTicks(header.ticks);
    const newGeneration = header.generation !== playback.generation;
    if (arrays.history_update) this.newHistory(arrays, newGeneration);
    if (arrays.passed_update) this.past.hear(rowsOf(arrays, "passed"));
    const fresh = playback.receive(header, arrays, performance.now());
    if (newGeneration) this.sayings = [];
    this.timeline.hear({ header, arrays, isNewGeneration: newGeneration });
    if (newGeneration) this.dirty.loss = true;
    this.sayings.push({ update: playback.tail, words: header.words, status: header.status });
    if (!newGeneration && this.unanswered !== null) {
      this.unanswered = null; // what was typed has been refused: what was asked before is shown again
      this.dirty.units = true;
    }
    // Something below the board shows what it does on it. The focus stays there: the next one is a Tab away.
    if (this.header && this.header.visit === header.visit && header.calls > this.header.calls) {
      const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
      this.nodes.root.scrollIntoView({ block: "nearest", behavior: isStill ? "instant" : "smooth" });
    }
    this.header = header;
    if (!fresh) this.pen.settle(header.done); // refused, or nothing that changes a picture
    this.pen.hear(header.draw, header.notice);
    const locks = JSON.stringify([header.idle, header.hidden]); // what a task leaves of the network's buttons
    if (locks !== this.locks) this.layoutStale = true;
    this.locks = locks;
    for (const [name, value] of Object.entries(WITH_TASK)) this.parent.host.style.setProperty(name, header.task ? value : ""); // still one screen
    // The history knows epoch ends; the frame on screen may lie between two of them and has its point as well.
    const { shown } = playback;
    if (arrays.history_update && shown && shown.generation === header.generation) this.past.add(shown);
    if (header.sharp) {
      this.sharp = { ...header.sharp, generation: header.generation, side: arrays.sharp.shape[1] };
      this.sharpData = arrays.sharp;
      this.sharpCrossings = arrays.sharp_crossings ? arrays.sharp_crossings.data : null;
      this.loadSharp();
      this.dirty.map = true;
    }
    if (header.playing && !playback.playing) {
      playback.start(performance.now());
      this.showPlaying();
    } else if (!header.playing && playback.playing && header.done >= this.playId) {
      playback.ending = true;
      if (!playback.queue.length) this.finish();
    }
    if (newGeneration || fresh) this.unrest();
    this.showChoices();
    this.showChosenPoint(header);
    if (playback.playing) this.showWords();
    else if (!playback.queue.length) this.showHeader(); // else with the picture that it is of
    this.keepTask(header.task);
    this.tellGoal();
    this.paintSoon();
    if (this.together) {
      nameAmongOthers(this.nodes.root, header.compared);
      this.together.tell();
    }
    // At rest Python trains what is missing of the curves, a piece for each time that it is asked.
    if (header.time.is_behind && this.rest && !this.waiting) {
      this.rest = "maps";
      queueMicrotask(() => this.rest && !this.waiting && this.ask());
    }
    // Not only in the next animation frame: on a busy machine that is a chunk's worth of time later.
    if (playback.hungry()) queueMicrotask(() => !this.waiting && this.ask());
  }

  /** Another playground answers than before (the server started again, say): nothing known of the old one holds. */
  startAnew({ visit, done }) {
    this.visit = visit;
    this.barrier = this.playId = 0;
    this.unanswered = null;
    this.scene = null;
    this.sharp = null;
    this.pen.forget();
    this.timeline.forget();
    this.present = null;
    this.playback = new Playback();
    const { memory } = this;
    this.isNewHere = memory.visit === null;
    if (memory.visit === visit && memory.left) {
      this.barrier = memory.left.id; // until Python has heard of it, its answers play on
      this.ask();
    }
    if (memory.visit === null || memory.visit === visit) return;
    memory.left = null;
    // It knows nothing of what was on screen here: tell it, and after that what was wanted meanwhile.
    const { remember, update, playing } = memory;
    const reloaded = memory.visit === reload.OF_THE_PAGE_BEFORE;
    // Boards of a comparison are remembered together (ui/compare/compare.js): which it has is known there alone.
    const resume = this.together ? null : { kind: "resume", update, playing, reloaded, ...remember };
    this.barrier = this.outbox.startAnew(resume, done);
    this.ask();
  }

  /** Whoever leaves for another page finds what she saw last, however long she stays. It is said when she is back. */
  standStill() {
    const { memory, playback } = this;
    const { shown } = playback;
    const isOnAWay = memory.remember && memory.remember.update !== undefined; // to an update, where it stands still by itself
    if (!playback.playing || !shown || shown.generation !== playback.generation || !this.isLeft() || isOnAWay) return;
    Object.assign(memory, { update: shown.update, playing: false });
    const { generation, update } = shown;
    memory.left = { generation, update, id: this.outbox.add({ kind: "pause", of: generation }) };
  }

  /** The page goes away, perhaps to be loaded anew: what plays goes on then. isLeft: for a lesson, whose address has none of it. */
  keepForReload(isLeft) {
    const { remember, update, playing } = this.memory;
    if (!this.together) reload.keep(this.name, remember && (playing || isLeft) ? { remember, update, playing } : null);
  }

  /** What was reached stays said in this tab: of Reset and a reload later the address tells nothing. */
  keepTask(task) {
    const news = JSON.stringify([this.visit, task && task.fingerprint, task && task.reached]);
    if (news === this.taskKept) return;
    this.taskKept = news;
    try {
      const [last, name] = [sessionStorage.getItem(`${TASK}:${this.name}`), task && `${REACHED}:${this.name}:${task.fingerprint}`];
      const before = task && sessionStorage.getItem(name);
      if (task) sessionStorage.setItem(`${TASK}:${this.name}`, task.fingerprint);
      if (task && task.reached !== null) sessionStorage.setItem(name, String(task.reached));
      else if (before) this.tellOf({ kind: "reached", task: task.fingerprint, update: Number(before) });
      else if (!task && last) {
        sessionStorage.removeItem(`${TASK}:${this.name}`);
        if (this.isNewHere) this.tellOf({ kind: "left", task: last }); // else Python knows
      }
    } catch {
      return; // a browser may forbid to keep anything
    }
  }

  /** Something that changes no picture: answers that are under way are still good. */
  tellOf(command) {
    this.outbox.add(command);
    queueMicrotask(() => this.ask());
  }

  /** What is on screen, for a playground that does not know it. */
  keepInMind() {
    const { header, playback } = this;
    const { shown } = playback;
    if (!header || header.visit !== this.visit || !shown || shown.generation !== header.generation) return;
    Object.assign(this.memory, { visit: header.visit, remember: header.remember, update: shown.update, playing: playback.playing });
  }

  /** One ack carries everything Python needs to know; Streamlit may drop all but the newest. */
  ask() {
    if (!this.send || this.closed || this.isLeft()) return;
    const { playback } = this;
    // What was left is still what was seen last, until there is a picture here; a kept frame is only looked at.
    const { generation, update } = this.present ?? playback.shown ?? this.memory.left ?? { generation: playback.generation, update: -1 };
    const shown = !playback.shown || generation === playback.generation ? update : -1;
    this.asked += 1;
    this.askedAt = performance.now();
    if (this.silentSince === null) this.silentSince = this.askedAt;
    this.send("ack", {
      n: this.asked,
      visit: this.visit,
      generation: playback.shown ? playback.generation : generation,
      tail: playback.tail,
      shown,
      queued: playback.queue.length,
      fps: Math.round(1000 / this.interval),
      scene: this.scene ? this.scene.number : -1,
      points: Math.max(-1, ...this.sets.keys()),
      playing: playback.playing,
      hover: this.hover ? [this.hover.layer, this.hover.unit] : null,
      rest: this.rest,
      film: this.timeline.film,
      outbox: this.outbox.commands,
      address: (this.toldAddress = window.location.search),
      opened: OPENED,
    });
  }

  /** Whether the visitor is on her way to another page, or there. */
  isLeft() {
    return performance.now() - this.leftAt < LEAVING || window.location.pathname !== this.path;
  }

  get waiting() {
    return this.asked > this.answered;
  }

  watch() {
    this.watchConnection();
    this.pauseUnseen();
    const overdue = performance.now() - this.askedAt > this.patience && (this.waiting || this.outbox.commands.length || this.timeline.film);
    const hasMoved = this.toldAddress !== window.location.search; // Python learns which address the browser has
    if (overdue) this.patience = Math.min(2 * this.patience, LONGEST_PATIENCE);
    if (overdue || (hasMoved && !this.waiting)) this.ask();
  }

  /** Streamlit says when it has no connection, the browser when it has no network; a dead line shows by its silence. */
  watchConnection() {
    const isSilent = this.silentSince !== null && performance.now() - this.silentSince > SILENCE;
    if (isDown()) this.wasDown = true;
    const isUp = this.wasDown && !isDown();
    if (isUp && !this.waiting) this.ask();
    // To a server that has forgotten the visit the board is no fragment that it could run: the whole page has to.
    if (isUp && isSilent && performance.now() - (this.calledAt || -Infinity) > CALLS) {
      this.calledAt = performance.now();
      say(UNHEARD, this.name);
    }
    const cut = this.wasDown ? "down" : isSilent ? "silent" : "";
    const hasChanged = cut !== this.cut;
    if (hasChanged) {
      if (this.cut === "down") this.backAt = performance.now();
      this.cut = cut;
      if (this.header) setText(this.nodes.live, this.wordsToHear());
    }
    const justBack = performance.now() - this.backAt < BACK + 1000;
    if (this.header && (cut || hasChanged || justBack)) this.writeWords();
  }

  /** What the board says about the run, or about the connection where that is more important. */
  words() {
    const { shown } = this.playback;
    const update = shown ? `update ${numbers.count(shown.update)}` : "the last update that came";
    if (this.cut) return `${CUTS[this.cut]} You see ${update}; it goes on when the server answers.`;
    if (performance.now() - this.backAt < BACK) return "The connection is back.";
    if (this.present) return "Moving through time: pictures of this run, as it was. Let go for the exact update.";
    const said = this.said();
    // It stands between two of which something was said: what it is like here comes with the next answer.
    if (said && shown && !this.playback.playing && said.update !== shown.update) return `At ${update}.`;
    return said ? said.words : this.nodes.words.textContent;
  }

  /** The same for who listens: said once, it must stay true while the update on screen grows. */
  wordsToHear() {
    if (this.cut) return `${CUTS[this.cut]} It goes on when the server answers.`;
    const { shown, playing } = this.playback;
    const end = this.timeline.furthest;
    const isBefore = !playing && shown && shown.update < end;
    return isBefore ? `Update ${numbers.count(shown.update)} of ${numbers.count(end)}. ${this.words()}` : this.words();
  }

  /** What was said of the frame on screen, or of the last one before it; null where it is said of later ones only. */
  said() {
    const { sayings, playback } = this;
    const { shown, generation } = playback;
    const update = shown && shown.generation === generation ? shown.update : -1;
    while (sayings.length > 1 && sayings[1].update <= update) sayings.shift();
    const isFirst = !this.nodes.root.dataset.status; // a board built anew: better a little ahead than silent
    return sayings.length && (isFirst || sayings[0].update <= update) ? sayings[0] : null;
  }

  writeWords() {
    const { nodes } = this;
    setText(nodes.words, this.words());
    const said = this.said();
    if (this.cut) nodes.root.dataset.status = "disconnected";
    else if (said) nodes.root.dataset.status = said.status;
  }

  /** A command of the visitor. All but Play make frames that are still under way obsolete. */
  command(kind, settings = {}) {
    const id = this.outbox.add({ kind, ...settings });
    if (kind === "play") this.playId = id;
    else this.barrier = id;
    this.unrest(); // also where the picture will stay as it is, as with another speed: what waits for rest shall come
    this.ask();
    return id;
  }

  // ---- What the visitor wants ---------------------------------------------------------------------------------------

  play() {
    this.playback.start(performance.now());
    this.showPoint(null);
    this.dirty.still = true; // whom the microscope shows to have pulled is seen at rest only
    this.unrest();
    this.command("play");
    this.showPlaying();
    this.paintSoon();
  }

  pause(why = {}) {
    this.playback.halt();
    this.command("pause", why);
    this.showPlaying();
    this.writeWords();
    this.dirtyAll();
  }

  /** A hidden page paints nothing and asks for nothing; whoever comes back to it late finds it where she left it. */
  pauseUnseen() {
    if (this.playback.unseen(performance.now())) this.pause({ unseen: true });
  }

  toggle() {
    if (this.together) this.together.wish("toggle");
    else if (this.playback.playing) this.pause();
    else this.play();
  }

  /** What the bar of a comparison wants of all its boards. */
  obey({ kind, update, name }) {
    if (kind === "hold") this.timeline.hold(update);
    else this.timeline.drop();
    if (kind === "play" && this.header && this.header.status !== "diverged") this.play();
    else if (kind === "speed") this.change("speed", { name });
    else if (kind === "reach") this.still("reach", { update });
    this.together.tell(); // before any of them paints: who plays holds the others from now on
  }

  /** What the bar of a comparison draws of this board. */
  state() {
    const { header, playback, timeline } = this;
    const { shown, tail, playing: isPlaying } = playback;
    const { update, epoch, passes, multiplications, epoch_end: epochEnd } = shown || {};
    const of = shown && { update, epoch, passes, multiplications, epochEnd, train: shown.train.loss, test: shown.test.loss };
    const curve = () => timeline.drawing(this.past.rows, shown).curve;
    const { speed, speeds, status, logarithmic } = header || {};
    const isOnTheWay = Boolean(header) && header.done < this.barrier; // what was asked of it last is not answered yet
    return { ...of, tail, isPlaying, isOnTheWay, furthest: timeline.furthest, curve, branches: timeline.others, perEpoch: timeline.perEpoch, speed, speeds, status, logarithmic };
  }

  /** Stand still on the frame on screen, then ask for one that differs from it. */
  still(kind, settings) {
    this.playback.halt();
    this.command(kind, settings);
    this.showPlaying();
    this.writeWords();
  }

  /** A command about branches. On a board among others another branch is shown where all stand, as far as it was seen. */
  changeBranches(kind, settings) {
    const branch = this.timeline.branches.find(({ id }) => id === settings.branch);
    const { shown } = this.playback;
    if (kind === "rename") this.tellOf({ kind, ...settings });
    else if (kind === "branch" && this.together && shown) {
      this.still(kind, { ...settings, update: Math.min(shown.update, branch.furthest) });
      this.together.wish("still");
    } else this.still(kind, settings);
  }

  /** A change while playing: what is queued is of the past, and the run goes on from the frame on screen. */
  change(kind, settings) {
    const { playing } = this.playback;
    if (kind !== "probe") this.pulled = null; // it may be another network now
    this.playback.halt();
    this.playback.playing = playing;
    return this.command(kind, settings);
  }

  /** The picture has changed: rest begins anew. */
  unrest() {
    this.rest = null;
    clearTimeout(this.restTimer);
    this.restTimer = setTimeout(() => this.settle("maps"), REST.maps);
  }

  settle(rest) {
    const { playing, queue } = this.playback;
    if (this.closed || playing) return;
    if (queue.length) {
      this.unrest(); // a busy machine has not painted yet what it is to rest on
      return;
    }
    this.rest = rest;
    this.ask();
    if (rest === "maps") this.restTimer = setTimeout(() => this.settle("page"), REST.page - REST.maps);
  }

  /** Python stopped by itself and its last frame is on screen. */
  finish() {
    this.playback.playing = false;
    this.playback.ending = false;
    this.showHeader();
    this.unrest();
    this.dirtyAll();
  }

  /** Somebody moves through time: it stands still until she has arrived. */
  beginMoving() {
    this.playback.halt();
    this.rest = null;
    clearTimeout(this.restTimer);
    this.showPoint(null);
    this.showPlaying();
  }

  /** Puts a frame on screen that was there before. */
  showKept(frame) {
    const { playback } = this;
    if (!playback.shown || (this.present && playback.shown.update === frame.update)) return;
    this.present ??= playback.shown;
    playback.shown = { ...frame, generation: KEPT };
    this.newFrame();
  }

  /** Asks for the exact frame of an update; of several quick moves the last one counts. */
  goTo(update) {
    this.playback.halt();
    this.barrier = this.outbox.replace({ kind: "goto", update });
    this.unrest();
    this.ask();
    this.dirtyAll();
    return this.barrier;
  }

  /** Frames of the way for who moves through it, whatever else the answer is about. */
  takeFilm({ film, ...header }, arrays) {
    if (!film || !this.scene || header.scene !== this.scene.number) return;
    const own = Object.entries(arrays).filter(([name]) => name.startsWith("film_"));
    const frames = framesOf(film.frames, Object.fromEntries(own.map(([name, array]) => [name.slice("film_".length), array])), header.generation);
    this.timeline.takeFilm(frames, header, this.set);
  }

  listen() {
    const { nodes } = this;
    nodes.play.onclick = () => this.toggle();
    nodes.reset.onclick = () => this.still("reset");
    nodes.step.onclick = () => this.still("step", { what: "update" });
    nodes.stepEpoch.onclick = () => this.still("step", { what: "epoch" });
    nodes.newWeights.onclick = () => this.change("new_weights");
    nodes.newData.onclick = () => this.change("new_data");
    nodes.undo.onclick = () => this.change("undo");
    nodes.redo.onclick = () => this.change("redo");
    nodes.speed.onchange = () => this.change("speed", { name: nodes.speed.value });
    // A click that reaches the document closes an open drawer of settings; one may play with the drawer open.
    nodes.strip.onclick = (event) => event.stopPropagation();
    for (const name of ["showTest", "discretize", "logarithmic"]) {
      nodes[name].onchange = () => {
        this.choices[name] = nodes[name].checked;
        this.reloadMaps();
        this.dirtyAll();
        this.command("tick", { names: this.ticks() });
      };
    }
    input.listenToKeys(nodes.root, {
      toggle: () => this.toggle(),
      step: () => (this.together ? this.together.wish("step") : this.still("step", { what: "update" })),
      reset: () => (this.together ? this.together.wish("start") : this.still("reset")),
    });
    this.card = new input.Card(nodes.card, nodes.network, {
      read: (target) => this.parameter(target),
      largest: () => this.scene.limits.edit,
      facts: (target) => this.unitFacts(target),
      explained: (node) => this.tips.describe(node),
      apply: (edit) => this.change("edit", edit),
      look: (place) => this.open("look", place),
      refusal: () => this.header.idle.edits,
      isOnTheWall: this.isOnTheWall,
      closed: (target, focusBack) => {
        this.hoveredLink = this.chosen = null;
        this.hoverUnit(null);
        const button = focusBack && nodes.overlay.querySelector(`[data-focus="${CSS.escape(target.focus)}"]`);
        if (button) button.focus();
        this.dirty.links = true;
        this.paintSoon();
      },
    });
    const { overlay } = nodes;
    overlay.onpointermove = (event) => {
      if (event.target === overlay) this.pointAtLink(event);
    };
    overlay.onpointerleave = () => this.showLink(null);
    overlay.onclick = (event) => {
      if (event.target !== overlay) return;
      const link = this.linkUnder(event);
      if (link) this.editLink(link);
    };
    overlay.ondblclick = (event) => this.look(event.target === overlay ? this.linkUnder(event) : event.target.dataset);
    overlay.onkeydown = (event) => {
      if (event.key.toLowerCase() === "m" && !event.ctrlKey && !event.metaKey && !event.altKey) this.look(event.target.dataset);
    };
    nodes.points.onclick = (event) => {
      if (this.pen.isActive || this.together) return; // it drew, or no input is followed here
      const { playing } = this.playback;
      const index = playing ? -1 : input.pointUnder(event, this.surfaces.map.canvas, this.points[0].looks.length, (i) => this.placeOfPoint(i));
      const place = input.pointOnMap(event, this.surfaces.map, this.view.domain);
      if (index >= 0) this.choosePoint(index);
      else if (place && this.isPrincipal()) this.change("probe_at", { place });
      else if (place) this.setProbe(this.withHeld(place));
    };
    for (const axis of [0, 1]) {
      nodes[`column${axis}`].onchange = () => {
        const columns = [0, 1].map((other) => Number(nodes[`column${other}`].value));
        if (columns.includes(PRINCIPAL)) {
          const isLeft = this.isPrincipal() && columns[axis] !== PRINCIPAL; // back to two columns
          this.change("slice", { columns: isLeft ? [columns[axis], columns[axis] === 0 ? 1 : 0] : [] });
          return;
        }
        if (columns[0] === columns[1]) columns[1 - axis] = this.view.columns[axis]; // the two change places
        this.change("slice", { columns });
      };
    }
    nodes.pointNumber.onchange = () => this.typedPoint();
    nodes.pointNumber.onkeydown = (event) => this.nextPoint(event);
    nodes.output.onkeydown = (event) => {
      if (event.key !== "Escape" || nodes.point.hidden) return;
      const hadFocus = nodes.point.contains(event.target);
      this.showPoint(null);
      if (hadFocus) nodes.pointNumber.focus();
    };
    this.stopHearing = hear(PULLED, this.name, (pulled) => {
      this.pulled = pulled;
      this.dirty.still = true;
      this.paintSoon();
    });
    this.stopHearingOfTask = hear(GOAL_WANTED, this.name, () => this.tellGoal());
    this.stopGoing = hear(GO, WALL, (by) => {
      if (!this.isOnTheWall || !by) return false;
      if (by > 0) this.still("step", { what: "update" });
      else this.still("back");
    });
    this.stopWatching = onChange(() => {
      this.wasDown = true;
    });
    this.onHide = () => this.keepForReload(false);
    window.addEventListener("pagehide", this.onHide);
    this.path = window.location.pathname;
    this.leftAt = -Infinity;
    this.onLink = (event) => {
      const { target } = event;
      if (!target.closest || event.ctrlKey || event.metaKey || event.shiftKey) return; // another tab
      const link = target.closest("a[href]");
      const [, name] = target.closest("[class*=st-key-]")?.className.match(LEADS_ON) || []; // of the board that it is of
      const way = link ? (link.target !== "_blank" && link.pathname !== this.path ? link : null) : name && target.closest("button");
      if (!way) return;
      if (name === this.name && this.playback.playing) this.pause(); // Python leads on to where it stands
      this.leftAt = performance.now();
      if (this.leftAt - this.askedAt > SENT) return;
      event.preventDefault(); // what was asked just now is sent first
      event.stopImmediatePropagation();
      setTimeout(() => way.click(), SENT);
    };
    document.addEventListener("click", this.onLink, true);
    this.onPresent = ({ target }) => this.putMoment(target.closest?.(`.st-key-${this.name}_present a[href]`));
    for (const event of OPENS) document.addEventListener(event, this.onPresent, true);
  }

  /** The page wrote this link when it ran last: whoever presses it while it plays means what is on screen. */
  putMoment(link) {
    const { header, timeline } = this;
    const { shown, generation } = this.playback;
    if (!link || !header || !header.link) return;
    const [address, moment] = [new URL(link.href), new URLSearchParams(header.link)];
    for (const name of ["present", "embed"]) moment.set(name, address.searchParams.get(name));
    // Of what has failed, or is on the way to somewhere, Python knows better what to open.
    const isItself = header.remember.update === undefined || (header.status === "diverged" && shown.update < this.playback.tail);
    if (shown && shown.generation === generation && header.generation === generation && isItself) {
      for (const [name, update, isSaid] of [["at", shown.update, shown.update > 0], ["until", timeline.furthest, timeline.furthest > shown.update]]) {
        if (isSaid) moment.set(name, String(update));
        else moment.delete(name);
      }
    }
    address.search = moment.toString();
    link.href = address.href;
  }

  linkUnder(event) {
    if (!this.place) return null;
    return input.linkAt(this.place.links, ...placeIn(this.nodes.network, event), event.pointerType === "touch");
  }

  pointAtLink(event) {
    const link = this.linkUnder(event);
    const [x, y] = placeIn(this.nodes.network, event);
    this.showLink(link, link && { x, y });
  }

  /** Highlights a link and shows its card at the given place (its handle when there is none). */
  showLink(link, at = null) {
    if (this.card.isOpen) return;
    this.nodes.overlay.classList.toggle("onLink", Boolean(link));
    if (link === this.hoveredLink) return;
    this.hoveredLink = link;
    this.card.show(link && { ...this.linkTarget(link), ...(at || {}) });
    this.dirty.links = true;
    this.paintSoon();
  }

  editLink(link) {
    this.showLink(link);
    this.card.edit(this.linkTarget(link));
  }

  chooseUnit(item) {
    const { tile } = this.place;
    const name = this.unitName(item);
    const place = { x: item.x + tile / 2, x0: item.x - tile / 2, y: item.y };
    this.card.about({ layer: item.layer, unit: item.unit, name, focus: `unit-${item.layer}.${item.unit}`, ...place }, this.scene.kinds[item.layer]);
    this.chosen = item;
    this.hoverUnit(item);
  }

  /** What the card of a unit says in numbers: {word, text}. */
  unitFacts({ layer, unit }) {
    const { shown } = this.playback;
    const at = this.valueIndex({ layer, unit });
    const facts = [["bias", numbers.text(this.parameter({ layer, unit, source: null }))]];
    if (shown.z) facts.push(["z", numbers.text(shown.z[at])], ["a", numbers.text(shown.a[at])]);
    if (shown.ranges) facts.push(["unit map", this.rangeOf(shown, layer, unit).map((value) => numbers.tick(value, 3)).join(" to ")]);
    return facts.map(([word, text]) => ({ word, text }));
  }

  unitName({ layer, unit }) {
    return this.scene.unit_names[layer][unit];
  }

  linkTarget(link) {
    const { layer, unit, source } = link;
    const feature = this.scene.features.find((candidate) => candidate.on && candidate.source === source);
    const from = layer > 0 ? this.unitName({ layer: layer - 1, unit: source }) : feature.label;
    const name = `weight from ${from} to ${this.unitName(link)}`;
    return { layer, unit, source, name, focus: `link-${layer}.${unit}.${source}`, ...linkPoint(link, draw.HANDLE) };
  }

  /** A weight or bias (source null) as the frame on screen has it. */
  parameter(target) {
    const { shown } = this.playback;
    return shown && this.scene ? (shown.theta[this.parameterPlace(target)] ?? null) : null;
  }

  /** Puts a link, bias or unit under the microscope: from a link, or from its button's data. */
  look(place) {
    if (!place || place.layer === undefined) return;
    const { layer, unit, source, kind } = place;
    const from = { unit: [], bias: [null] }[kind] || [Number(source)];
    this.card.close(false);
    this.open("look", { layer: Number(layer), unit: Number(unit), source: from });
  }

  /** Opens a place or a training point in the microscope: at rest it is told directly, else the board stands still first. */
  open(kind, what) {
    const atRest = !this.playback.playing && !this.playback.queue.length && !this.outbox.commands.length;
    const isHeard = atRest && say(LOOK, this.name, what);
    if (!isHeard) this.still(kind, what);
  }

  // ---- Training points ----------------------------------------------------------------------------------------------

  typedPoint() {
    const { pointNumber, point } = this.nodes;
    const [count, typed] = [this.points[0].looks.length, pointNumber.value.trim()];
    const number = /^\d{1,9}$/.test(typed) ? Number(typed) : NaN;
    if (typed === "") this.showPoint(null);
    else if (number >= 1 && number <= count) this.choosePoint(number - 1);
    else {
      point.replaceChildren(`Training point: type a whole number from 1 to ${count}, not “${typed.slice(0, 20)}”.`);
      this.placePoint(null);
    }
  }

  /** Up and down take the next training point, as they do in every field for a number. */
  nextPoint(event) {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const now = Number(this.nodes.pointNumber.value) || 0;
    this.choosePoint(Math.max(1, Math.min(now + by, this.points[0].looks.length)) - 1);
  }

  /** Follows a training point through the network, and at rest shows its card. */
  choosePoint(index) {
    this.showPoint(null);
    this.unanswered = this.playback.generation;
    const id = this.change("probe_row", { index });
    this.nodes.pointNumber.value = index + 1;
    if (!this.playback.playing) this.chosenPoint = { index, id };
  }

  /** Its inputs come with the answer: the browser has of each point only where it lies. */
  showChosenPoint({ done, probe }) {
    const { index, id } = this.chosenPoint || { id: Infinity };
    if (done < id) return;
    this.chosenPoint = null;
    if (probe && !this.playback.playing && index < this.points[0].looks.length) this.showPoint(index, probe, this.points[0].y[index]);
  }

  /** The card of a training point (x: its inputs, y: its target): what it is, and the way to the microscope. */
  showPoint(index, x, y) {
    const { point, pointNumber } = this.nodes;
    point.hidden = true;
    if (index === null) {
      this.chosenPoint = null;
      pointNumber.value = "";
      return;
    }
    const inputs = x.map((value, i) => `${this.scene.inputs[i]} ${numbers.text(value)}`).filter((_, i) => x.length <= MOST_FIELDS || this.told(i));
    const target = this.scene.task === "regression" ? numbers.tick(y, 4) : this.scene.classes[y].name;
    const open = h("button", { type: "button", class: "look" }, "Open in the microscope");
    open.onclick = () => this.open("look_at", { index });
    point.replaceChildren(h("div", {}, `training point ${index + 1}: ${inputs.join(", ")}, target ${target}`), open);
    this.placePoint(index);
  }

  /** Whether a column of many is told of a point: those across and up, or the first ones. */
  told(column) {
    return this.isPrincipal() ? column < MOST_FIELDS : this.view.columns.includes(column);
  }

  /** The card stands beside its point, or where there is no map at the foot of the output. */
  placePoint(index) {
    const { point, map, pointNumber } = this.nodes;
    point.hidden = false;
    const [all, own] = [boundsOf(point.offsetParent), boundsOf(point)];
    const foot = boundsOf(pointNumber);
    let [left, top] = [all.width - own.width, foot.top - all.top - own.height - 4];
    if (index !== null) {
      const on = boundsOf(map);
      const at = this.placeOfPoint(index);
      left = Math.min(at.x + on.left - all.left + 14, all.width - own.width);
      top = at.y + on.top - all.top + (at.y + own.height + 30 > on.height ? -own.height - 14 : 14);
    }
    Object.assign(point.style, { left: `${Math.max(0, left)}px`, top: `${top}px` });
  }

  setProbe(values) {
    this.showPoint(null);
    this.unanswered = this.playback.generation;
    this.change("probe", { x: values });
    this.fillProbe(values);
  }

  hoverUnit(pointedAt) {
    const unit = pointedAt || this.chosen;
    const same = (this.hover && unit && this.hover.layer === unit.layer && this.hover.unit === unit.unit) || this.hover === unit;
    if (same) return;
    this.hover = unit;
    this.dirty.units = this.dirty.still = this.dirty.map = true;
    this.paintSoon();
    clearTimeout(this.hoverTimer);
    if (this.rest && unit) this.hoverTimer = setTimeout(() => this.rest && this.ask(), 40);
  }

  // ---- What Python says ---------------------------------------------------------------------------------------------

  newScene(header, arrays) {
    this.scene = { ...header.scene_data, number: header.scene, wall: this.isOnTheWall, compared: Boolean(this.together) };
    this.parameterPlace = parameterPlaces(this.scene);
    this.pictured = this.scene.strongest.map(inOrder); // the units of each layer that come with pictures
    this.lookTables = arrays.tables;
    this.sets.clear();
    this.tables = maps.colourTables(arrays.tables);
    this.pixelClasses = arrays.pixel_classes ? arrays.pixel_classes.data : null;
    this.atlases.features = new maps.Atlas(); // empty where there is no plane: an old scene's maps are not this one's
    this.featureCurves = arrays.feature_curves || null;
    this.target = arrays.curve_target ? { x: arrays.curve_x.data, y: arrays.curve_target.data } : null;
    this.hover = null;
    this.hoveredLink = null;
    this.sharp = null;
    if (this.card) this.card.close(false);
    this.layoutStale = true;
    this.nodes.slice.hidden = this.scene.inputs.length < 3;
    this.nodes.root.classList.toggle("sliced", this.scene.inputs.length > 2);
    this.nodes.mapRow.classList.toggle("curve", this.scene.inputs.length < 2);
    this.nodes.discretize.parentElement.hidden = !this.scene.classes.length; // where nothing is decided
    for (const axis of [0, 1]) {
      const names = this.scene.inputs.map((name, i) => h("option", { value: i }, name));
      this.nodes[`column${axis}`].replaceChildren(...names, h("option", { value: PRINCIPAL }, `component ${axis + 1}`));
    }
    this.toldView = ""; // new lists show their first entry
    this.buildClasses();
    this.showUnitMap();
    this.buildProbe();
    this.buildLegend();
    this.tips.learn(this.scene.terms);
  }

  /** Points that are new here. Of a new scene the newest are shown at once, else those that a frame names, with it. */
  takeSets({ sets, scene_data: isNewScene }, arrays) {
    if (!this.scene) return;
    for (const { number, drawn, fixed, validated } of sets) {
      const kinds = ["train", "validation", "test"].map((kind) => ({
        kind,
        places: arrays[`places_${kind}@${number}`].data, // on the map, (n, 2) in a row; with one column it alone
        y: arrays[`y_${kind}@${number}`].data,
        heights: arrays[`height_${kind}@${number}`] ? arrays[`height_${kind}@${number}`].data : null,
        hollow: kind !== "train",
        dotted: kind === "validation",
        looks: this.looksOf(this.lookTables, arrays[`looks_${kind}@${number}`].data),
      }));
      this.sets.set(number, { number, kinds, drawn, fixed, validated });
    }
    if (isNewScene && this.sets.size) this.showSet(this.sets.get(Math.max(...this.sets.keys())));
  }

  showSet(set) {
    if (!set || set === this.set) return;
    this.set = set;
    this.points = set.kinds;
    if (!this.present) for (const older of this.sets.keys()) if (older < set.number) this.sets.delete(older);
    this.showPoint(null);
    const { testKind } = this.nodes;
    this.testWords = set.fixed ? "Test (the same points)" : "Test";
    setText(testKind, this.testWords);
    testKind.setAttribute("aria-label", `${testKind.textContent}: results`);
    this.nodes.root.classList.toggle("validated", set.validated);
    for (const name of ["validationKind", "validationLoss", "validationScore"]) this.nodes[name].closest(".kind, .number").hidden = !set.validated;
    this.dirty.still = this.dirty.loss = true;
  }

  newHistory(arrays, isNewGeneration) {
    this.past = new Past(rowsOf(arrays, "history"), isNewGeneration ? null : this.past);
    this.dirty.loss = true;
  }

  /** The words of the newest answer. While frames are still queued they would be ahead of the picture. */
  showHeader() {
    const { header, nodes } = this;
    if (!header) return;
    this.writeWords();
    setText(nodes.live, this.wordsToHear());
    this.showPlaying();
  }

  /** What the visitor has chosen: true from the answer on, whether frames are queued or not. */
  showChoices() {
    const { header, nodes } = this;
    if (nodes.speed.options.length !== header.speeds.length) {
      nodes.speed.replaceChildren(...header.speeds.map(([name, label]) => h("option", { value: name }, label)));
    }
    if (nodes.speed.value !== header.speed) nodes.speed.value = header.speed;
    nodes.speed.disabled = Boolean(header.idle.speed);
    nodes.speed.title = header.idle.speed;
    nodes.speed.parentElement.hidden = header.hidden.speed;
    nodes.seeds.hidden = header.hidden.weights && header.hidden.data;
    for (const [node, text, idle, isHidden] of [
      [nodes.newWeights, `New weights · seed ${header.seeds.weights}`, header.idle.weights, header.hidden.weights],
      [nodes.newData, `New data · seed ${header.seeds.data}`, header.idle.data, header.hidden.data],
    ]) {
      node.hidden = isHidden;
      setIdle(node, idle);
      setText(node, text);
      if (node.getAttribute("aria-label") !== text) node.setAttribute("aria-label", text);
    }
    setIdle(nodes.undo, header.can_undo ? "" : "There is no change to take back.");
    setIdle(nodes.redo, header.can_redo ? "" : "There is no change that was taken back.");
    this.fillProbe(header.probe);
  }

  /** The words while playing, seldom enough to be read. Aloud they are said at rest only. */
  showWords() {
    const now = performance.now();
    if (now - (this.paintedAt.words || 0) < INTERVALS.words) return;
    this.paintedAt.words = now;
    this.writeWords();
  }

  showPlaying() {
    const { playing } = this.playback;
    const { nodes } = this;
    const value = String(playing);
    if (playing) setText(nodes.live, "Learning"); // also when it goes on after a change, of which other words were said
    if (nodes.root.dataset.playing === value) return;
    nodes.root.dataset.playing = value;
    nodes.play.replaceChild(icon(playing ? "pause" : "play"), nodes.play.firstChild);
    setText(nodes.playText, playing ? "Pause" : "Play");
    nodes.play.setAttribute("aria-label", playing ? "Pause" : "Play");
  }

  // ---- The network's buttons ----------------------------------------------------------------------------------------

  /** isNetwork: otherwise a line that came or went has only changed the size of the loss curve; the buttons stay. */
  resized(isNetwork) {
    this.layoutStale ||= isNetwork;
    this.sizesStale = true;
    this.dirtyAll();
  }

  fit() {
    for (const surface of Object.values(this.surfaces)) surface.fit();
    this.sizesStale = false;
  }

  arrange() {
    const { nodes, scene, playback } = this;
    const { width, height } = this.surfaces.links;
    if (!scene || width < 50 || height < 50) return;
    this.layoutStale = false;
    for (const name of Object.keys(this.dirty)) this.dirty[name] = true;
    this.place = place(scene, width, height, playback.shown ? playback.shown.theta : null);
    const hadFocus = this.parent.activeElement && this.parent.activeElement.dataset ? { ...this.parent.activeElement.dataset } : null;
    this.buildColumns();
    nodes.overlay.replaceChildren(...(scene.compared ? [] : this.headings(width)), ...this.featureButtons(), ...this.unitButtons());
    this.tips.describe(nodes.overlay);
    if (hadFocus && hadFocus.focus) {
      const again = nodes.overlay.querySelector(`[data-focus="${CSS.escape(hadFocus.focus)}"]`);
      if (again) again.focus();
    }
  }

  /** A narrow canvas for each column of units: what is redrawn each frame should be no larger than what changes. */
  buildColumns() {
    const { tile, columns } = this.place;
    const spare = 12; // for borders and the mark of the unit pointed at
    const { image } = this.place;
    this.columns = columns.map((column) => {
      if (image && column.layer < 0) {
        const [x, y] = [Math.floor(image.left) - 2, Math.floor(image.top) - 2];
        const canvas = h("canvas", { style: `left:${x}px;top:${y}px;width:${image.side + 5}px;height:${image.side + 5}px` });
        return { items: column.items, isFeatures: true, left: x, top: y, surface: new draw.Surface(canvas) };
      }
      const left = Math.round(column.x - tile / 2 - spare);
      const top = Math.round(column.items[0].y - tile / 2 - spare);
      const height = column.items[column.items.length - 1].y + tile / 2 + spare - top;
      const canvas = h("canvas", { style: `left:${left}px;top:${top}px;width:${Math.ceil(tile + 2 * spare)}px;height:${Math.ceil(height)}px` });
      return { items: column.items, isFeatures: column.layer < 0, left, top, surface: new draw.Surface(canvas) };
    });
    this.nodes.columns.replaceChildren(...this.columns.map(({ surface }) => surface.canvas));
    for (const { surface } of this.columns) surface.fit();
  }

  headings(width) {
    const { scene, place: placed, header } = this;
    const { layers: locked } = header.idle;
    const found = [];
    const layers = scene.sizes.length - 2;
    const small = (label, title, text, reason, action, focus) => {
      const node = h("button", { type: "button", "aria-label": label, title, "data-focus": focus }, text);
      node.onclick = action;
      setIdle(node, locked || reason);
      node.hidden = header.hidden.layers;
      return node;
    };
    const { limits } = scene;
    const rest = header.hidden.network ? "." : "; Network above the board takes more.";
    found.push(h("div", { class: "heading start", style: "left:0;top:2px" }, h("span", { class: "title" }, term("feature", "Features"))));
    const middle = (placed.columns[0].x + placed.columns[placed.columns.length - 1].x) / 2;
    found.push(
      h("div", { class: "heading", style: `left:${middle}px;top:0` },
        small("Remove the last hidden layer", "One hidden layer less", "−", layers === 0 ? "No hidden layer is left to remove." : "", () => this.change("layers", { by: -1 }), "layers-"),
        h("span", { class: "count" }, String(layers)),
        small("Add a hidden layer", "One hidden layer more", "+", layers >= limits.layers ? `+ adds up to ${limits.layers} hidden layers${rest}` : "", () => this.change("layers", { by: 1 }), "layers+"),
        h("span", { class: "title" }, term("layer", layers === 1 ? "hidden layer" : "hidden layers"))));
    found.push(h("div", { class: "heading end", style: `left:${width}px;top:2px` }, h("span", { class: "title" }, term("output", "Output"))));
    const [inputs] = placed.columns;
    if (inputs.hidden) found.push(h("div", { class: "more", style: `left:${inputs.x}px;top:${inputs.foot}px` }, `+ ${inputs.hidden} more`));
    placed.columns.slice(1).forEach((column, layer) => {
      const isOutput = layer === layers;
      const units = scene.sizes[layer + 1];
      const name = scene.activations[layer];
      if (isOutput) {
        found.push(h("div", { class: "heading end quiet", style: `left:${width}px;top:36px` }, term("activation", name, `${name}, activation of the output`)));
      } else {
        const narrow = width / (layers + 2) < 112;
        found.push(
          h("div", { class: isTight(scene, width) ? "heading stacked" : "heading", style: `left:${column.x}px;top:32px` },
            small(`Remove a unit from layer ${layer + 1}`, "One unit less", "−", units <= 1 ? "A layer has at least one unit; remove the layer instead." : "", () => this.change("units", { layer, by: -1 }), `units-${layer}`),
            h("span", { class: "count", title: `${units} units, ${name}` }, String(units)),
            small(`Add a unit to layer ${layer + 1}`, "One unit more", "+", units >= limits.units ? `+ adds up to ${limits.units} units${rest}` : "", () => this.change("units", { layer, by: 1 }), `units+${layer}`),
            ...(narrow ? [] : [h("span", { class: "quiet" }, term("activation", name, `${name}, activation of layer ${layer + 1}`))])));
      }
      if (column.hidden) {
        found.push(h("div", { class: "more", style: `left:${column.x}px;top:${column.foot}px` }, `+ ${column.hidden} more`));
      }
    });
    if (placed.hiddenLinks > 0) {
      found.push(h("div", { class: "more links" }, `${numbers.count(placed.hiddenLinks)} weaker links not drawn`));
    }
    return found;
  }

  featureButtons() {
    const { scene, place: placed } = this;
    if (placed.image) {
      const { left, top, side } = placed.image;
      return [h("div", {
        class: "image", role: "img", style: `left:${left}px;top:${top}px;width:${side}px;height:${side}px`,
        "aria-label": `The input as a picture of ${scene.image.shape.join(" by ")} pixels`,
      }), h("div", { class: "more picture", style: `left:${left}px;top:${top + side + 4}px;width:${side}px` }, `${scene.sizes[0]} inputs, each with a weight to every unit`)];
    }
    const box = (item) => boxStyle(item, placed.tile);
    return placed.columns[0].items.flatMap((item) => {
      const feature = scene.features[item.unit];
      const node = h("button", {
        type: "button", class: "unit feature", style: box(item), "aria-pressed": String(feature.on), "data-feature": feature.name,
        "data-focus": `feature-${feature.name}`, "aria-label": `Feature ${feature.label}`, title: feature.on ? "Click: leave this feature out" : "Click: use this feature",
      });
      node.onclick = () => this.change("feature", { name: feature.name, on: !feature.on });
      setIdle(node, this.header.idle.features);
      const label = h("span", {
        class: feature.on ? "label" : "label off", title: feature.label,
        style: `left:${item.x - placed.tile / 2 - 5}px;top:${item.y}px;max-width:${item.x - placed.tile / 2 - 8}px`,
      }, feature.label);
      return [label, node];
    });
  }

  unitButtons() {
    const { place: placed } = this;
    const found = [];
    this.unitNodes = [];
    this.linkNodes = [];
    const linksOf = new Map();
    for (const link of placed.links) {
      const key = `${link.layer}.${link.unit}`;
      if (!linksOf.has(key)) linksOf.set(key, []);
      linksOf.get(key).push(link);
    }
    for (const column of placed.columns.slice(1)) {
      for (const item of column.items) {
        const key = `${item.layer}.${item.unit}`;
        (linksOf.get(key) || []).forEach((link, i) => {
          const handle = linkPoint(link, draw.HANDLE);
          const { name } = this.linkTarget(link);
          const node = h("button", {
            type: "button", class: "link", "aria-label": capital(name), style: `left:${handle.x - 5}px;top:${handle.y - 5}px`, tabindex: i ? "-1" : "0", "data-group": key,
            "data-layer": link.layer, "data-unit": link.unit, "data-source": link.source, "data-focus": `link-${key}.${link.source}`,
          });
          node.onfocus = () => node.matches(":focus-visible") && this.showLink(link);
          node.onblur = () => this.showLink(null);
          node.onpointerenter = () => this.showLink(link);
          node.onclick = () => this.editLink(link);
          node.onkeydown = (event) => input.moveAmongLinks(node, event);
          this.linkNodes.push({ node, link, name });
          found.push(node);
        });
        const unit = h("button", {
          type: "button", class: "unit", style: boxStyle(item, placed.tile), "data-layer": item.layer, "data-unit": item.unit,
          "data-kind": "unit", "data-focus": `unit-${key}`, "aria-label": capital(this.unitName(item)),
        });
        unit.onpointerenter = () => this.hoverUnit(item);
        unit.onpointerleave = () => this.hoverUnit(null);
        unit.onclick = () => this.chooseUnit(item);
        unit.onfocus = () => this.hoverUnit(item);
        unit.onblur = () => this.hoverUnit(null);
        const corner = { x: item.x - placed.tile / 2, y: item.y + placed.tile / 2 };
        const target = { layer: item.layer, unit: item.unit, source: null, name: `bias of ${this.unitName(item)}`, focus: `bias-${key}`, ...corner };
        const bias = h("button", {
          type: "button", class: "bias", "data-layer": item.layer, "data-unit": item.unit, "data-kind": "bias", "data-focus": `bias-${key}`,
          style: `left:${corner.x - 7}px;top:${corner.y - 6}px`, "aria-label": capital(target.name),
        });
        bias.onpointerenter = bias.onfocus = () => this.card.show(target);
        bias.onpointerleave = bias.onblur = () => this.card.show(null);
        bias.onclick = () => this.card.edit(target);
        this.unitNodes.push({ unit, bias, item });
        found.push(unit, bias);
      }
    }
    this.describedAt = 0;
    return found;
  }

  /** Names and values for assistive technology and tests: exact at rest, a few times a second while playing. */
  describe(now) {
    const { shown } = this.playback;
    const playing = this.playback.playing || this.present;
    if (!shown || !this.unitNodes || (playing && now - this.describedAt < SLOW)) return;
    this.describedAt = now;
    for (const { unit, bias, item } of this.unitNodes) {
      const value = this.parameter({ layer: item.layer, unit: item.unit, source: null });
      if (value === null) continue;
      const at = this.valueIndex(item);
      unit.dataset.bias = bias.dataset.bias = value;
      const kind = value < 0 ? "bias negative" : value > 0 ? "bias positive" : "bias";
      if (bias.className !== kind) bias.className = kind; // writing the same again would have the page styled anew
      if (shown.z) {
        unit.dataset.z = shown.z[at];
        unit.dataset.a = shown.a[at];
      } else {
        delete unit.dataset.z;
        delete unit.dataset.a;
      }
      if (playing) continue;
      const probed = shown.z ? `, z ${numbers.text(shown.z[at])}, a ${numbers.text(shown.a[at])}` : "";
      const name = this.unitName(item);
      unit.setAttribute("aria-label", `${capital(name)}, ${this.scene.activations[item.layer]}${probed}`);
      bias.setAttribute("aria-label", `Bias of ${name}: ${numbers.text(value)}`);
    }
    for (const { node, link, name } of this.linkNodes) {
      const value = shown.theta[link.index];
      node.dataset.weight = value;
      if (!playing) node.setAttribute("aria-label", `${capital(name)}: ${numbers.text(value)}`);
    }
  }

  /** Position of a unit in arrays that list the units of all layers. */
  valueIndex({ layer, unit }) {
    let at = unit;
    for (let l = 0; l < layer; l += 1) at += this.scene.sizes[l + 1];
    return at;
  }

  /** Position of a unit in arrays that list the pictured units of all layers. */
  pictureIndex({ layer, unit }) {
    const { pictured } = this;
    const before = pictured.slice(0, layer).reduce((sum, units) => sum + units.length, 0);
    return before + pictured[layer].indexOf(unit);
  }

  buildProbe() {
    const { nodes, scene } = this;
    const fields = scene.inputs.map((name) => h("input", { type: "text", "aria-label": `Input ${name}`, autocomplete: "off" }));
    const apply = () => {
      const values = fields.map((field) => typed.number(field.value));
      fields.forEach((field, i) => field.setAttribute("aria-invalid", String(field.value.trim() !== "" && !Number.isFinite(values[i]))));
      if (values.every(Number.isFinite)) this.setProbe(values);
      else if (fields.every((field) => field.value.trim() === "")) {
        this.probeShown = undefined; // also where one of them was emptied before: the words below change
        this.setProbe(null);
      }
      else if (fields.some((field, i) => field.value.trim() !== "" && !Number.isFinite(values[i]))) setText(this.answer, "Type numbers such as 0.5 or −1,5.");
      else this.halfEmpty();
    };
    this.probeFields = fields;
    this.clearProbe = h("button", { type: "button", "aria-label": "Clear the inputs", title: "No inputs" }, "×");
    this.clearProbe.onclick = () => this.setProbe(null);
    this.answer = h("output", { class: "answer" });
    fields.forEach((field) => {
      field.onchange = apply;
    });
    nodes.probe.onsubmit = (event) => {
      event.preventDefault();
      apply();
    };
    nodes.probe.classList.toggle("several", scene.sizes[scene.sizes.length - 1] > 2); // outputs: a line to themselves
    const named = fields.map((field, i) => [h("span", {}, scene.inputs[i]), field]);
    const isRow = fields.length > MOST_FIELDS || scene.inputs.join("").length > MOST_LETTERS; // a row of a table is typed in a form of its own
    nodes.probe.replaceChildren(
      h("div", { class: "fields" },
        h("span", { class: "quiet" }, isRow ? "Click a point, or" : "Try an input"),
        ...(isRow ? [rowForm(named)] : named.flat()),
        this.clearProbe),
      this.answer);
    this.probeShown = undefined;
  }

  /** An input that is not typed any more is not followed any more; what stands in the other fields stays. */
  halfEmpty() {
    if (this.probeShown === "null") return; // the first one is being typed
    this.showPoint(null);
    this.probeShown = "null";
    this.clearProbe.hidden = true;
    this.unanswered = this.playback.generation; // its frames would say what they know of the input before
    this.change("probe", { x: null });
    setText(this.answer, "Type every input.");
  }

  fillProbe(values) {
    if (!this.probeFields) return;
    const key = JSON.stringify(values);
    if (key === this.probeShown) return;
    this.probeShown = key;
    this.dirty.still = true;
    this.probeFields.forEach((field, i) => {
      field.value = values ? typed.written(values[i]) : "";
      field.setAttribute("aria-invalid", "false");
    });
    this.clearProbe.hidden = !values;
    if (!values) setText(this.answer, this.scene.inputs.length > MOST_FIELDS ? "" : "or click the picture");
  }

  buildLegend() {
    const { nodes } = this;
    this.scaleText = h("span", {});
    const look = (weight) => `border-top-width:${draw.linkWidth(weight)}px;opacity:${draw.linkOpacity(weight)}`;
    nodes.legend.replaceChildren(
      h("span", {}, term("weight"), h("i", { class: "negative", style: look(-1) }), "−1"),
      h("span", {}, h("i", { style: look(1) }), "+1"),
      h("span", {}, h("i", { style: look(4) }), "+4 and more"),
      h("span", {}, "with an input: ", term("z"), term("a")),
      h("span", {}, "frame and small square: ", term("bias")),
      this.scene.inputs.length > 1
        ? h("span", {}, term("unit map", "unit maps"), h("b", {}), this.scaleText)
        : h("span", {}, "unit curves from", this.scaleText));
  }

  // ---- Painting -----------------------------------------------------------------------------------------------------

  planar() {
    return this.scene.inputs.length > 1;
  }

  /** Whether the map shows the plane of the principal components, and no two columns of the data. */
  isPrincipal() {
    return this.planar() && !this.view.columns.length;
  }

  /** A whole input: a place of the picture, and where the other columns are held. */
  withHeld(place) {
    return this.view.held.map((value, column) => {
      const axis = this.view.columns.indexOf(column);
      return axis < 0 ? value : place[axis];
    });
  }

  /** What the output unit gives, in the data's own units. */
  inUnits(value) {
    const [shift, factor] = this.scene.output_units;
    return shift + factor * value;
  }

  /** Where a training point lies on the canvas of the large picture. */
  placeOfPoint(index) {
    const [set] = this.points;
    if (this.planar()) return draw.placeOnMap(this.surfaces.map, this.view.domain, set.places.subarray(2 * index, 2 * index + 2));
    return curves.placeOnCurve(this.surfaces.map, this.view.domain[0], this.rangeOfOutput(), set.places[index], set.heights[index]);
  }

  /** What is ticked below the map, as Python calls it; an axis that nobody has chosen is none of it. */
  ticks() {
    const { showTest, discretize, logarithmic } = this.choices;
    return [showTest && "test", discretize && "discretize", logarithmic !== null && (logarithmic ? "log" : "linear")].filter(Boolean);
  }

  /** What was ticked before, by a link or by the visitor. */
  showTicks(ticks) {
    if (ticks.join() === this.ticks().join()) return;
    const logarithmic = ticks.includes("log") || (ticks.includes("linear") ? false : null);
    this.choices = { showTest: ticks.includes("test"), discretize: ticks.includes("discretize"), logarithmic };
    for (const name of ["showTest", "discretize"]) this.nodes[name].checked = this.choices[name];
    this.reloadMaps();
    this.dirtyAll();
  }

  showView(view) {
    const told = JSON.stringify(view);
    if (told === this.toldView) return;
    this.toldView = told;
    const { nodes } = this;
    this.view = view;
    this.dirtyAll();
    if (!this.planar()) return;
    for (const axis of [0, 1]) nodes[`column${axis}`].value = this.isPrincipal() ? PRINCIPAL : view.columns[axis];
    setText(nodes.held, view.words);
  }

  /** What points look like: as their class, or in the colour of their target. One object a look, so that they are drawn together. */
  looksOf(tables, numbers) {
    const { classes } = this.scene;
    const ring = classes.length ? "white" : GREY;
    const known = new Map();
    return Array.from(numbers, (number) => {
      if (!known.has(number)) {
        const colour = [0, 1, 2].map((channel) => tables.data[3 * number + channel]);
        known.set(number, { ring, ...(classes.length ? classes[number] : { color: `rgb(${colour.join()})`, outline: [] }) });
      }
      return known.get(number);
    });
  }

  /** The legend of classes in the place of the colour scale, where colours stand for more than two. */
  buildClasses() {
    const { nodes, scene } = this;
    nodes.classes.replaceChildren(...scene.classes.map((look) => {
      const canvas = h("canvas", { width: 28, height: 28, "aria-hidden": "true" });
      const context = canvas.getContext("2d");
      context.scale(2, 2);
      draw.drawMark(context, { x: 7, y: 7 }, 4.5, look);
      return h("li", {}, canvas, look.name);
    }));
  }

  readTheme() {
    const host = this.parent.host || this.parent;
    const style = getComputedStyle(host);
    const read = (name) => style.getPropertyValue(name).trim();
    const [text, background] = [read("--ink"), read("--paper")];
    const theme = text + background + read("--st-font");
    if (theme === this.theme) return; // most calls bring data, not a change of theme
    this.theme = theme;
    this.dirtyAll();
    this.nodes.root.dataset.theme = isDark(background) ? "dark" : "light";
    this.colours = {
      text,
      background,
      panel: read("--raised"),
      font: read("--st-font") || "sans-serif",
      size: this.isOnTheWall ? 12 : 11, // px, of letters and numbers on a canvas
      accent: read("--accent"),
      negative: read("--negative"),
      positive: read("--positive"),
      faint: `color-mix(in srgb, ${text} 72%, transparent)`,
      line: `color-mix(in srgb, ${text} 35%, transparent)`,
      grid: `color-mix(in srgb, ${text} 12%, transparent)`,
      train: text,
      validation: `color-mix(in srgb, ${text} 72%, transparent)`,
      test: read("--accent"),
    };
  }

  /** The colours of the units' maps beside the words for their scale. */
  showUnitMap() {
    const [low, middle, high] = [0, 128, 255].map((pixel) => maps.css(this.tables[this.scene.tables.unit][pixel]));
    this.nodes.root.style.setProperty("--unit-map", `linear-gradient(90deg, ${low}, ${middle}, ${high})`);
  }

  dirtyAll() {
    for (const name of Object.keys(this.dirty)) this.dirty[name] = true;
    this.paintSoon();
  }

  paintSoon() {
    if (!this.request && !this.closed) {
      this.request = requestAnimationFrame((now) => {
        this.request = null;
        this.tick(now);
      });
    }
  }

  /** One animation frame: choose the frames that are due, ask for more in time, draw what changed. */
  tick(now) {
    const { playback } = this;
    this.pauseUnseen();
    playback.seenAt = performance.now();
    const elapsed = now - (this.lastTick || now);
    if (playback.playing && elapsed > 0) this.interval += 0.05 * (Math.min(elapsed, 200) - this.interval);
    const due = playback.due(elapsed);
    this.lastTick = now;
    if (due.length) {
      this.present = null;
      due.forEach((frame) => {
        this.past.add(frame);
        this.timeline.keep(frame, this.sets.get(frame.points));
      });
      this.newFrame();
    }
    if (playback.ending && !playback.queue.length) this.finish();
    this.keepInMind();
    if (playback.playing) this.showWords();
    if (playback.hungry() && !this.waiting) this.ask();
    if (this.layoutStale || this.sizesStale) this.fit();
    if (this.layoutStale) this.arrange();
    this.paint(now);
    this.together?.tell();
    if (playback.playing || playback.queue.length || this.present) this.paintSoon();
    else this.lastTick = 0;
  }

  newFrame() {
    const { shown } = this.playback;
    this.showSet(shown.set || this.sets.get(shown.points));
    if (this.header && shown.generation === this.header.generation) this.pen.settle(this.header.done);
    this.reloadMaps();
    const { still } = this.dirty;
    this.dirtyAll();
    if (this.playback.playing) this.dirty.still = still;
    if (this.present) this.showWords();
    else if (!this.playback.playing) this.showHeader();
  }

  reloadMaps() {
    const { shown } = this.playback;
    if (!shown) return;
    const { tables, scene } = this;
    const hidden = this.pictured.slice(0, -1).reduce((sum, units) => sum + units.length, 0);
    const tableOf = (unit) => tables[unit < hidden ? scene.tables.unit : scene.tables.classes[unit - hidden]];
    if (shown.unitMaps) this.atlases.units.load(shown.unitMaps.data, shown.unitMaps.side, tableOf);
    if (shown.outputMaps) this.atlases.output.load(shown.outputMaps.data, shown.outputMaps.side, () => this.answerTable());
    if (this.sharp) this.loadSharp();
  }

  /** The first of the sharp maps is the answer's. */
  loadSharp() {
    const tableOf = (map) => (map ? this.tableOf(...this.sharp.units[map - 1]) : this.answerTable());
    this.atlases.sharp.load(this.sharpData.data, this.sharp.side, tableOf);
  }

  answerTable() {
    const { answer, discrete } = this.scene.tables;
    return this.tables[this.choices.discretize ? discrete : answer];
  }

  /** The colours of one unit's own map. */
  tableOf(layer, unit) {
    const { sizes, tables } = this.scene;
    return this.tables[layer === sizes.length - 2 && tables.classes.length ? tables.classes[unit] : tables.unit];
  }

  paint(now) {
    const { dirty, playback, scene } = this;
    const { shown } = playback;
    const playing = playback.playing || this.present; // one picture after the other
    if (!scene || !shown || !this.place || !Object.values(dirty).includes(true)) return;
    const due = (name, interval) => {
      if (!dirty[name] || (playing && now - (this.paintedAt[name] || 0) < interval)) return false;
      this.paintedAt[name] = now;
      dirty[name] = false;
      return true;
    };
    if (due("links", Math.max(INTERVALS.links, EACH_LINK * this.place.links.length))) {
      this.surfaces.links.clear();
      draw.drawLinks(this.surfaces.links.context, this.place.links, shown.theta, this.hoveredLink, this.colours);
      if (this.place.bundles) draw.drawBundles(this.surfaces.links.context, this.place.bundles, this.colours);
    }
    const still = due("still", 0);
    if (due("units", 0)) {
      this.paintUnits(shown, still || Boolean(this.hover));
      this.writeAnswer(shown); // with the output's tile, which shows it as the network gives it
    }
    if (due("map", 0)) this.paintMap(shown);
    if (still) this.paintPoints();
    if (due("loss", INTERVALS.loss)) this.paintLoss();
    this.writeData(shown);
    if (due("text", INTERVALS.text)) this.writeNumbers(shown);
    this.card.refresh();
    this.describe(now);
  }

  /** The units' tiles; the features' only when something about them changed. */
  paintUnits(shown, features) {
    const { scene, place: placed, atlases, hover, colours } = this;
    const last = scene.sizes.length - 2;
    for (const column of this.columns) {
      if (column.isFeatures && !features) continue;
      const { context } = column.surface;
      column.surface.clear();
      context.save();
      context.translate(-column.left, -column.top);
      if (column.isFeatures && placed.image) {
        draw.drawImage(context, placed.image, scene.image, this.header.probe || scene.image.mean, colours);
        context.restore();
        continue;
      }
      for (const item of column.items) {
        const isFeature = item.layer < 0;
        const isOutput = item.layer === last;
        const at = isFeature ? item.unit : this.valueIndex(item);
        const feature = isFeature ? scene.features[item.unit] : null;
        const single = isOutput && scene.sizes[last + 1] === 1;
        const atlas = isFeature ? atlases.features : single ? atlases.output : atlases.units;
        const hasMap = this.planar() && atlas.side && (isFeature || (single ? shown.outputMaps : shown.unitMaps));
        const curve = this.planar() ? null : isFeature ? row(this.featureCurves, item.unit) : this.curveOf(shown, item);
        const range = curve && (isFeature ? reach(curve) : this.rangeOf(shown, item.layer, item.unit));
        const drawPicture = (left, top) =>
          hasMap ? atlas.draw(context, single ? 0 : isFeature ? at : this.pictureIndex(item), left, top, placed.tile) : curves.drawTileCurve(context, curve, range, left, top, placed.tile, colours);
        draw.drawUnit(context, item, placed.tile, {
          bias: isFeature ? null : this.parameter({ ...item, source: null }),
          picture: hasMap || curve ? drawPicture : null,
          look: isOutput && !single ? scene.classes[item.unit] : null,
          values: this.tileValues(shown, item, at),
          active: isFeature ? feature.on : true,
          hovered: hover && hover.layer === item.layer && hover.unit === item.unit,
          colours,
        });
      }
      context.restore();
    }
  }

  /** Whether the large picture shows the network's answer, and not one unit's own. */
  isAnswer() {
    const { hover, scene } = this;
    return !hover || (hover.layer === scene.sizes.length - 2 && scene.sizes[hover.layer + 1] === 1);
  }

  /** A unit's curve in a frame. */
  curveOf(shown, item) {
    if (!shown.curves) return null;
    const { data, places } = shown.curves;
    const at = this.pictureIndex(item);
    return data.subarray(at * places, (at + 1) * places);
  }

  /** Axes, points and probe above the map. */
  paintPoints() {
    const { scene, choices, playback, pulled } = this;
    const rings = pulled && !playback.playing && pulled.update === playback.shown.update && this.planar() ? pulled.points : [];
    this.nodes.rings.hidden = !rings.length;
    this.nodes.root.dataset.rings = rings.length;
    const shown = (kind) => !kind.hollow || choices.showTest || (this.pen.isActive && !this.set.fixed);
    const points = this.pen.without(this.points.filter(shown));
    const shared = { names: this.view.names, colours: this.colours };
    if (!this.planar()) {
      const item = this.isAnswer() ? { layer: scene.sizes.length - 2, unit: 0 } : this.hover;
      const { shown } = playback;
      curves.drawCurveOverlay(this.surfaces.points, {
        ...shared,
        domain: this.view.domain[0],
        range: this.rangeOf(shown, item.layer, item.unit),
        points: this.isAnswer() ? points : [], // targets are of the output's scale
        target: this.isAnswer() ? this.target : null,
        probe: this.header.probe && shown.a ? { x: this.header.probe[0], y: this.inUnits(shown.a[this.valueIndex(item)]) } : null,
      });
      this.pen.paint(this.surfaces.points, this.colours);
      return;
    }
    const every = (places, axis) => places.filter((_, i) => (i & 1) === axis);
    const own = this.points[0].places;
    draw.drawMapOverlay(this.surfaces.points, {
      ...shared,
      domain: this.view.domain,
      points: points.map((kind) => ({ ...kind, x: every(kind.places, 0), y: every(kind.places, 1) })),
      rings: rings.map(({ index, share }) => ({ x: own[2 * index], y: own[2 * index + 1], share })),
      probe: this.header.probe && this.header.view.place,
    });
    this.pen.paint(this.surfaces.points, this.colours);
  }

  tileValues(shown, item, at) {
    if (!shown.z || this.place.tile < 26) return null;
    if (item.layer >= 0) return [`z ${numbers.text(shown.z[at])}`, `a ${numbers.text(shown.a[at])}`];
    const feature = this.scene.features[item.unit];
    return feature.on && shown.inputs ? [numbers.text(shown.inputs[feature.source])] : null;
  }

  paintMap(shown) {
    const { scene, hover, atlases, nodes, choices } = this;
    const last = scene.sizes.length - 2;
    const isAnswer = this.isAnswer();
    const [layer, unit] = isAnswer ? [last, 0] : [hover.layer, hover.unit];
    const sharp = this.sharpFor(shown, isAnswer ? null : hover);
    let [atlas, index, line] = [null, 0, null];
    if (sharp >= 0) [atlas, index, line] = [atlases.sharp, sharp, { data: row(this.sharpData, sharp), side: this.sharp.side, crossings: this.sharpCrossings }];
    else if (isAnswer && shown.outputMaps) [atlas, index, line] = [atlases.output, 0, shown.outputMaps];
    else if (!isAnswer && shown.unitMaps) [atlas, index] = [atlases.units, this.pictureIndex(hover)];
    if (this.planar()) {
      draw.drawMap(this.surfaces.map, {
        atlas,
        index,
        boundary: isAnswer && line && this.pixelClasses ? { ...line, classes: this.pixelClasses } : null,
        discrete: choices.discretize && isAnswer,
      });
    } else {
      const curve = this.curveOf(shown, { layer, unit });
      if (curve) curves.drawCurveOver(this.surfaces.map, { curve, range: this.rangeOf(shown, layer, unit), colours: this.colours, accent: this.colours.accent });
    }
    const range = isAnswer ? this.rangeOfOutput() : this.rangeOf(shown, layer, unit);
    const isOwn = !isAnswer && layer === last; // one class's output unit
    nodes.points.classList.add("pick");
    const colours = isAnswer ? scene.colours.output : isOwn ? scene.colours.one : scene.colours.unit;
    setText(nodes.mapColours, this.planar() ? colours : isAnswer ? `${scene.colours.curve}${choices.showTest ? ", ○ test" : ""}` : "");
    // Beside a unit's name these numbers would be taken for the unit's own.
    setText(nodes.trainKind, isAnswer ? "Training" : "Training, whole network");
    setText(nodes.validationKind, isAnswer ? "Validation" : "Validation, whole network");
    setText(nodes.testKind, isAnswer ? this.testWords : "Test, whole network");
    setText(nodes.mapTitle, isAnswer ? "Output" : capital(this.unitName(hover)));
    const asClasses = isAnswer && scene.classes.length > 2;
    nodes.classes.hidden = !asClasses;
    nodes.bar.parentElement.classList.toggle("asClasses", asClasses);
    this.showBriefly(nodes.high, range[1]);
    this.showBriefly(nodes.low, range[0]);
    this.showBriefly(nodes.middle, (range[0] + range[1]) / 2);
    const { bar } = this.surfaces;
    const table = isAnswer ? this.answerTable() : this.tableOf(layer, unit);
    if (bar.fit() || bar.table !== table || bar.drawn !== bar.height) { // it has no size while it is hidden
      draw.drawColourBar(bar, table, isAnswer ? this.pixelClasses : null);
      Object.assign(bar, { table, drawn: bar.height });
    }
  }

  /** The values that the ends of the answer's colours, or of the large curve, stand for. */
  rangeOfOutput() {
    const { shown } = this.playback;
    if (this.pen.range) return this.pen.range;
    return shown && shown.ranges ? [shown.ranges[shown.ranges.length - 2], shown.ranges[shown.ranges.length - 1]] : this.scene.output_range;
  }

  /** The values that the ends of the colour scale stand for in a unit's map. */
  rangeOf(shown, layer, unit) {
    const at = 2 * this.valueIndex({ layer, unit });
    if (this.pen.range && layer === this.scene.sizes.length - 2) return this.pen.range;
    return shown.ranges ? [shown.ranges[at], shown.ranges[at + 1]] : this.scene.output_range;
  }

  /** Which of the sharp maps shows a unit (null: the answer) at the frame on screen; -1 when none does. */
  sharpFor(shown, item) {
    const { sharp } = this;
    if (!sharp || sharp.generation !== shown.generation || sharp.update !== shown.update) return -1;
    if (!item) return 0;
    const at = sharp.units.findIndex(([layer, unit]) => layer === item.layer && unit === item.unit);
    return at < 0 ? -1 : at + 1;
  }

  paintLoss() {
    const { nodes, choices, header, timeline } = this;
    const { shown } = this.playback;
    const logarithmic = choices.logarithmic ?? header.logarithmic;
    if (nodes.logarithmic.checked !== logarithmic) nodes.logarithmic.checked = logarithmic;
    const drawing = timeline.drawing(this.past.rows, shown);
    const chart = drawLoss(this.surfaces.loss, { ...drawing, logarithmic, colours: this.colours });
    timeline.place(chart, drawing.curve, shown, header.done);
  }

  /** What programs read: the frame that is drawn, with all digits. */
  writeData(shown) {
    const { dataset } = this.nodes.root;
    this.paints += 1;
    dataset.paints = this.paints;
    dataset.update = shown.update;
    dataset.epoch = shown.epoch;
    dataset.trainLoss = shown.train.loss;
    dataset.testLoss = shown.test.loss;
    dataset.generation = shown.generation;
    dataset.furthest = this.timeline.furthest;
    dataset.points = this.points.reduce((sum, { kind, looks }) => sum + (kind === "test" && this.set.fixed ? 0 : looks.length), 0);
  }

  /** Everything printed comes from one real frame. */
  writeNumbers(shown) {
    const { nodes, scene } = this;
    this.timeline.describe(shown);
    setText(nodes.epoch, numbers.count(shown.epoch));
    setText(nodes.update, numbers.count(shown.update));
    this.showTerm(nodes.scoreName, scene.task === "regression" ? "R²" : "accuracy");
    for (const kind of ["train", "validation", "test"]) {
      const measured = shown[kind];
      if (!measured) continue;
      setText(nodes[`${kind}Loss`], numbers.text(measured.loss));
      setText(nodes[`${kind}Score`], score(measured));
    }
    setText(this.scaleText, shown.ranges ? this.unitScale(shown, numbers.brief) : "orange low, blue high");
    if (!this.playback.playing && shown.ranges) this.scaleText.title = this.unitScale(shown, numbers.exact);
    this.tellGoal();
  }

  /** To the panel of a task: how far each condition is at the update on screen. */
  tellGoal() {
    const { header, playback } = this;
    const { shown } = playback;
    if (!header || !header.task || !shown || (!this.present && shown.generation !== header.generation)) return;
    // How a run ended belongs to its last frame, which was made before.
    const { fingerprint, reached, update, goal } = header.task;
    say(GOAL, this.name, { fingerprint, reached, update: shown.update, goal: shown.update === update ? goal : shown.goal });
  }

  /** What the network says to the typed input; until it has answered, of the one before nothing is said. */
  writeAnswer(shown) {
    if (this.probeShown === "null") return; // the fields are empty: what is asked of them stands there
    if (this.unanswered !== null && shown.generation <= this.unanswered) {
      setText(this.answer, "→ …");
    } else if (this.present && this.header.probe && !shown.a) {
      setText(this.answer, "→ …"); // it was shown with another input
    } else if (shown.a) {
      const outputs = this.scene.sizes[this.scene.sizes.length - 1];
      const values = Array.from(shown.a.slice(-outputs), (value) => numbers.text(this.inUnits(value)));
      setText(this.answer, `→ output ${values.join(", ")}`);
    }
  }

  /** Another word in the place of a term. */
  showTerm(node, word) {
    if (node.dataset.term === word) return;
    node.dataset.term = word;
    setText(node, word);
    this.tips.describe(node.parentElement);
  }

  /** A number in the little room beside a scale, and all its digits for who points at it. */
  showBriefly(node, value) {
    setText(node, numbers.brief(value));
    if (node.title !== numbers.exact(value)) node.title = numbers.exact(value);
  }

  /** The scale of the hidden units' maps in words: one when all share it. written: how a number is. */
  unitScale(shown, written) {
    const hidden = this.scene.sizes.slice(1, -1).reduce((sum, size) => sum + size, 0);
    if (!hidden) return `${written(shown.ranges[0])} to ${written(shown.ranges[1])}`;
    const highs = Array.from({ length: hidden }, (_, unit) => shown.ranges[2 * unit + 1]);
    const lows = Array.from({ length: hidden }, (_, unit) => shown.ranges[2 * unit]);
    const [foot, top] = [Math.min(...lows), Math.max(...highs)];
    if (lows.every((low) => low === foot) && highs.every((high) => high === top)) return `${written(foot)} to ${written(top)}`;
    if (lows.every((low, unit) => low === -highs[unit])) return `±${written(Math.min(...highs))} to ±${written(top)}, each its own`;
    return `each its own, within ${written(foot)} to ${written(top)}`;
  }
}

/** Of a colour as Streamlit writes it, # and six digits. */
function isDark(colour) {
  const channels = (colour.match(/^#(..)(..)(..)/) || []).slice(1).map((pair) => parseInt(pair, 16));
  return channels.length > 0 && Math.max(...channels) < 128;
}

/** A form with all columns of a row, which opens above what it stands in. named: [name, field] of each. */
function rowForm(named) {
  const form = h("details", { class: "rowForm" },
    h("summary", {}, "Type a row"),
    h("div", { class: "rowFields" }, ...named.map(([name, field]) => h("label", {}, name, field))));
  form.onkeydown = (event) => {
    if (event.key !== "Escape" || !form.open) return;
    form.open = false;
    form.firstElementChild.focus();
    event.stopPropagation();
  };
  return form;
}

/** A scale on which a feature's curve fills its tile. */
function reach(curve) {
  const largest = curve.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  return [-largest, largest];
}

/** Of several boards each has a letter, which may be another one when one of them is taken away. */
function nameAmongOthers(root, letter) {
  const name = `Board ${letter}. Space plays or pauses all boards, right arrow makes one update of each, R goes back to update 0.`;
  if (root.getAttribute("aria-label") !== name) root.setAttribute("aria-label", name);
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function boxStyle(item, tile) {
  return `left:${item.x - tile / 2}px;top:${item.y - tile / 2}px;width:${tile}px;height:${tile}px`;
}

function score({ correct, total, r2 }) {
  if (total) return `${numbers.percent(correct / total)} (${correct}/${total})`;
  return numbers.text(r2);
}

export default mount(Board, STYLES);
