// Picture: the large picture of what the network answers, or of what one unit answers. Over two inputs it is a map, over one a
// curve. With it go its axes and ticks, its scale or legend of classes, and the lists that say which columns lie across and up.

import * as curves from "./curves.js";
import * as draw from "./drawing.js";
import * as input from "./input.js";
import { row } from "./protocol.js";
import { curveOf, inUnits, isPlanar, lastLayer, pictureIndex, unitName, valueIndex } from "./scene.js";
import { capital, h, setText } from "../kit/elements.js";
import * as numbers from "../kit/numbers.js";

const PRINCIPAL = -1; // in the lists of columns
const TICKS = ["showTest", "discretize", "logarithmic"]; // the last of them is the loss curve's

export class Picture {
  /**
   * nodes: of the board. points: what lies on it. pen(): what draws on it. board: header(), shown() and colours() of what is on screen,
   * hover(): {layer, unit} whose picture it is, null for the answer, isPlaying(); change(kind, settings), tick(names) and
   * follow(values) say what the visitor wants, where takesClicks(); repaint(...parts), all of them where none is named.
   * @param {Record<string, any>} nodes
   * @param {import("./maps.js").Maps} maps
   * @param {import("./points.js").Points} points
   * @param {Record<string, any>} board
   */
  constructor(nodes, maps, points, board) {
    this.nodes = nodes;
    this.maps = maps;
    this.points = points;
    this.board = board;
    this.scene = null;
    this.map = new draw.Surface(nodes.map);
    this.above = new draw.Surface(nodes.points); // points, axes and what the pen draws
    this.bar = new draw.Surface(nodes.bar);
    this.barShown = null; // {table, height} that is drawn
    this.choices = { showTest: false, discretize: false, logarithmic: null }; // null: as Python finds it better
    this.view = { columns: [], held: [], names: [], domain: [], words: "", place: null }; // which columns of the data lie across and up
    this.toldView = ""; // the one that the lists show
    this.listen();
  }

  learn(scene) {
    const { nodes } = this;
    this.scene = scene;
    nodes.slice.hidden = scene.inputs.length < 3;
    nodes.root.classList.toggle("sliced", scene.inputs.length > 2);
    nodes.mapRow.classList.toggle("curve", !isPlanar(scene));
    nodes.discretize.parentElement.hidden = !scene.classes.length; // where nothing is decided
    for (const axis of [0, 1]) {
      const names = scene.inputs.map((name, i) => h("option", { value: i }, name));
      nodes[`column${axis}`].replaceChildren(...names, h("option", { value: PRINCIPAL }, `${scene.compared ? "comp." : "component"} ${axis + 1}`));
    }
    this.toldView = ""; // new lists show their first entry
    this.buildClasses();
  }

  fit() {
    for (const surface of [this.map, this.above, this.bar]) surface.fit();
  }

  listen() {
    const { nodes, board } = this;
    for (const name of TICKS) {
      nodes[name].onchange = () => {
        this.choices[name] = nodes[name].checked;
        this.maps.load(board.shown());
        board.repaint();
        board.tick(this.ticks());
      };
    }
    nodes.points.onclick = (event) => this.click(event);
    for (const axis of [0, 1]) nodes[`column${axis}`].onchange = () => this.chooseColumn(axis);
  }

  /** A training point is chosen, or a place becomes the input that is followed. */
  click(event) {
    const { board, map, points } = this;
    if (!board.takesClicks()) return;
    const index = board.isPlaying() ? -1 : input.pointUnder(event, map.canvas, points.count, (i) => this.placeOfPoint(i));
    const place = input.pointOnMap(event, map, this.view.domain);
    if (index >= 0) points.choose(index);
    else if (place && this.isPrincipal()) board.change("probe_at", { place });
    else if (place) board.follow(this.withHeld(place));
  }

  chooseColumn(axis) {
    const { nodes, board } = this;
    const columns = [0, 1].map((other) => Number(nodes[`column${other}`].value));
    if (columns.includes(PRINCIPAL)) {
      const isLeft = this.isPrincipal() && columns[axis] !== PRINCIPAL; // back to two columns
      board.change("slice", { columns: isLeft ? [columns[axis], columns[axis] === 0 ? 1 : 0] : [] });
      return;
    }
    if (columns[0] === columns[1]) columns[1 - axis] = this.view.columns[axis]; // the two change places
    board.change("slice", { columns });
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
    this.maps.load(this.board.shown());
    this.board.repaint();
  }

