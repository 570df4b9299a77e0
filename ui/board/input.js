// Input: what the visitor does with keyboard and pointer, turned into the view's words. It decides nothing about the network.

import { distanceToLink, linkPoint } from "./layout.js";
import { four, HANDLE, mapBox, placeOnMap } from "./drawing.js";
import { h } from "./elements.js";

/** A typed number; a decimal comma is as good as a point. NaN when it is none. */
export function parseNumber(text) {
  const tidy = text.trim().replace("−", "-").replace(",", ".");
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(tidy) ? Number(tidy) : NaN;
}

/** Space, right arrow and R while the focus is on the board, but never while a field, slider or list has it. */
export function listenToKeys(root, { toggle, step, reset }) {
  root.addEventListener("keydown", (event) => {
    const target = event.composedPath()[0];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (["INPUT", "SELECT", "TEXTAREA"].includes(target.tagName)) return;
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

/** The data coordinates under the pointer on the map, or null outside its box. */
export function pointOnMap(event, surface, domain) {
  const bounds = surface.canvas.getBoundingClientRect();
  const box = mapBox(surface.width, surface.height);
  const across = (event.clientX - bounds.left - box.left) / box.size;
  const up = 1 - (event.clientY - bounds.top - box.top) / box.size;
  if (across < 0 || across > 1 || up < 0 || up > 1) return null;
  return domain.map(([low, high], axis) => {
    const value = low + (axis === 0 ? across : up) * (high - low);
    return Number(value.toFixed(3));
  });
}

/** The training point (its row) nearest to the pointer, -1 when none is within reach; a finger is less exact. */
export function pointUnder(event, surface, domain, { x }) {
  const bounds = surface.canvas.getBoundingClientRect();
  let [nearest, least] = [-1, event.pointerType === "touch" ? 14 : 6];
  for (let i = 0; 2 * i < x.length; i += 1) {
    const at = placeOnMap(surface, domain, [x[2 * i], x[2 * i + 1]]);
    const distance = Math.hypot(event.clientX - bounds.left - at.x, event.clientY - bounds.top - at.y);
    if (distance < least) [nearest, least] = [i, distance];
  }
  return nearest;
}

/** The card beside a parameter: its live value when pointed at, a field for a new one when clicked. */
export class ParameterCard {
  constructor(node, container, { read, apply, look, closed }) {
    Object.assign(this, { node, container, read, apply, look, closed });
    this.target = null; // {layer, unit, source or null, x, y}
    this.editing = false;
  }

  show(target) {
    if (this.editing) return;
    this.target = target;
    this.node.hidden = !target;
    if (!target) return;
    this.node.classList.remove("editing");
    this.value = h("div", { class: "value" });
    this.exact = h("div", { class: "exact" });
    this.node.replaceChildren(h("div", {}, describe(target)), this.value, this.exact, h("div", { class: "hint" }, "Click: type another value. Double click or M: microscope."));
    this.refresh();
    this.position();
  }

  /** The numbers of the frame on screen. */
  refresh() {
    if (!this.target || this.editing) return;
    const value = this.read(this.target);
    if (value === null) return;
    const text = four(value);
    if (this.value.textContent === text) return;
    this.value.textContent = text;
    this.value.className = value < 0 ? "value negative" : "value positive";
    this.exact.textContent = `exactly ${String(value).replace("-", "−")}`;
  }

  edit(target) {
    this.editing = false;
    this.show(target);
    this.editing = true;
    this.node.classList.add("editing");
    this.field = h("input", { type: "text", inputmode: "decimal", "aria-label": `New value of the ${describe(target)}` });
    this.field.value = String(this.read(target));
    this.wrong = h("div", { class: "wrong", role: "alert" });
    this.field.onkeydown = (event) => {
      if (event.key === "Enter") this.finish();
      else if (event.key === "Escape") this.close(true);
      event.stopPropagation();
    };
    this.field.onblur = (event) => this.node.contains(event.relatedTarget) || this.close(false);
    const look = h("button", { type: "button", class: "look" }, "Where does its next value come from?");
    look.onpointerdown = (event) => event.preventDefault(); // the field keeps the focus, so the card stays until the click
    look.onclick = () => {
      const { layer, unit, source } = target;
      this.close(false);
      this.look({ layer, unit, source: [source] });
    };
    this.node.replaceChildren(h("div", {}, describe(target)), this.field, this.wrong, h("div", { class: "hint" }, "Enter applies, Escape leaves it."), look);
    this.position();
    this.field.focus();
    this.field.select();
  }

  finish() {
    const value = parseNumber(this.field.value);
    if (!Number.isFinite(value)) {
      this.wrong.textContent = `“${this.field.value.slice(0, 30)}” is no number: type one such as −0.25 or 1,5. The old value stays.`;
      this.position();
      return;
    }
    const { layer, unit, source } = this.target;
    this.apply({ layer, unit, source, value });
    this.close(true);
  }

  close(focusBack) {
    if (!this.editing) return;
    this.editing = false;
    const { target } = this;
    this.node.classList.remove("editing");
    this.show(null);
    this.closed(target, focusBack);
  }

  position() {
    const { width, height } = this.container.getBoundingClientRect();
    const own = this.node.getBoundingClientRect();
    const x = this.target.x + 14 + own.width > width ? this.target.x - 14 - own.width : this.target.x + 14;
    const y = Math.min(Math.max(this.target.y - own.height / 2, 2), height - own.height - 2);
    this.node.style.left = `${Math.max(2, x)}px`;
    this.node.style.top = `${y}px`;
  }
}

/** A parameter's name as the screen counts: layers and units from 1. */
export function describe({ layer, unit, source, sourceName }) {
  if (source === null) return `bias of layer ${layer + 1}, unit ${unit + 1}`;
  const from = sourceName ?? `layer ${layer}, unit ${source + 1}`;
  return `weight from ${from} to layer ${layer + 1}, unit ${unit + 1}`;
}

export function linkTarget(link) {
  return { ...link, ...linkPoint(link, HANDLE) };
}
