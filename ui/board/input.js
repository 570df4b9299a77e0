// Input: what the visitor does with keyboard and pointer, turned into the view's words. It decides nothing about the network.

import { distanceToLink } from "./layout.js";
import { mapBox } from "./drawing.js";
import { term } from "./elements.js";
import { boundsOf, capital, h, placeIn } from "../kit/elements.js";
import * as numbers from "../kit/numbers.js";
import * as typed from "../kit/typed.js";
import { curveBox } from "./curves.js";

/** Space, right arrow and R while the focus is on the board, but never while a field or list has it; in the time slider Space. */
export function listenToKeys(root, { toggle, step, reset }) {
  root.addEventListener("keydown", (event) => {
    const target = event.composedPath()[0];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isSlider = target.type === "range";
    if (["INPUT", "SELECT", "TEXTAREA"].includes(target.tagName) && !(isSlider && event.key === " ")) return;
    // On a button, space is that button's own key.
    if (event.key === " " && target.tagName !== "BUTTON") toggle();
    else if (event.key === "ArrowRight") step();
    else if (event.key === "r" || event.key === "R") reset();
    else return;
    event.preventDefault();
  });
}

/** Up and down move between the links of one unit, which are one Tab stop together. */
export function moveAmongLinks(button, event) {
  if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
  const group = [...button.parentElement.querySelectorAll(`.link[data-group="${button.dataset.group}"]`)];
  const next = group[group.indexOf(button) + (event.key === "ArrowDown" ? 1 : -1)];
  if (next) {
    button.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }
  event.preventDefault();
}

/** The link nearest to the pointer, if one is near; a finger is less exact than a mouse. */
export function linkAt(links, x, y, isTouch) {
  let nearest = null;
  let least = isTouch ? 16 : 7;
  for (const link of links) {
    if (x < link.x0 || x > link.x1) continue;
    const distance = distanceToLink(link, x, y);
    if (distance < least) [nearest, least] = [link, distance];
  }
  return nearest;
}

/** The data coordinates under the pointer on the map (or curve: one), or null outside its box. */
export function pointOnMap(event, surface, domain) {
  const [left, top] = placeIn(surface.canvas, event);
  const box = domain.length === 2 ? mapBox(surface.width, surface.height) : curveBox(surface.width, surface.height);
  const across = (left - box.left) / (box.width || box.size);
  const up = 1 - (top - box.top) / (box.height || box.size);
  if (across < 0 || across > 1 || up < 0 || up > 1) return null;
  return domain.map(([low, high], axis) => {
    const value = low + (axis === 0 ? across : up) * (high - low);
    return Number(value.toFixed(3));
  });
}

/** The point (its row) nearest to the pointer, -1 when none is within reach. placeOf(i): where it lies on the canvas. */
export function pointUnder(event, canvas, count, placeOf) {
  const [left, top] = placeIn(canvas, event);
  let [nearest, least] = [-1, event.pointerType === "touch" ? 14 : 6]; // a finger is less exact
  for (let i = 0; i < count; i += 1) {
    const at = placeOf(i);
    const distance = Math.hypot(left - at.x, top - at.y);
    if (distance < least) [nearest, least] = [i, distance];
  }
  return nearest;
}

/**
 * The card beside a parameter or a unit. Pointed at, a parameter shows its live value; chosen, it has a field for a new
 * one, and a unit says what it is, with its live numbers. A chosen card has the focus and stays until it is left.
 *
 * target: {layer, unit, source (null: the bias, undefined: the unit itself), name, focus, x, x0, y}; x is right and x0
 * left of what it belongs to, and `focus` says which button gets the focus back.
 */
export class Card {
  constructor(node, container, { read, largest, facts, explained, apply, look, refusal, closed, isOnTheWall }) {
    this.node = node;
    this.container = container;
    this.read = read;
    this.largest = largest;
    this.facts = facts;
    this.explained = explained;
    this.apply = apply;
    this.look = look;
    this.refusal = refusal; // why no value can be changed, "" where it can
    this.closed = closed;
    this.isOnTheWall = isOnTheWall; // where nothing is typed: it only shows
    this.target = null;
    this.isOpen = false; // chosen, not just pointed at
    node.addEventListener("focusout", (event) => node.contains(event.relatedTarget) || this.close(false));
    node.onkeydown = (event) => {
      if (event.key !== "Escape") return;
      this.close(true);
      event.stopPropagation();
    };
  }

  show(target) {
    if (this.isOpen) return;
    this.target = target;
    this.node.hidden = !target;
    if (!target) {
      this.node.replaceChildren();
      return;
    }
    this.value = h("div", { class: "value" });
    this.exact = h("div", { class: "exact" });
    if (this.isOnTheWall) {
      this.fill(this.value);
      this.refresh();
      this.position();
      return;
    }
    const first = this.refusal() || "Click: type another value.";
    this.fill(this.value, this.exact, h("div", { class: "hint" }, `${first} Double click or M: microscope.`));
    this.refresh();
    this.position();
  }