  showView(view) {
    const told = JSON.stringify(view);
    if (told === this.toldView) return;
    this.toldView = told;
    const { nodes } = this;
    this.view = view;
    this.board.repaint();
    if (!isPlanar(this.scene)) return;
    for (const axis of [0, 1]) nodes[`column${axis}`].value = this.isPrincipal() ? PRINCIPAL : view.columns[axis];
    setText(nodes.held, view.words);
  }

  /** Whether the map shows the plane of the principal components, and no two columns of the data. */
  isPrincipal() {
    return isPlanar(this.scene) && !this.view.columns.length;
  }

  /** A whole input: a place of the picture, and where the other columns are held. */
  withHeld(place) {
    return this.view.held.map((value, column) => {
      const axis = this.view.columns.indexOf(column);
      return axis < 0 ? value : place[axis];
    });
  }

  /** Where a training point lies on the canvas of the large picture. */
  placeOfPoint(index) {
    const [training] = this.points.kinds;
    if (isPlanar(this.scene)) return draw.placeOnMap(this.map, this.view.domain, training.places.subarray(2 * index, 2 * index + 2));
    return curves.placeOnCurve(this.map, this.view.domain[0], this.rangeOfOutput(), training.places[index], training.heights[index]);
  }

  /** For the pen: what the axes are called, what they span, and where on the canvas an input and its target lie. */
  names() {
    return isPlanar(this.scene) ? this.view.names : [...this.view.names, "target"];
  }

  spans() {
    return isPlanar(this.scene) ? this.view.domain : [this.view.domain[0], this.rangeOfOutput()];
  }

  placeOf([x1, x2], y) {
    return isPlanar(this.scene) ? draw.placeOnMap(this.map, this.view.domain, [x1, x2]) : curves.placeOnCurve(this.map, this.view.domain[0], this.rangeOfOutput(), x1, y);
  }

  /** Whether it shows the network's answer, and not one unit's own. */
  isAnswer() {
    const { scene } = this;
    const hover = this.board.hover();
    return !hover || (hover.layer === lastLayer(scene) && scene.sizes[hover.layer + 1] === 1);
  }

  /** The values that the ends of the answer's colours, or of the large curve, stand for. */
  rangeOfOutput() {
    const [shown, { range }] = [this.board.shown(), this.board.pen()];
    if (range) return range;
    return shown && shown.ranges ? [shown.ranges[shown.ranges.length - 2], shown.ranges[shown.ranges.length - 1]] : this.scene.output_range;
  }

