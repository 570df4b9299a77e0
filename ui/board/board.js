// The live board: shows frames that Python computed and reports what the visitor does. It computes no network. Here is the
// conversation with Python, what Play, Step and the like do, and when what is drawn; what stands on the board has files of its own.

import { Pen } from "./draw.js";
import * as draw from "./drawing.js";
import { build, gather, hang, icon, setIdle } from "./elements.js";
import * as input from "./input.js";
import { Leaving } from "./leaving.js";
import { drawLoss } from "./loss_curve.js";
import { Maps } from "./maps.js";
import { OF_THE_PAGE_BEFORE, keepForReload, keepTask, memoryOf } from "./memory.js";
import { Network } from "./network.js";
import { Past } from "./past.js";
import { Picture } from "./picture.js";
import { Playback, framesOf } from "./playback.js";
import { Points } from "./points.js";
import { Probe } from "./probe.js";
import { Line, unpack } from "./protocol.js";
import { isPlanar, sceneOf } from "./scene.js";
import { Timeline, letterOf, rowsOf } from "./time.js";
import { Tips } from "./tips.js";
import { Together } from "./together.js";
import { Words, writeNumbers } from "./words.js";
import { isDown, onChange } from "../kit/connection.js";
import { h, setText } from "../kit/elements.js";
import { GO, GOAL, GOAL_WANTED, LOOK, UNHEARD, WALL, hear, say } from "../kit/events.js";
import { mount } from "../kit/mount.js";
import { sheet } from "../kit/styles.js";

// ms of standing still before sharp maps are asked for, and before the page around the board is brought up to date. The
// page's charts take longer than a step may: somebody who steps on in quick succession should not wait for them.
const REST = { maps: 250, page: 800 };
// ms between drawings of some parts while playing: where nothing but software draws, these are the expensive ones, and
// nobody reads a digit or a line's width sixty times a second.
const INTERVALS = { links: 60, loss: 120, text: 80 };
const EACH_LINK = 0.6; // ms more between drawings for each link: a dashed curve costs 0.05 ms in software
// What stands above the board where that is a task as well, and the least height that it then has, see board.css.
const WITH_TASK = { "--above": "268px", "--least": "434px" };
const KEPT = -2; // the generation of a frame that is shown while one moves through time: no answer is of it

