// Digits: a canvas that is drawn on with mouse, finger or keys. It says the strokes, and shows what Python answers: what the
// network sees, how sure it is of each digit, its hidden units and weights, why, and how its training goes.

import "../keys.js";
import "../phone_menu.js";
import "../way_back.js";
import { h, placeIn, shape } from "../kit/elements.js";
import { mount } from "../kit/mount.js";
import * as numbers from "../kit/numbers.js";
import { MAP_INK, MIDDLE, NEGATIVE, POSITIVE } from "../kit/palette.js";
import { sheet } from "../kit/styles.js";

const STYLES = await sheet(new URL("./digits.css", import.meta.url));
const SIDE = 8; // pixels of a digit, each way
const FULL = 16; // ink of a pixel at most
const SHADES = 127; // a weight of this size has its full colour
const LATE_MS = 1500; // until what was not answered is said again
const NEAR = 2; // of the canvas's own units: a pen that moved less adds no point
const PACE = 8; // of a key, in the same units; with Shift it is a quarter
const MOST_STROKES = 200;
const MOST_POINTS = 2000; // fourteen times across the canvas; each message says them all, and the server bounds what it reads
const HOW = "Or with keys: arrows move the pen, space puts it down or lifts it, Delete clears.";
const NO_MORE = "The canvas takes no more ink: clear it, or take back a stroke.";
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const [WIDTH, HEIGHT, LEFT, TOP, BOTTOM] = [300, 150, 34, 10, 20]; // of the curves

const [PAPER, INK, MINUS, PLUS] = [MIDDLE, MAP_INK, NEGATIVE, POSITIVE].map((colour) =>
  [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)),
);

/** What the view that was closed last had: Streamlit builds a component anew where a visitor comes back to its page. */
let left = null;

/** A picture of 8 by 8 colours: values from -1 to 1 are shares of the way from the middle to `minus` or `plus`. */
function paint(canvas, values, minus, plus) {
  const pixels = new ImageData(SIDE, SIDE);
  values.forEach((value, place) => {
    const end = value < 0 ? minus : plus;
    PAPER.forEach((from, channel) => (pixels.data[4 * place + channel] = from + (end[channel] - from) * Math.min(1, Math.abs(value))));
    pixels.data[4 * place + 3] = 255;
  });
  canvas.getContext("2d").putImageData(pixels, 0, 0);
}

/** The picture of a digit: ink on paper. */
function paintInk(canvas, digit) {
  paint(canvas, digit.map((ink) => ink / FULL), INK, INK);
}

function square(name) {
  return h("canvas", { class: `square ${name}`, width: SIDE, height: SIDE, role: "img" });
}

class Digits {
  constructor(_, data) {
    this.data = data;
    this.strokes = left ?? []; // each [x, y, x, y, ...] in the canvas's own units
    this.isDown = false; // the pen of the keys
    this.pen = [data.canvas / 2, data.canvas / 4];
    this.isPenShown = false; // as long as keys are used
    this.chosen = null; // a test digit that is looked at instead of the drawing
    this.why = null; // the digit asked about, null for the answer
    this.outbox = [];
    this.said = 0; // messages
    this.ids = 0; // commands
    this.waits = false; // for an answer
    this.studiedAt = -1; // the update of what is below, -1 before there is any
    this.has = this.studied = null; // the network of which the browser has weights, and what is below them
    this.again = this.strokes.length > 0; // something is to be said that was not said yet
    this.trips = []; // ms of the last answers
    this.build();
  }

