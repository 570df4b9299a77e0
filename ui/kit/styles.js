// Styles: a component's style sheet, fetched once a page and put into every place where the component is mounted.

/**
 * The sheet at an address, which a module makes from its own: so it can be fetched, and found by Python, which puts the
 * sheet itself into the address where modules are carried inline.
 * @param {URL} address
 */
export async function sheet(address) {
  const rules = await fetch(address).then((answer) => (answer.ok ? answer.text() : "")).catch(() => ""); // better plain than not there
  return new CSSStyleSheet().replace(rules);
}

/**
 * Puts sheets where an element stands: in its shadow root.
 * @param {any} element
 * @param {...CSSStyleSheet} sheets
 */
export function adopt(element, ...sheets) {
  const place = element.getRootNode();
  place.adoptedStyleSheets = [...new Set([...place.adoptedStyleSheets, ...sheets])];
}