const STYLES = await sheet(new URL("./board.css", import.meta.url));
// Characters and parameters of the address with which the page was loaded.
const OPENED = ((query) => [query.length, query.split("&").length])(new URL(performance.getEntriesByType("navigation")[0]?.name ?? window.location.href).search);

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
    this.line = new Line();
    this.playback = new Playback();
    this.past = new Past();
    this.present = null; // while a kept frame is on screen, the one that was before one moved
    this.scene = null;
    this.barrier = 0; // answers that have not yet done this command show the past
    this.interval = 1000 / 60; // ms between animation frames, as measured
    this.playId = 0; // an answer that has not yet done this Play does not know of it
    this.rest = null; // "maps" or "page" once at rest, see REST
    this.paints = 0;
    this.dirty = { links: true, units: true, still: true, map: true, loss: true, text: true };
    this.paintedAt = {};
    this.loss = new draw.Surface(this.nodes.loss);
    this.furnish(header);
    this.readTheme();
    this.listen();
    this.sizes = new ResizeObserver((entries) => this.resized(entries.some(({ target }) => target === this.nodes.network)));
    this.sizes.observe(this.nodes.network);
    this.sizes.observe(this.nodes.map);
    this.sizes.observe(this.nodes.lossBox);
    this.watchdog = setInterval(() => this.watch(), 500);
  }

  /** What stands on the board, and what each of it may ask and say. */
  furnish({ compared }) {
    const { nodes, name } = this;
    const onScreen = {
      header: () => this.header,
      shown: () => this.playback.shown,
      generation: () => this.playback.generation,
      colours: () => this.colours,
      isPlaying: () => this.playback.playing,
      change: (kind, settings) => this.change(kind, settings),
      open: (kind, what) => this.open(kind, what),
      repaint: (...parts) => this.repaint(...parts),
    };
    this.maps = new Maps(() => this.picture.choices.discretize);
    this.words = new Words(nodes, { ...onScreen, furthest: () => this.timeline.furthest, isKept: () => Boolean(this.present) });
    this.probe = new Probe(nodes.probe, { ...onScreen, follow: (values) => this.follow("probe", { x: values }) });
    this.points = new Points(nodes, name, {
      ...onScreen,
      columns: () => this.picture.view.columns,
      placeOf: (index) => this.picture.placeOfPoint(index),
      follow: (index) => {
        this.probe.expect();
        return this.change("probe_row", { index });
      },
    });
    this.picture = new Picture(nodes, this.maps, this.points, {
      ...onScreen,
      pen: () => this.pen,
      hover: () => this.network.hover,
      takesClicks: () => !this.pen.isActive && !this.together, // else it draws, or no input is followed here
      follow: (values) => this.probe.set(values),
      tick: (names) => this.command("tick", { names }),
    });
    this.network = new Network(nodes, this.maps, {
      ...onScreen,
      isMoving: () => this.playback.playing || this.present,
      isOnTheWall: this.isOnTheWall,
      rangeOf: (layer, unit) => this.picture.rangeOf(layer, unit),
      pointed: (unit) => this.askAboutUnit(unit),
      explain: (node) => this.tips.describe(node),
    });
    this.pen = new Pen(nodes, {
      set: () => this.points.set,
      classes: () => (this.scene ? this.scene.classes : []),
      names: () => this.picture.names(),
      isPlanar: () => isPlanar(this.scene),
      spans: () => this.picture.spans(),
      surface: () => this.picture.map,
      placeOf: (x, y) => this.picture.placeOf(x, y),
      repaint: () => this.repaint("still"),
      repaintAll: () => this.repaint(),
      nextId: () => this.outbox.lastId + 1,
      send: (command) => this.follow("draw", command),
    });
    this.timeline = new Timeline(nodes, {
      begin: () => this.beginMoving(),
      show: (frame) => this.showKept(frame),
      go: (update) => this.goTo(update),
      branch: (kind, settings) => this.changeBranches(kind, settings),
      markOf: compared ? (place) => String(place + 1) : letterOf, // of a comparison the boards have letters
      ask: () => this.ask(),
      repaint: () => this.repaint("loss"),
    });
    this.leaving = new Leaving(name, {
      leadOn: () => this.playback.playing && this.pause(),
      askedAt: () => this.line.askedAt,
      moment: () => {
        const { shown, generation, tail } = this.playback;
        return { header: this.header, shown, generation, tail, furthest: this.timeline.furthest };
      },
    });
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
    this.points.stopHearing();
    this.together?.close();
    this.timeline.close();
    this.leaving.close();
    this.stopHearing();
    this.stopGoing();
    this.stopWatching();
    window.removeEventListener("pagehide", this.onHide);
    this.keepForReload(true);
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
    this.line.hear(header.ack, performance.now());
    if (header.visit !== this.visit) this.startAnew(header);
    this.outbox.confirm(header.done);
    if (this.memory.left && header.done >= this.memory.left.id) this.memory.left = null;
    this.takeFilm(header, arrays);
    this.tellWhetherItWaits();
    // It was under way before the visitor's last command, or while she moves through time, to where she has not said yet.
    if (header.done < this.barrier || this.timeline.isMoving) return;
    const { playback } = this;
    // Until Python has heard of the first answer it sends the scene with each: known already, it closes nobody's editor.
    if (header.scene_data && (!this.scene || this.scene.number !== header.scene)) this.newScene(header, arrays);
    if (!this.scene) {
      this.ask(); // a board built anew hears the answer to what the one before had asked, which knew the scene
      return;
    }
    this.points.take(header.sets, arrays);
    if (header.scene_data) this.showSet(this.points.sets.get(this.points.newest)); // else with a frame that names it
    if (arrays.feature_maps) this.maps.loadFeatures(arrays.feature_maps);
    this.picture.showView(header.view);
    this.picture.showTicks(header.ticks);
    const newGeneration = header.generation !== playback.generation;
    if (arrays.history_update) {
      this.past = new Past(rowsOf(arrays, "history"), newGeneration ? null : this.past);
      this.dirty.loss = true;
    }
    if (arrays.passed_update) this.past.hear(rowsOf(arrays, "passed"));
    const fresh = playback.receive(header, arrays, performance.now());
    if (newGeneration) this.words.forget();
    this.timeline.hear({ header, arrays, isNewGeneration: newGeneration });
    if (newGeneration) this.dirty.loss = true;
    this.words.add({ update: playback.tail, words: header.words, status: header.status, isPlaying: header.playing });
    if (!newGeneration) this.probe.refuse();
    // Something below the board shows what it does on it. The focus stays there: the next one is a Tab away.
    if (this.header && this.header.visit === header.visit && header.calls > this.header.calls) {
      const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
      this.nodes.root.scrollIntoView({ block: "nearest", behavior: isStill ? "instant" : "smooth" });
    }
    this.header = header;
    if (!fresh) this.pen.settle(header.done); // refused, or nothing that changes a picture
    this.pen.hear(header.draw, header.notice);
    const locks = JSON.stringify([header.idle, header.hidden]); // what a task leaves of the network's buttons
    if (locks !== this.locks) this.network.isStale = true;
    this.locks = locks;
    for (const [name, value] of Object.entries(WITH_TASK)) this.parent.host.style.setProperty(name, header.task ? value : ""); // still one screen
    // The history knows epoch ends; the frame on screen may lie between two of them and has its point as well.
    const { shown } = playback;
    if (arrays.history_update && shown && shown.generation === header.generation) this.past.add(shown);
    if (header.sharp) {
      this.maps.takeSharp({ ...header.sharp, generation: header.generation }, arrays);
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
    this.points.showChosen(header);
    if (playback.playing) this.words.writeSeldom();
    else if (!playback.queue.length) this.showHeader(); // else with the picture that it is of
    this.keepTask(header.task);
    this.tellGoal();
    this.paintSoon();
    if (this.together) {
      nameAmongOthers(this.nodes.root, header.compared);
      this.together.tell();
    }
    // At rest Python trains what is missing of the curves, a piece for each time that it is asked.
    if (header.time.is_behind && this.rest && !this.line.isWaiting) {
      this.rest = "maps";
      queueMicrotask(() => this.rest && !this.line.isWaiting && this.ask());
    }
    // Not only in the next animation frame: on a busy machine that is a chunk's worth of time later.
    if (playback.hungry()) queueMicrotask(() => !this.line.isWaiting && this.ask());
  }

  /** Another playground answers than before (the server started again, say): nothing known of the old one holds. */
  startAnew({ visit, done }) {
    this.visit = visit;
    this.barrier = this.playId = 0;
    this.probe.unanswered = null;
    this.scene = null;
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
    const reloaded = memory.visit === OF_THE_PAGE_BEFORE;
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
    if (!playback.playing || !shown || shown.generation !== playback.generation || !this.leaving.isLeft || isOnAWay) return;
    Object.assign(memory, { update: shown.update, playing: false });
    const { generation, update } = shown;
    memory.left = { generation, update, id: this.outbox.add({ kind: "pause", of: generation }) };
  }

  keepForReload(isLeft) {
    if (!this.together) keepForReload(this.name, isLeft);
  }

  keepTask(task) {
    const news = JSON.stringify([this.visit, task && task.fingerprint, task && task.reached]);
    if (news === this.taskKept) return;
    this.taskKept = news;
    const command = keepTask(this.name, task, this.isNewHere);
    if (command) this.tellOf(command);
  }

  /** What is on screen, for a playground that does not know it. */
  keepInMind() {
    const { header, playback } = this;
    const { shown } = playback;
    if (!header || header.visit !== this.visit || !shown || shown.generation !== header.generation) return;
    Object.assign(this.memory, { visit: header.visit, remember: header.remember, update: shown.update, playing: playback.playing });
  }

  /** Something that changes no picture: answers that are under way are still good. */
  tellOf(command) {
    this.outbox.add(command);
    queueMicrotask(() => this.ask());
  }

  /** One ack carries everything Python needs to know; Streamlit may drop all but the newest. */
  ask() {
    if (!this.send || this.closed || this.leaving.isLeft) return;
    const { playback } = this;
    const { hover } = this.network;
    // What was left is still what was seen last, until there is a picture here; a kept frame is only looked at.
    const { generation, update } = this.present ?? playback.shown ?? this.memory.left ?? { generation: playback.generation, update: -1 };
    const shown = !playback.shown || generation === playback.generation ? update : -1;
    this.send("ack", {
      n: this.line.ask(performance.now()),
      visit: this.visit,
      generation: playback.shown ? playback.generation : generation,
      tail: playback.tail,
      shown,
      queued: playback.queue.length,
      fps: Math.round(1000 / this.interval),
      scene: this.scene ? this.scene.number : -1,
      points: this.points.newest,
      playing: playback.playing,
      hover: hover ? [hover.layer, hover.unit] : null,
      rest: this.rest,
      film: this.timeline.film,
      outbox: this.outbox.commands,
      address: (this.toldAddress = window.location.search),
      opened: OPENED,
    });
    this.tellWhetherItWaits();
  }

  /** To programs: whether an answer is under way, and else which address Python knows the browser to have. */
  tellWhetherItWaits() {
    const { dataset } = this.root;
    dataset.waits = String(this.line.isWaiting);
    if (!this.line.isWaiting) dataset.address = this.toldAddress;
  }

  /** Asks again where no answer comes, and says so. */
  watch() {
    const { line, outbox, timeline } = this;
    const { isUp, calls, cut } = line.watch(performance.now(), isDown());
    if (isUp && !line.isWaiting) this.ask();
    if (calls) say(UNHEARD, this.name);
    this.words.tellOfConnection(cut);
    this.pauseUnseen();
    const isOverdue = line.isOverdue(performance.now(), line.isWaiting || outbox.commands.length || timeline.film);
    const hasMoved = this.toldAddress !== window.location.search; // Python learns which address the browser has
    if (isOverdue || (hasMoved && !line.isWaiting)) this.ask();
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
    this.points.close();
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
    this.words.write();
    this.repaint();
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
    this.words.write();
  }

  /** Begins anew. Among others, and on the wall, it only goes back to update 0: what was learned stays. */
  reset() {
    if (this.together) this.together.wish("start");
    else if (this.isOnTheWall) this.timeline.want(0);
    else this.still("reset");
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
    if (kind !== "probe") this.points.pulled = null; // it may be another network now
    this.playback.halt();
    this.playback.playing = playing;
    return this.command(kind, settings);
  }

  /** A change of the input or of the points: the card of a training point would tell of what is gone. */
  follow(kind, settings) {
    this.points.close();
    return this.change(kind, settings);
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
    this.repaint();
  }

  /** Somebody moves through time: it stands still until she has arrived. */
  beginMoving() {
    this.playback.halt();
    this.rest = null;
    clearTimeout(this.restTimer);
    this.points.close();
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
    this.repaint();
    return this.barrier;
  }

  /** Frames of the way for who moves through it, whatever else the answer is about. */
  takeFilm({ film, ...header }, arrays) {
    if (!film || !this.scene || header.scene !== this.scene.number) return;
    const own = Object.entries(arrays).filter(([name]) => name.startsWith("film_"));
    const frames = framesOf(film.frames, Object.fromEntries(own.map(([name, array]) => [name.slice("film_".length), array])), header.generation);
    this.timeline.takeFilm(frames, header, this.points.set);
  }

  listen() {
    const { nodes } = this;
    nodes.play.onclick = () => this.toggle();
    nodes.reset.onclick = () => this.reset();
    nodes.step.onclick = () => this.still("step", { what: "update" });
    nodes.stepEpoch.onclick = () => this.still("step", { what: "epoch" });
    nodes.newWeights.onclick = () => this.change("new_weights");
    nodes.newData.onclick = () => this.change("new_data");
    nodes.undo.onclick = () => this.change("undo");
    nodes.redo.onclick = () => this.change("redo");
    nodes.speed.onchange = () => this.change("speed", { name: nodes.speed.value });
    // A click that reaches the document closes an open drawer of settings; one may play with the drawer open.
    nodes.strip.onclick = (event) => event.stopPropagation();
    input.listenToKeys(nodes.root, {
      toggle: () => this.toggle(),
      step: () => (this.together ? this.together.wish("step") : this.still("step", { what: "update" })),
      reset: () => this.reset(),
    });
    this.stopHearing = hear(GOAL_WANTED, this.name, () => this.tellGoal());
    this.stopGoing = hear(GO, WALL, (by) => {
      if (!this.isOnTheWall || !by) return false;
      if (by > 0) this.still("step", { what: "update" });
      else this.still("back");
    });
    this.stopWatching = onChange(() => {
      this.line.wasDown = true;
    });
    this.onHide = () => this.keepForReload(false);
    window.addEventListener("pagehide", this.onHide);
  }

  /** Opens a place or a training point in the microscope: at rest it is told directly, else the board stands still first. */
  open(kind, what) {
    const atRest = !this.playback.playing && !this.playback.queue.length && !this.outbox.commands.length;
    const isHeard = atRest && say(LOOK, this.name, what);
    if (!isHeard) this.still(kind, what);
  }

  /** Another unit is pointed at, or none: at rest its picture is asked for. */
  askAboutUnit(unit) {
    clearTimeout(this.hoverTimer);
    if (this.rest && unit) this.hoverTimer = setTimeout(() => this.rest && this.ask(), 40);
  }

  // ---- What Python says ---------------------------------------------------------------------------------------------

  newScene(header, arrays) {
    this.scene = sceneOf(header, arrays, { wall: this.isOnTheWall, compared: Boolean(this.together) });
    this.maps.learn(this.scene, arrays.tables);
    for (const part of [this.network, this.points, this.picture, this.probe]) part.learn(this.scene);
    this.nodes.root.style.setProperty("--unit-map", this.maps.unitColours()); // beside the words for their scale
    this.tips.learn(this.scene.terms);
  }

  /** Puts the points on screen with which a frame was made. */
  showSet(set) {
    this.points.show(set, Boolean(this.present));
  }

  /** The words of the newest answer. While frames are still queued they would be ahead of the picture. */
  showHeader() {
    if (!this.header) return;
    this.words.write();
    this.words.sayAloud();
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
    this.probe.fill(header.probe);
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

  // ---- Painting -----------------------------------------------------------------------------------------------------

  readTheme() {
    const style = getComputedStyle(this.parent.host || this.parent);
    const theme = ["--ink", "--paper", "--st-font"].map((name) => style.getPropertyValue(name)).join();
    if (theme === this.theme) return; // most calls bring data, not a change of theme
    this.theme = theme;
    this.colours = draw.coloursOf(style, this.isOnTheWall ? 12 : 11);
    this.nodes.root.dataset.theme = this.colours.isDark ? "dark" : "light";
    this.repaint();
  }

  /** isNetwork: otherwise a line that came or went has only changed the size of the loss curve; the buttons stay. */
  resized(isNetwork) {
    this.network.isStale ||= isNetwork;
    this.sizesStale = true;
    this.repaint();
  }

  fit() {
    for (const part of [this.network.links, this.picture, this.loss]) part.fit();
    this.sizesStale = false;
    if (this.network.isStale && this.network.arrange()) this.repaint();
  }

  /** Draws these parts anew, all where none is named. */
  repaint(...parts) {
    for (const name of parts.length ? parts : Object.keys(this.dirty)) this.dirty[name] = true;
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
        this.timeline.keep(frame, this.points.sets.get(frame.points));
      });
      this.newFrame();
    }
    if (playback.ending && !playback.queue.length) this.finish();
    this.keepInMind();
    if (playback.playing) this.words.writeSeldom();
    if (playback.hungry() && !this.line.isWaiting) this.ask();
    if (this.network.isStale || this.sizesStale) this.fit();
    this.paint(now);
    this.together?.tell();
    if (playback.playing || playback.queue.length || this.present) this.paintSoon();
    else this.lastTick = 0;
  }

  newFrame() {
    const { shown } = this.playback;
    this.showSet(shown.set || this.points.sets.get(shown.points));
    if (this.header && shown.generation === this.header.generation) this.pen.settle(this.header.done);
    this.maps.load(shown);
    const { still } = this.dirty;
    this.repaint();
    if (this.playback.playing) this.dirty.still = still;
    if (this.present) this.words.writeSeldom();
    else if (!this.playback.playing) this.showHeader();
  }

  paint(now) {
    const { dirty, playback, network, picture } = this;
    const { shown } = playback;
    const playing = playback.playing || this.present; // one picture after the other
    if (!this.scene || !shown || !network.place || !Object.values(dirty).includes(true)) return;
    const due = (name, interval) => {
      if (!dirty[name] || (playing && now - (this.paintedAt[name] || 0) < interval)) return false;
      this.paintedAt[name] = now;
      dirty[name] = false;
      return true;
    };
    if (due("links", Math.max(INTERVALS.links, EACH_LINK * network.place.links.length))) network.paintLinks(shown);
    const still = due("still", 0);
    if (due("units", 0)) {
      network.paintUnits(shown, still || Boolean(network.hover));
      this.probe.write(shown, Boolean(this.present && this.header.probe)); // with the output's tile, which shows it as the network gives it
    }
    if (due("map", 0)) picture.paintMap();
    if (still) picture.paintPoints();
    if (due("loss", INTERVALS.loss)) this.paintLoss();
    this.writeData(shown);
    if (due("text", INTERVALS.text)) this.writeNumbers(shown);
    network.card.refresh();
    network.describe(now);
  }

  paintLoss() {
    const { nodes, header, timeline } = this;
    const { shown } = this.playback;
    const logarithmic = this.picture.choices.logarithmic ?? header.logarithmic;
    if (nodes.logarithmic.checked !== logarithmic) nodes.logarithmic.checked = logarithmic;
    const drawing = timeline.drawing(this.past.rows, shown);
    const chart = drawLoss(this.loss, { ...drawing, logarithmic, colours: this.colours });
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
    dataset.points = this.points.total;
  }

  writeNumbers(shown) {
    this.timeline.describe(shown);
    writeNumbers(this.nodes, this.scene, shown, (node) => this.tips.describe(node));
    this.network.writeScale(shown);
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
}

/** Of several boards each has a letter, which may be another one when one of them is taken away. */
function nameAmongOthers(root, letter) {
  const name = `Board ${letter}. Space plays or pauses all boards, right arrow makes one update of each, R goes back to update 0.`;
  if (root.getAttribute("aria-label") !== name) root.setAttribute("aria-label", name);
}

export default mount(Board, STYLES);