  build() {
    const { data } = this;
    this.paper = h("canvas", {
      class: "paper", width: 2 * data.canvas, height: 2 * data.canvas, tabindex: 0, role: "application",
      "aria-label": "Canvas to draw a digit on", "aria-describedby": "how",
      on: {
        pointerdown: (event) => this.begin(event),
        pointermove: (event) => this.move(event),
        pointerup: (event) => this.end(event),
        pointercancel: (event) => this.end(event),
        keydown: (event) => this.key(event),
        focus: () => this.showPen(this.pointer === undefined),
        blur: () => this.showPen(false),
      },
    });
    this.clear = h("button", { type: "button", on: { click: () => this.erase() } }, "Clear");
    this.back = h("button", { type: "button", on: { click: () => this.takeBack() } }, "Take back a stroke");
    this.how = h("p", { class: "faint", id: "how" });
    this.penState = h("span", { class: "hidden-text", role: "status" });
    this.seen = square("seen");
    this.pulls = square("seen");
    this.whyTitle = h("h3");
    this.whyText = h("p", { class: "faint" });
    this.answer = h("p", { class: "read" });
    this.aloud = h("span", { class: "hidden-text", role: "status", "data-testid": "aloud" });
    this.bars = data.classes.map((name, k) => {
      const [fill, share] = [h("span", { class: "fill" }), h("span", { class: "share" })];
      const ask = () => {
        this.why = k;
        this.ask();
      };
      const button = h("button", { type: "button", class: "bar", "aria-pressed": "false", on: { click: ask } },
        h("span", {}, name), h("span", { class: "track", "aria-hidden": "true" }, fill), share);
      return { button, fill, share };
    });
    this.train = h("button", { type: "button", class: "main", on: { click: () => this.command(this.data.playing ? "pause" : "train") } });
    this.reset = h("button", { type: "button", on: { click: () => this.command("reset") } }, "Reset");
    this.score = h("p", { class: "score" });
    this.epochs = h("p", { class: "faint" });
    this.curve = shape("svg", { class: "curve", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" });
    this.words = h("p", { class: "faint" });
    this.units = h("div", { class: "units" });
    this.unitsTitle = h("h3");
    this.unitsText = h("p", { class: "faint" });
    this.confusion = h("div");
    this.mistakesTitle = h("h3");
    this.mistakes = h("div", { class: "mistakes" });
    this.stale = h("p", { class: "faint stale" });
    this.below = h("section", { class: "both" }, this.stale,
      h("div", {}, h("h3", {}, "Test digits: truth and answer"), this.confusion),
      h("div", {}, this.mistakesTitle, this.mistakes));
    this.root = h("div", { class: "digits", "data-testid": "digits", style: `--ground: ${MIDDLE}` },
      h("div", { class: "top" },
        h("div", { class: "drawing" }, this.paper, h("div", { class: "row" }, this.clear, this.back), this.how, this.penState),
        h("div", { class: "pictures" },
          h("div", {}, h("h3", {}, "What the network sees"), this.seen),
          h("div", {}, this.whyTitle, this.pulls, this.whyText)),
        h("div", { class: "answers" }, h("h3", {}, "Its answer"), this.answer,
          h("div", {}, h("div", { class: "bars" }, ...this.bars.map(({ button }) => button)),
            h("p", { class: "faint" }, "Press a digit to see what speaks for it."), this.aloud)),
        h("div", { class: "training" }, h("h3", {}, "Training"), this.score, this.epochs,
          h("div", { class: "row" }, this.train, this.reset), this.curve, this.words)),
      h("section", {}, this.unitsTitle, this.unitsText, this.units), this.below);
  }

  update({ data, setStateValue }) {
    this.send = (message) => setStateValue("said", message);
    const isNew = data.visit !== this.data.visit;
    if (isNew) [this.outbox, this.said, this.has, this.studied] = [[], 0, null, null]; // the server has forgotten this page
    this.data = data;
    this.outbox = this.outbox.filter(({ id }) => id > data.done);
    if (this.waits && data.n === this.said) this.isAnswered();
    if (data.trained) this.showNetwork(data.trained);
    if (data.study) this.showStudy(data.study);
    this.showAnswer();
    this.draw();
    const lacks = !this.has || data.network !== this.has;
    if (!this.waits && (this.again || data.playing || isNew || lacks || this.outbox.length)) this.ask();
    Object.assign(this.root.dataset, { playing: data.playing, waits: this.waits, strokes: this.strokes.length });
  }

  // ---- what is said ----

  /** Says all that Python must know; one message at a time is under way. */
  ask() {
    this.again = this.waits;
    if (this.waits || !this.send) return;
    this.waits = true;
    this.root.dataset.waits = "true";
    this.said += 1;
    this.began = performance.now();
    this.say();
  }

  say() {
    const { visit } = this.data;
    const { said: n, strokes, chosen, why, has, studied, outbox } = this;
    this.send({ visit, n, strokes: strokes.map((stroke) => [...stroke]), chosen, why, has, studied, outbox: [...outbox], address: window.location.search.slice(1) });
    clearTimeout(this.late);
    this.late = setTimeout(() => {
      if (!this.waits) return;
      this.said += 1; // Streamlit passes over what is said twice in the same words
      this.say();
    }, LATE_MS);
  }

  isAnswered() {
    this.waits = false;
    clearTimeout(this.late);
    this.trips = [...this.trips.slice(-39), performance.now() - this.began];
    this.root.dataset.trips = this.trips.map(Math.round).join(" ");
  }

  command(kind) {
    this.outbox.push({ id: (this.ids = Math.max(this.ids, this.data.done) + 1), kind });
    this.ask();
  }

  // ---- the pen ----

  /** Where a pointer is, in the canvas's own units. */
  place(event) {
    const scale = this.data.canvas / this.paper.clientWidth;
    const edge = this.paper.clientLeft;
    return placeIn(this.paper, event).map((at) => Math.round(10 * Math.min(this.data.canvas, Math.max(0, (at - edge) * scale))) / 10);
  }

  begin(event) {
    if (event.button !== 0 || this.pointer !== undefined) return;
    event.preventDefault();
    this.pointer = event.pointerId;
    [this.isDown, this.isPenShown] = [false, false];
    this.paper.focus({ preventScroll: true });
    this.paper.setPointerCapture(event.pointerId);
    this.startStroke(this.place(event));
  }

  move(event) {
    if (event.pointerId !== this.pointer) return;
    const passed = event.getCoalescedEvents?.() ?? [];
    for (const one of passed.length ? passed : [event]) this.goOn(this.place(one));
  }

  end(event) {
    if (event.pointerId !== this.pointer) return;
    this.pointer = undefined;
    this.ask();
  }

  startStroke(place) {
    if (this.isFull()) return this.lift();
    this.chosen = this.why = null;
    this.strokes.push([...place]);
    this.pen = place;
    this.draw();
    this.ask();
  }

  goOn(place) {
    const stroke = this.strokes.at(-1);
    const [x, y] = stroke.slice(-2);
    if (Math.hypot(place[0] - x, place[1] - y) < NEAR) return;
    if (this.countPoints() >= MOST_POINTS) return this.lift();
    stroke.push(...place);
    this.pen = place;
    this.draw();
    this.ask();
  }

  countPoints() {
    return this.strokes.reduce((sum, stroke) => sum + stroke.length / 2, 0);
  }

  isFull() {
    return this.strokes.length >= MOST_STROKES || this.countPoints() >= MOST_POINTS;
  }

  /** The stroke ends, also under a pointer that is still pressed. */
  lift() {
    [this.pointer, this.isDown] = [undefined, false];
    this.draw();
    this.penState.textContent = this.isFull() ? NO_MORE : "";
  }

  showPen(isShown) {
    this.isPenShown = isShown;
    this.draw();
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const { canvas } = this.data;
    if (event.key in ARROWS) {
      this.isPenShown = true;
      const pace = event.shiftKey ? PACE / 4 : PACE;
      this.pen = this.pen.map((at, axis) => Math.min(canvas, Math.max(0, at + pace * ARROWS[event.key][axis])));
      if (this.isDown) this.goOn([...this.pen]);
      else this.draw();
    } else if (event.key === " ") {
      if (event.repeat) return event.preventDefault();
      this.isPenShown = true;
      this.isDown = !this.isDown;
      if (this.isDown) this.startStroke([...this.pen]);
      else this.draw();
      if (!this.isFull()) this.penState.textContent = this.isDown ? "Pen down" : "Pen lifted";
    } else if (event.key === "Delete" || event.key === "Backspace") this.erase();
    else return;
    event.preventDefault();
  }

  erase() {
    [this.strokes, this.chosen, this.why] = [[], null, null];
    this.lift();
    this.ask();
  }

  takeBack() {
    this.strokes.pop();
    this.chosen = null;
    this.lift();
    this.ask();
  }

  draw() {
    const context = this.paper.getContext("2d"), { canvas, pen } = this.data;
    context.setTransform(2, 0, 0, 2, 0, 0);
    context.clearRect(0, 0, canvas, canvas);
    Object.assign(context, { lineWidth: pen, lineCap: "round", lineJoin: "round", strokeStyle: MAP_INK });
    for (const stroke of this.strokes) {
      context.beginPath();
      context.moveTo(stroke[0], stroke[1]);
      for (let at = 0; at < stroke.length; at += 2) context.lineTo(stroke[at], stroke[at + 1]);
      context.stroke();
    }
    if (this.isPenShown) {
      Object.assign(context, { lineWidth: 2, strokeStyle: NEGATIVE });
      context.beginPath();
      context.arc(...this.pen, pen / 2, 0, 2 * Math.PI);
      if (this.isDown) {
        context.fillStyle = NEGATIVE;
        context.fill();
      }
      context.stroke();
    }
    if (!this.strokes.length && !this.isPenShown) {
      Object.assign(context, { fillStyle: MAP_INK, font: "15px sans-serif", textAlign: "center" });
      context.fillText("Draw a digit here", canvas / 2, canvas / 2 + 5);
    }
    this.clear.disabled = !this.strokes.length && this.chosen === null;
    this.back.disabled = !this.strokes.length;
    const how = this.isFull() ? NO_MORE : HOW;
    if (this.how.textContent !== how) this.how.textContent = how;
  }

  // ---- what is shown ----

  showAnswer() {
    const { drawn, classes, playing } = this.data;
    const isRead = drawn.seen !== null;
    const nothing = Array(SIDE * SIDE).fill(0);
    paintInk(this.seen, drawn.seen ?? nothing);
    this.seen.setAttribute("aria-label", isRead ? `${drawn.seen.filter((ink) => ink).length} of 64 pixels have ink` : "empty");
    paint(this.pulls, (drawn.pulls ?? nothing).map((pull) => pull / SHADES), MINUS, PLUS);
    this.bars.forEach(({ button, fill, share }, k) => {
      const sure = isRead ? drawn.outputs[k] : 0;
      fill.style.width = `${100 * sure}%`;
      share.textContent = isRead ? numbers.percent(sure) : "–";
      button.classList.toggle("answer", isRead && k === drawn.answer);
      button.setAttribute("aria-pressed", String(isRead && k === drawn.why));
      button.disabled = !isRead;
    });
    const sure = isRead ? `${classes[drawn.answer]}, ${numbers.percent(drawn.outputs[drawn.answer])} sure` : "";
    this.answer.textContent = isRead ? sure : drawn.problem || "Nothing is drawn";
    const aloud = isRead ? `Read as ${sure}` : "Nothing is drawn, so there is no answer";
    if (!this.waits && this.pointer === undefined && !playing && this.aloud.textContent !== aloud) this.aloud.textContent = aloud;
    const asked = isRead ? classes[drawn.why] : "";
    this.whyTitle.textContent = isRead ? `Why ${asked}, and why not` : "Why";
    this.whyText.textContent = isRead
      ? `Blue speaks for ${asked}, orange against. Gradient times ink, full colour: ${numbers.text(drawn.largest_pull, 3)}.`
      : "Which pixels speak for the answer, and which against it.";
    this.pulls.setAttribute("aria-label", isRead ? evidenceAloud(drawn.pulls, asked) : "nothing drawn");
    this.showLevels(isRead ? drawn.hidden : []);
    this.root.dataset.answer = isRead ? drawn.answer : "";
    this.root.dataset.seen = isRead ? drawn.seen.join(" ") : "";
    for (const [row, button] of this.tiles ?? []) button.setAttribute("aria-pressed", String(row === this.chosen));
    this.train.textContent = playing ? "Pause" : "Train";
    const isStale = this.studied !== this.data.network;
    this.below.classList.toggle("old", isStale);
    this.stale.textContent = isStale && this.studiedAt >= 0
      ? `Below is update ${numbers.count(this.studiedAt)}; it is counted again when training rests.`
      : "";
  }

  showNetwork(trained) {
    this.has = this.data.network;
    const { update, epoch, correct, total, test_loss: loss, has_hidden: hasHidden } = trained;
    this.activation = trained.activation;
    this.score.textContent = update ? `${numbers.percent(correct / total)} of the test digits right` : "Not trained yet";
    this.epochs.textContent = `Epoch ${numbers.count(epoch)}, update ${numbers.count(update)} · test loss ${numbers.text(loss, 3)}`;
    this.words.textContent = trained.words;
    this.reset.disabled = update === 0;
    this.showCurve(trained.curve);
    this.unitsTitle.textContent = hasHidden ? "Hidden units: what each looks for, and how it answers" : "What each answer looks for";
    this.unitsText.textContent =
      `Its 64 first-layer weights as a picture: ink on blue adds to its sum, ink on orange takes away (full colour: ${numbers.text(trained.largest, 3)}).` +
      (hasHidden ? " The bar below is its activation for what is drawn." : "");
    if (this.pictures?.length !== trained.weights.length || this.hasHidden !== hasHidden) this.buildUnits(trained.weights.length, hasHidden);
    trained.weights.forEach((weights, unit) => paint(this.pictures[unit].picture, weights.map((weight) => weight / SHADES), MINUS, PLUS));
    Object.assign(this.root.dataset, { update, epoch, score: total ? correct / total : "" });
  }

  buildUnits(count, hasHidden) {
    this.hasHidden = hasHidden;
    this.pictures = Array.from({ length: count }, (_, unit) => {
      const [picture, plus, name] = [square(""), h("i"), h("span", { class: "name" }, hasHidden ? "" : this.data.classes[unit])];
      picture.setAttribute("aria-label", hasHidden ? `weights of hidden unit ${unit + 1}` : `weights of the answer ${this.data.classes[unit]}`);
      const level = hasHidden ? [h("div", { class: "level", "aria-hidden": "true" }, plus, h("b")), name] : [name];
      return { picture, level: plus, name, root: h("div", { class: "unit" }, picture, ...level) };
    });
    this.units.replaceChildren(...this.pictures.map(({ root }) => root));
  }

  /** Activations as bars from the middle, to the right above 0, as long as the largest of all or 1. */
  showLevels(levels) {
    if (!this.hasHidden || !this.pictures) return;
    const reach = Math.max(1, ...levels.map(Math.abs));
    this.pictures.forEach(({ level, name }, unit) => {
      const value = levels[unit] ?? 0;
      const share = 50 * Math.abs(value / reach);
      level.className = value < 0 ? "minus" : "plus";
      Object.assign(level.style, { left: `${value < 0 ? 50 - share : 50}%`, width: `${share}%` });
      name.textContent = unit < levels.length ? numbers.text(value, 2) : "–";
    });
  }

  showCurve({ epoch, loss, score }) {
    const last = Math.max(epoch.at(-1) ?? 0, 20), most = Math.max(...loss, 1e-9);
    const [right, low] = [WIDTH - 8, HEIGHT - BOTTOM];
    const x = (value) => LEFT + (value / last) * (right - LEFT), y = (share) => low - share * (low - TOP);
    const line = (values, top) => values.map((value, i) => `${x(epoch[i])},${y(value / top)}`).join(" ");
    const marks = [0, 0.5, 1].flatMap((share) => [
      shape("line", { class: "grid", x1: LEFT, x2: right, y1: y(share), y2: y(share) }),
      shape("text", { x: LEFT - 5, y: y(share) + 4, "text-anchor": "end" }, `${100 * share}`),
    ]);
    const end = epoch.length - 1;
    this.curve.replaceChildren(
      ...marks,
      shape("text", { x: right, y: HEIGHT - 4, "text-anchor": "end" }, `epoch ${numbers.count(last)}`),
      shape("line", { class: "right", x1: LEFT, x2: LEFT + 18, y1: HEIGHT - 8, y2: HEIGHT - 8 }),
      shape("text", { x: LEFT + 23, y: HEIGHT - 4 }, "right, in 100"),
      shape("line", { class: "loss", x1: LEFT + 104, x2: LEFT + 122, y1: HEIGHT - 8, y2: HEIGHT - 8 }),
      shape("text", { x: LEFT + 127, y: HEIGHT - 4 }, `loss, top: ${numbers.text(most, 3)}`),
      shape("polyline", { class: "loss", points: line(loss, most) }),
      shape("polyline", { class: "right", points: line(score, 1) }),
      shape("circle", { class: "dot", cx: x(epoch[end]), cy: y(score[end]), r: 4 }),
      shape("circle", { class: "dot of-loss", cx: x(epoch[end]), cy: y(loss[end] / most), r: 3.5 }),
    );
    this.curve.setAttribute("aria-label", `Test digits right, over the epochs: from ${numbers.percent(score[0])} to ${numbers.percent(score[end])}. Test loss: from ${numbers.text(loss[0], 3)} to ${numbers.text(loss[end], 3)}.`);
  }

  showStudy({ confusion, mistakes, wrong }) {
    [this.studied, this.studiedAt] = [this.data.network, Number(this.root.dataset.update)];
    const { classes } = this.data;
    const most = Math.max(1, ...confusion.flatMap((row, truth) => row.filter((_, answer) => answer !== truth)));
    const cell = (count, truth, answer) =>
      h("td", {
        class: truth === answer ? "right" : count ? "wrong" : "none",
        style: truth === answer || !count ? null : `--share: ${Math.round(15 + (40 * count) / most)}%`,
      }, String(count));
    this.confusion.replaceChildren(
      h("table", {},
        h("caption", {}, "Rows: the truth. Columns: what was answered."),
        h("thead", {}, h("tr", {}, h("td", { class: "corner" }), ...classes.map((name) => h("th", { scope: "col" }, name)))),
        h("tbody", {}, ...confusion.map((row, truth) =>
          h("tr", {}, h("th", { scope: "row" }, classes[truth]), ...row.map((count, answer) => cell(count, truth, answer)))))));
    const all = wrong > mistakes.length ? `, the ${mistakes.length} it is surest of` : "";
    this.mistakesTitle.textContent = wrong ? `Its mistakes: ${numbers.count(wrong)} test digits${all}` : "No test digit is read wrong";
    this.tiles = mistakes.map(({ row, truth, answer, sure, digit }) => {
      const picture = square("");
      paintInk(picture, digit);
      picture.setAttribute("aria-hidden", "true");
      const look = () => {
        [this.chosen, this.why] = [row, null];
        this.ask();
        this.draw();
      };
      return [row, h("button", { type: "button", class: "mistake", "aria-pressed": "false", on: { click: look } },
        picture, h("span", { class: "hidden-text" }, `Test digit ${row + 1}: `), h("div", {}, `${classes[truth]} read as ${classes[answer]}`), h("div", { class: "faint" }, numbers.percent(sure)))];
    });
    this.mistakes.replaceChildren(...this.tiles.map(([, button]) => button));
  }

  close() {
    clearTimeout(this.late);
    left = this.strokes;
  }
}

/** The strongest pixel for and against, for who cannot see the picture. */
function evidenceAloud(pulls, name) {
  const where = (place) => `row ${Math.floor(place / SIDE) + 1}, column ${(place % SIDE) + 1}`;
  const [least, most] = [Math.min(...pulls), Math.max(...pulls)];
  const parts = [most > 0 ? `most for ${name}: ${where(pulls.indexOf(most))}` : "", least < 0 ? `most against: ${where(pulls.indexOf(least))}` : ""];
  return parts.filter(Boolean).join("; ");
}

export default mount(Digits, STYLES);