  /** The values that the ends of the colour scale stand for in a unit's map. */
  rangeOf(layer, unit) {
    const { scene } = this;
    const [{ ranges }, { range }] = [this.board.shown(), this.board.pen()];
    const at = 2 * valueIndex(scene, { layer, unit });
    if (range && layer === lastLayer(scene)) return range;
    return ranges ? [ranges[at], ranges[at + 1]] : scene.output_range;
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

  // ---- Painting -----------------------------------------------------------------------------------------------------

  paintMap() {
    const { scene, nodes, choices, maps } = this;
    const [shown, hover, colours] = [this.board.shown(), this.board.hover(), this.board.colours()];
    const last = lastLayer(scene);
    const isAnswer = this.isAnswer();
    const [layer, unit] = isAnswer ? [last, 0] : [hover.layer, hover.unit];
    if (isPlanar(scene)) this.drawMap(isAnswer ? null : hover);
    else {
      const curve = curveOf(scene, shown, { layer, unit });
      if (curve) curves.drawCurveOver(this.map, { curve, range: this.rangeOf(layer, unit), colours, accent: colours.accent });
    }
    const range = isAnswer ? this.rangeOfOutput() : this.rangeOf(layer, unit);
    const isOwn = !isAnswer && layer === last; // one class's output unit
    nodes.points.classList.add("pick");
    const words = isAnswer ? scene.colours.output : isOwn ? scene.colours.one : scene.colours.unit;
    setText(nodes.mapColours, isPlanar(scene) ? words : isAnswer ? `${scene.colours.curve}${choices.showTest ? ", ○ test" : ""}` : "");
    // Beside a unit's name these numbers would be taken for the unit's own. On the wall and among others no name stands there.
    const isWhole = isAnswer || nodes.root.matches(".wall, .compared");
    setText(nodes.trainKind, isWhole ? "Training" : "Training, whole network");
    setText(nodes.validationKind, isWhole ? "Validation" : "Validation, whole network");
    setText(nodes.testKind, isWhole ? this.points.testWords : "Test, whole network");
    setText(nodes.mapTitle, isAnswer ? "Output" : capital(unitName(scene, hover)));
    const asClasses = isAnswer && scene.classes.length > 2;
    nodes.classes.hidden = !asClasses;
    nodes.bar.parentElement.classList.toggle("asClasses", asClasses);
    showBriefly(nodes.high, range[1]);
    showBriefly(nodes.low, range[0]);
    showBriefly(nodes.middle, (range[0] + range[1]) / 2);
    const table = isAnswer ? maps.answerTable() : maps.tableOf(layer, unit);
    if (this.bar.fit() || this.barShown?.table !== table || this.barShown.height !== this.bar.height) { // it has no size while it is hidden
      draw.drawColourBar(this.bar, table, isAnswer ? scene.pixelClasses : null);
      this.barShown = { table, height: this.bar.height };
    }
  }

  /** The map of a unit (null: of the answer): the sharp one, where there is one of the frame on screen. */
  drawMap(item) {
    const { scene, maps } = this;
    const shown = this.board.shown();
    const sharp = maps.sharpFor(shown, item);
    let [atlas, index, line] = [null, 0, null];
    if (sharp >= 0) [atlas, index, line] = [maps.sharp, sharp, { data: row(maps.fine.maps, sharp), side: maps.fine.side, crossings: maps.fine.crossings }];
    else if (!item && shown.outputMaps) [atlas, index, line] = [maps.output, 0, shown.outputMaps];
    else if (item && shown.unitMaps) [atlas, index] = [maps.units, pictureIndex(scene, item)];
    draw.drawMap(this.map, {
      atlas,
      index,
      boundary: !item && line && scene.pixelClasses ? { ...line, classes: scene.pixelClasses } : null,
      discrete: this.choices.discretize && !item,
    });
  }

  /** Axes, points and probe above the map. */
  paintPoints() {
    const { scene, choices, points, view } = this;
    const [shown, header, colours, pen] = [this.board.shown(), this.board.header(), this.board.colours(), this.board.pen()];
    const rings = isPlanar(scene) && !this.board.isPlaying() ? points.pulledAt(shown.update) : [];
    this.nodes.rings.hidden = !rings.length;
    this.nodes.root.dataset.rings = rings.length;
    const isShown = (kind) => !kind.hollow || choices.showTest || (pen.isActive && !points.set.fixed);
    const kinds = pen.without(points.kinds.filter(isShown));
    const shared = { names: view.names, colours };
    if (isPlanar(scene)) {
      const every = (places, axis) => places.filter((_, i) => (i & 1) === axis);
      const own = points.kinds[0].places;
      draw.drawMapOverlay(this.above, {
        ...shared,
        domain: view.domain,
        points: kinds.map((kind) => ({ ...kind, x: every(kind.places, 0), y: every(kind.places, 1) })),
        rings: rings.map(({ index, share }) => ({ x: own[2 * index], y: own[2 * index + 1], share })),
        probe: header.probe && header.view.place,
      });
    } else {
      const isAnswer = this.isAnswer();
      const item = isAnswer ? { layer: lastLayer(scene), unit: 0 } : this.board.hover();
      curves.drawCurveOverlay(this.above, {
        ...shared,
        domain: view.domain[0],
        range: this.rangeOf(item.layer, item.unit),
        points: isAnswer ? kinds : [], // targets are of the output's scale
        target: isAnswer ? scene.target : null,
        probe: header.probe && shown.a ? { x: header.probe[0], y: inUnits(scene, shown.a[valueIndex(scene, item)]) } : null,
      });
    }
    pen.paint(this.above, colours);
  }
}

/** A number in the little room beside a scale, and all its digits for who points at it. */
function showBriefly(node, value) {
  setText(node, numbers.brief(value));
  if (node.title !== numbers.exact(value)) node.title = numbers.exact(value);
}
