// Network: the picture of the network, from the features to the output. Its columns of units with their links, the buttons and
// headings that lie on them, and the card of a weight, a bias or a unit. It says what was pointed at, chosen or typed.

import * as curves from "./curves.js";
import * as draw from "./drawing.js";
import { setIdle, term } from "./elements.js";
import * as input from "./input.js";
import { isTight, linkPoint, place } from "./layout.js";
import { row } from "./protocol.js";
import { curveOf, isPlanar, lastLayer, parameter, pictureIndex, unitName, valueIndex } from "./scene.js";
import { capital, h, placeIn, setText } from "../kit/elements.js";
import * as numbers from "../kit/numbers.js";

const SLOW = 200; // ms between updates of what only programs and screen readers read, while playing

export class Network {
  /**
   * nodes: links, columns, overlay, card, legend of the board. board: header(), shown() and colours() of what is on screen, isMoving():
   * one picture comes after the other, rangeOf(layer, unit) of a unit's map; change(kind, settings) and open(kind, what) say what the
   * visitor wants; pointed(unit): another unit, or none; explain(node): terms in it; repaint(...parts). isOnTheWall: nothing is typed.
   * @param {Record<string, any>} nodes
   * @param {import("./maps.js").Maps} maps
   * @param {Record<string, any>} board
   */
  constructor(nodes, maps, board) {
    this.nodes = nodes;
    this.maps = maps;
    this.board = board;
    this.links = new draw.Surface(nodes.links);
    this.columns = []; // {items, isFeatures, left, top, surface}
    this.scene = null;
    this.place = null; // where all stands, see layout.js
    this.isStale = false; // all of it stands elsewhere, or is of another scene
    this.hover = null; // {layer, unit}: the unit whose map is the large one
    this.chosen = null; // {layer, unit}: the unit whose card is open
    this.hoveredLink = null;
    this.listen();
  }

  learn(scene) {
    this.scene = scene;
    this.hover = null;
    this.hoveredLink = null;
    this.card.close(false);
    this.isStale = true;
    this.buildLegend();
  }

