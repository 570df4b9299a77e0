// Mount: how a component of the browser comes onto a page, and what it is asked to do there.

import { adopt, sheet } from "./styles.js";

const PALETTE = await sheet(new URL("./palette.css", import.meta.url));

/**
 * What Streamlit gives a component at every answer and every change of theme.
 * @typedef {{ parentElement: any, data: any, setStateValue: (name: string, value: any) => void, setTriggerValue: (name: string, value: any) => void }} Component
 *
 * What stands in one place. root: the element that it shows, if any. close() lets go of all that it holds elsewhere.
 * @typedef {{ root?: Element, update: (component: Component) => void, close: () => void }} View
 */

/**
 * The default export of a component: a view for each place on the page, in the palette and the given styles.
 * @param {new (parentElement: any, data: any) => View} View made with the first data
 * @param {...CSSStyleSheet} sheets
 */
export function mount(View, ...sheets) {
  const views = new WeakMap();
  const paths = new WeakMap(); // of the page that a view stands on
  return (/** @type {Component} */ component) => {
    const { parentElement, setStateValue, setTriggerValue } = component;
    let view = views.get(parentElement);
    if (!view) {
      adopt(parentElement, PALETTE, ...sheets);
      views.set(parentElement, (view = new View(parentElement, component.data)));
      paths.set(view, window.location.pathname);
      if (view.root) parentElement.append(view.root);
    }
    // Streamlit takes what is said for a run of the page on screen: by Back one is on the way to another, which would be lost.
    const isThere = () => window.location.pathname === paths.get(view);
    view.update({
      ...component,
      setStateValue: (name, value) => isThere() && setStateValue(name, value),
      setTriggerValue: (name, value) => isThere() && setTriggerValue(name, value),
    });
    return () => {
      view.close();
      view.root?.remove();
      views.delete(parentElement);
    };
  };
}