  /** The numbers of the frame on screen. */
  refresh() {
    if (!this.target) return;
    if (this.rows) this.writeFacts();
    else if (!this.isOpen || this.refusal()) this.writeValue();
  }

  writeValue() {
    const value = this.read(this.target);
    if (value === null) return;
    const text = numbers.text(value);
    if (this.value.textContent === text) return;
    this.value.textContent = text;
    this.value.className = value < 0 ? "value negative" : "value positive";
    this.exact.textContent = `exactly ${numbers.exact(value)}`;
  }

  writeFacts() {
    const facts = this.facts(this.target);
    const words = facts.map(({ word }) => word).join();
    if (words !== this.rows.words) {
      this.rows.words = words;
      const label = (word) => term(word, word === "unit map" ? "map" : word, `${word} of ${this.target.name}`);
      this.rows.node.replaceChildren(...facts.flatMap(({ word }) => [h("dt", {}, label(word)), h("dd", {})]));
      this.explained(this.rows.node);
    }
    const cells = this.rows.node.querySelectorAll("dd");
    facts.forEach(({ text }, i) => cells[i].textContent === text || (cells[i].textContent = text));
  }

  /** Chooses a parameter: a field for another value, or why there is none. */
  edit(target) {
    if (this.isOnTheWall) return;
    this.choose(target);
    const refusal = this.refusal();
    if (refusal) {
      [this.value, this.exact] = [h("div", {}), h("div", { class: "exact" })];
      this.fill(this.value, this.exact, h("div", { class: "hint" }, refusal), this.way("Where does its next value come from?", [target.source]));
      this.writeValue();
      this.position();
      return;
    }
    this.field = h("input", { type: "text", "aria-label": `New value of the ${target.name}` });
    this.field.value = typed.written(this.read(target));
    this.wrong = h("div", { class: "wrong", role: "alert" });
    this.field.onkeydown = (event) => {
      if (event.key === "Escape") return; // the card's own key
      event.stopPropagation();
      if (event.key !== "Enter") return;
      event.preventDefault(); // it would also press the button that gets the focus back, and open this card again
      this.finish();
    };
    this.fill(this.field, this.wrong, h("div", { class: "hint" }, "Enter applies, Escape leaves it."), this.way("Where does its next value come from?", [target.source]));
    this.position();
    this.field.focus();
    this.field.select();
  }

  /** Chooses a unit: kind says what it is. */
  about(target, kind) {
    if (this.isOnTheWall) return;
    this.choose(target);
    this.rows = { node: h("dl", {}), words: null };
    const bias = h("button", { type: "button", class: "look" }, "Change its bias");
    bias.onclick = () => this.edit({ ...target, source: null, name: `bias of ${target.name}` });
    this.fill(h("div", { class: "hint" }, kind), this.rows.node, this.way("Open in the microscope", []), ...(this.refusal() ? [] : [bias]));
    this.writeFacts();
    this.position();
  }

  choose(target) {
    this.close(false);
    this.target = target;
    this.isOpen = true;
    this.node.hidden = false;
    this.node.classList.add("editing");
    this.node.setAttribute("role", "dialog");
    this.node.setAttribute("aria-label", target.name);
    this.node.focus({ preventScroll: true }); // before anything in it is replaced: the focus may be there
  }

  fill(...content) {
    const { name } = this.target;
    this.node.replaceChildren(h("div", { class: "name" }, capital(name)), ...content);
  }

  /** The way on to the microscope. */
  way(words, source) {
    const { layer, unit } = this.target;
    const button = h("button", { type: "button", class: "look" }, words);
    button.onclick = () => {
      this.close(false);
      this.look({ layer, unit, source });
    };
    return button;
  }

  finish() {
    const value = typed.number(this.field.value);
    const most = this.largest();
    if (!(Math.abs(value) <= most)) { // which NaN is not
      const range = `from −${numbers.count(most)} to ${numbers.count(most)}`;
      this.wrong.textContent = `Not “${this.field.value.slice(0, 30)}”: type a number ${range}, such as −0.25 or 1,5. The old value stays.`;
      this.position();
      return;
    }
    const { layer, unit, source } = this.target;
    this.apply({ layer, unit, source, value });
    this.close(true);
  }

  close(focusBack) {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.rows = null;
    const { target } = this;
    this.node.classList.remove("editing");
    this.node.removeAttribute("role");
    this.node.removeAttribute("aria-label");
    this.show(null);
    this.closed(target, focusBack);
  }

  position() {
    const { width, height } = boundsOf(this.container);
    const own = boundsOf(this.node);
    const { x, x0 = x, y } = this.target;
    const left = x + 14 + own.width > width ? x0 - 14 - own.width : x + 14;
    const top = Math.min(Math.max(y - own.height / 2, 2), height - own.height - 2);
    this.node.style.left = `${Math.max(2, left)}px`;
    this.node.style.top = `${Math.max(2, top)}px`;
  }
}
