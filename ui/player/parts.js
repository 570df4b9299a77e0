// Parts: what the player's components share: making nodes, their styles, and one view for each place on the page.

import { adopt, sheet } from "../styles.js";

const STYLES = await sheet(import.meta.url, "./player.css");

/** An element with a class, attributes and children. Text is set as text, never as markup. */
export function h(tag, { text, on = {}, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(name, value);
  for (const [name, listener] of Object.entries(on)) element.addEventListener(name, listener);
  if (text !== undefined) element.textContent = text;
  element.append(...children);
  return element;
}

/** The default export of a component: keeps one View a place, and calls view.update(component) at every answer. */
export function mounted(View, testid, ...sheets) {
  const views = new WeakMap();
  return (component) => {
    const { parentElement } = component;
    let view = views.get(parentElement);
    if (!view) {
      const root = h("div", { class: `part ${testid}`, "data-testid": testid });
      adopt(parentElement, STYLES, ...sheets);
      parentElement.append(root);
      views.set(parentElement, (view = new View(root)));
    }
    view.update(component);
    view.root.dataset.updates = Number(view.root.dataset.updates || 0) + 1;
    return () => {
      if (view.close) view.close();
      view.root.remove();
      views.delete(parentElement);
    };
  };
}