  listen() {
    const { nodes, board } = this;
    this.card = new input.Card(nodes.card, nodes.network, {
      read: (target) => this.parameter(target),
      largest: () => this.scene.limits.edit,
      facts: (target) => this.unitFacts(target),
      explained: board.explain,
      apply: (edit) => board.change("edit", edit),
      look: (place) => board.open("look", place),
      refusal: () => board.header().idle.edits,
      isOnTheWall: board.isOnTheWall,
      closed: (target, focusBack) => {
        this.hoveredLink = this.chosen = null;
        this.hoverUnit(null);
        const button = focusBack && nodes.overlay.querySelector(`[data-focus="${CSS.escape(target.focus)}"]`);
        if (button) button.focus();
        board.repaint("links");
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
  }

  /** A weight or bias (source null) as the frame on screen has it. */
  parameter(target) {
    return parameter(this.scene, this.board.shown(), target);
  }

  // ---- Buttons and headings -----------------------------------------------------------------------------------------

  /** Places all anew; false where there is no room yet. */
  arrange() {
    const { nodes, scene } = this;
    const { width, height } = this.links;
    if (!scene || width < 50 || height < 50) return false;
    this.isStale = false;
    const shown = this.board.shown();
    this.place = place(scene, width, height, shown ? shown.theta : null);
    const focused = nodes.overlay.getRootNode().activeElement;
    const hadFocus = focused && focused.dataset ? { ...focused.dataset } : null;
    this.buildColumns();
    nodes.overlay.replaceChildren(...(scene.compared ? [] : this.headings(width)), ...this.featureButtons(), ...this.unitButtons());
    this.board.explain(nodes.overlay);
    if (hadFocus && hadFocus.focus) {
      const again = nodes.overlay.querySelector(`[data-focus="${CSS.escape(hadFocus.focus)}"]`);
      if (again) again.focus();
    }
    return true;
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
    const { scene, place: placed } = this;
    const header = this.board.header();
    const { layers: locked } = header.idle;
    const found = [];
    const layers = scene.sizes.length - 2;
    const small = (label, title, text, reason, action, focus) => {
      const node = h("button", { type: "button", "aria-label": label, title, "data-focus": focus }, text);
      node.onclick = action;
      setIdle(node, locked || reason);
      node.hidden = header.hidden.layers || scene.wall; // on the wall nothing begins the run anew
      return node;
    };
    const { limits } = scene;
    const rest = header.hidden.network ? "." : "; Network above the board takes more.";
    found.push(h("div", { class: "heading start", style: "left:0;top:2px" }, h("span", { class: "title" }, term("feature", "Features"))));
    const middle = (placed.columns[0].x + placed.columns[placed.columns.length - 1].x) / 2;
    found.push(
      h("div", { class: "heading", style: `left:${middle}px;top:0` },
        small("Remove the last hidden layer", "One hidden layer less", "−", layers === 0 ? "No hidden layer is left to remove." : "", () => this.board.change("layers", { by: -1 }), "layers-"),
        h("span", { class: "count" }, String(layers)),
        small("Add a hidden layer", "One hidden layer more", "+", layers >= limits.layers ? `+ adds up to ${limits.layers} hidden layers${rest}` : "", () => this.board.change("layers", { by: 1 }), "layers+"),
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
            small(`Remove a unit from layer ${layer + 1}`, "One unit less", "−", units <= 1 ? "A layer has at least one unit; remove the layer instead." : "", () => this.board.change("units", { layer, by: -1 }), `units-${layer}`),
            h("span", { class: "count", title: `${units} units, ${name}` }, String(units)),
            small(`Add a unit to layer ${layer + 1}`, "One unit more", "+", units >= limits.units ? `+ adds up to ${limits.units} units${rest}` : "", () => this.board.change("units", { layer, by: 1 }), `units+${layer}`),
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
      node.onclick = () => this.board.change("feature", { name: feature.name, on: !feature.on });
      node.inert = scene.wall;
      setIdle(node, this.board.header().idle.features);
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
          "data-kind": "unit", "data-focus": `unit-${key}`, "aria-label": capital(unitName(this.scene, item)),
        });
        unit.onpointerenter = () => this.hoverUnit(item);
        unit.onpointerleave = () => this.hoverUnit(null);
        unit.onclick = () => this.chooseUnit(item);
        unit.onfocus = () => this.hoverUnit(item);
        unit.onblur = () => this.hoverUnit(null);
        const corner = { x: item.x - placed.tile / 2, y: item.y + placed.tile / 2 };
        const target = { layer: item.layer, unit: item.unit, source: null, name: `bias of ${unitName(this.scene, item)}`, focus: `bias-${key}`, ...corner };
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
    const shown = this.board.shown();
    const playing = this.board.isMoving();
    if (!shown || !this.unitNodes || (playing && now - this.describedAt < SLOW)) return;
    this.describedAt = now;
    for (const { unit, bias, item } of this.unitNodes) {
      const value = this.parameter({ layer: item.layer, unit: item.unit, source: null });
      if (value === null) continue;
      const at = valueIndex(this.scene, item);
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
      const name = unitName(this.scene, item);
      unit.setAttribute("aria-label", `${capital(name)}, ${this.scene.activations[item.layer]}${probed}`);
      bias.setAttribute("aria-label", `Bias of ${name}: ${numbers.text(value)}`);
    }
    for (const { node, link, name } of this.linkNodes) {
      const value = shown.theta[link.index];
      node.dataset.weight = value;
      if (!playing) node.setAttribute("aria-label", `${capital(name)}: ${numbers.text(value)}`);
    }
  }

  buildLegend() {
    const { nodes, scene } = this;
    this.scaleText = h("span", {});
    const look = (weight) => `border-top-width:${draw.linkWidth(weight)}px;opacity:${draw.linkOpacity(weight)}`;
    nodes.legend.replaceChildren(
      h("span", {}, term("weight"), h("i", { class: "negative", style: look(-1) }), "−1"),
      h("span", {}, h("i", { style: look(1) }), "+1"),
      h("span", {}, h("i", { style: look(4) }), "+4 and more"),
      h("span", {}, "with an input: ", term("z"), term("a")),
      h("span", {}, "frame and small square: ", term("bias")),
      isPlanar(scene)
        ? h("span", {}, term("unit map", "unit maps"), h("b", {}), this.scaleText)
        : h("span", {}, "unit curves from", this.scaleText));
  }

  // ---- Pointed at and chosen ----------------------------------------------------------------------------------------

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
    this.board.repaint("links");
  }

  editLink(link) {
    this.showLink(link);
    this.card.edit(this.linkTarget(link));
  }

  linkTarget(link) {
    const { layer, unit, source } = link;
    const feature = this.scene.features.find((candidate) => candidate.on && candidate.source === source);
    const from = layer > 0 ? unitName(this.scene, { layer: layer - 1, unit: source }) : feature.label;
    const name = `weight from ${from} to ${unitName(this.scene, link)}`;
    return { layer, unit, source, name, focus: `link-${layer}.${unit}.${source}`, ...linkPoint(link, draw.HANDLE) };
  }

  chooseUnit(item) {
    const { tile } = this.place;
    const name = unitName(this.scene, item);
    const place = { x: item.x + tile / 2, x0: item.x - tile / 2, y: item.y };
    this.card.about({ layer: item.layer, unit: item.unit, name, focus: `unit-${item.layer}.${item.unit}`, ...place }, this.scene.kinds[item.layer]);
    this.chosen = item;
    this.hoverUnit(item);
  }

  /** What the card of a unit says in numbers: {word, text}. */
  unitFacts({ layer, unit }) {
    const shown = this.board.shown();
    const at = valueIndex(this.scene, { layer, unit });
    const facts = [["bias", numbers.text(this.parameter({ layer, unit, source: null }))]];
    if (shown.z) facts.push(["z", numbers.text(shown.z[at])], ["a", numbers.text(shown.a[at])]);
    if (shown.ranges) facts.push(["unit map", this.board.rangeOf(layer, unit).map((value) => numbers.tick(value, 3)).join(" to ")]);
    return facts.map(([word, text]) => ({ word, text }));
  }

  hoverUnit(pointedAt) {
    const unit = pointedAt || this.chosen;
    const same = (this.hover && unit && this.hover.layer === unit.layer && this.hover.unit === unit.unit) || this.hover === unit;
    if (same) return;
    this.hover = unit;
    this.board.repaint("units", "still", "map");
    this.board.pointed(unit);
  }

  /** Puts a link, bias or unit under the microscope: from a link, or from its button's data. */
  look(place) {
    if (!place || place.layer === undefined) return;
    const { layer, unit, source, kind } = place;
    const from = { unit: [], bias: [null] }[kind] || [Number(source)];
    this.card.close(false);
    this.board.open("look", { layer: Number(layer), unit: Number(unit), source: from });
  }

  // ---- Painting -----------------------------------------------------------------------------------------------------

  paintLinks(shown) {
    const { context } = this.links;
    const colours = this.board.colours();
    this.links.clear();
    draw.drawLinks(context, this.place.links, shown.theta, this.hoveredLink, colours);
    if (this.place.bundles) draw.drawBundles(context, this.place.bundles, colours);
  }

  /** The units' tiles; the features' only when something about them changed. */
  paintUnits(shown, features) {
    const { scene, place: placed, maps, hover } = this;
    const colours = this.board.colours();
    const last = lastLayer(scene);
    for (const column of this.columns) {
      if (column.isFeatures && !features) continue;
      const { context } = column.surface;
      column.surface.clear();
      context.save();
      context.translate(-column.left, -column.top);
      if (column.isFeatures && placed.image) {
        draw.drawImage(context, placed.image, scene.image, this.board.header().probe || scene.image.mean, colours);
        context.restore();
        continue;
      }
      for (const item of column.items) {
        const isFeature = item.layer < 0;
        const isOutput = item.layer === last;
        const at = isFeature ? item.unit : valueIndex(scene, item);
        const feature = isFeature ? scene.features[item.unit] : null;
        const single = isOutput && scene.sizes[last + 1] === 1;
        const atlas = isFeature ? maps.features : single ? maps.output : maps.units;
        const hasMap = isPlanar(scene) && atlas.side && (isFeature || (single ? shown.outputMaps : shown.unitMaps));
        const curve = isPlanar(scene) ? null : isFeature ? row(scene.featureCurves, item.unit) : curveOf(scene, shown, item);
        const range = curve && (isFeature ? reach(curve) : this.board.rangeOf(item.layer, item.unit));
        const drawPicture = (left, top) =>
          hasMap ? atlas.draw(context, single ? 0 : isFeature ? at : pictureIndex(scene, item), left, top, placed.tile) : curves.drawTileCurve(context, curve, range, left, top, placed.tile, colours);
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

  tileValues(shown, item, at) {
    if (!shown.z || this.place.tile < 26) return null;
    if (item.layer >= 0) return [`z ${numbers.text(shown.z[at])}`, `a ${numbers.text(shown.a[at])}`];
    const feature = this.scene.features[item.unit];
    return feature.on && shown.inputs ? [numbers.text(shown.inputs[feature.source])] : null;
  }

  /** The scale of the hidden units' maps, in the legend. */
  writeScale({ ranges }) {
    setText(this.scaleText, ranges ? scaleInWords(this.scene, ranges, numbers.brief) : "orange low, blue high");
    if (!this.board.isPlaying() && ranges) this.scaleText.title = scaleInWords(this.scene, ranges, numbers.exact);
  }
}

/** The scale of the hidden units' maps in words: one when all share it. written: how a number is. */
function scaleInWords(scene, ranges, written) {
  const hidden = scene.sizes.slice(1, -1).reduce((sum, size) => sum + size, 0);
  if (!hidden) return `${written(ranges[0])} to ${written(ranges[1])}`;
  const highs = Array.from({ length: hidden }, (_, unit) => ranges[2 * unit + 1]);
  const lows = Array.from({ length: hidden }, (_, unit) => ranges[2 * unit]);
  const [foot, top] = [Math.min(...lows), Math.max(...highs)];
  if (lows.every((low) => low === foot) && highs.every((high) => high === top)) return `${written(foot)} to ${written(top)}`;
  if (lows.every((low, unit) => low === -highs[unit])) return `±${written(Math.min(...highs))} to ±${written(top)}, each its own`;
  return `each its own, within ${written(foot)} to ${written(top)}`;
}

/** A scale on which a feature's curve fills its tile. */
function reach(curve) {
  const largest = curve.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  return [-largest, largest];
}

function boxStyle(item, tile) {
  return `left:${item.x - tile / 2}px;top:${item.y - tile / 2}px;width:${tile}px;height:${tile}px`;
}
