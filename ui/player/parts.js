// Parts: what the player's components share: their styles, and one view for each place on the page.

import { h } from "../kit/elements.js";
import { adopt, sheet } from "../kit/styles.js";

const STYLES = await sheet(import.meta.url, "./player.css");

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
