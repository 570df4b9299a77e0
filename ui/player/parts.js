// Parts: what the player's components share: making nodes, fetching their styles, and one view for each place on the page.

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
export function mounted(View, testid) {
  const views = new WeakMap();
  return (component) => {
    const { parentElement } = component;
    let view = views.get(parentElement);
    if (!view) {
      const root = h("div", { class: `part ${testid}`, "data-testid": testid });
      views.set(parentElement, (view = new View(root)));
      view.sheet = style(parentElement, root);
    }
    view.update(component);
    view.root.dataset.updates = Number(view.root.dataset.updates || 0) + 1;
    return () => {
      if (view.close) view.close();
      view.root.remove();
      if (view.sheet) view.sheet.remove();
      views.delete(parentElement);
    };
  };
}

/** Served as a file, a module knows where its style sheet is; carried inline, Python sends the styles along. */
function style(parent, element) {
  if (!import.meta.url.startsWith("http")) {
    parent.append(element);
    return null;
  }
  const sheet = h("link", { rel: "stylesheet", href: new URL("./player.css", import.meta.url).href });
  element.style.visibility = "hidden";
  sheet.onload = sheet.onerror = () => {
    element.style.visibility = "";
  };
  parent.append(sheet, element);
  return sheet;
}
