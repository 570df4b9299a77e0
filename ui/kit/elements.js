// Nodes: elements of HTML and of SVG. Text goes in as text, never as markup, so no data can become any.

const SVG = "http://www.w3.org/2000/svg";

/**
 * h("button", { class: "x", on: { click: go } }, "Go"): an element of HTML.
 *
 * settings: attributes; true is an attribute without a value, false, null and undefined are none. `text` is what stands
 * in it, `on` has a listener for each event, and a name such as onclick is set as the property it is.
 * @param {string} tag
 * @param {Record<string, any>} settings
 * @param {...(Node | string)} children
 * @returns {any}
 */
export function h(tag, settings = {}, ...children) {
  return filled(document.createElement(tag), settings, children);
}

/**
 * The same of SVG.
 * @param {string} tag
 * @param {Record<string, any>} settings
 * @param {...(Node | string)} children
 * @returns {any}
 */
export function shape(tag, settings = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), settings, children);
}

/** What stays the same is not written again: a screen reader would have to look at it. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}

/** How many of the window's pixels one of an element's own is: on the wall (ui/present) more than one. */
export function zoomOf(/** @type {any} */ element) {
  return element.currentCSSZoom || 1;
}

/** Where an element is in the window, in its own pixels. */
export function boundsOf(element) {
  const { x, y, width, height } = element.getBoundingClientRect();
  const zoom = zoomOf(element);
  return new DOMRect(x / zoom, y / zoom, width / zoom, height / zoom);
}

/** Where a pointer is in an element, in its own pixels: [across, down]. */
export function placeIn(element, { clientX, clientY }) {
  const { left, top } = boundsOf(element);
  const zoom = zoomOf(element);
  return [clientX / zoom - left, clientY / zoom - top];
}

function filled(node, settings, children) {
  const { text, on = {}, ...attributes } = settings;
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  for (const [name, listener] of Object.entries(on)) node.addEventListener(name, listener);
  if (text !== undefined) node.textContent = text;
  node.append(...children);
  return node;
}
