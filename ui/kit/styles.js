// Styles: a component's style sheet, fetched once a page and put into every place where the component is mounted.

/** The sheet beside a module; null where the module is carried inline, for then Python sends the styles along. */
export async function sheet(module, file) {
  if (!module.startsWith("http")) return null;
  const answer = await fetch(new URL(file, module));
  return new CSSStyleSheet().replace(answer.ok ? await answer.text() : "");
}

/** Puts sheets where an element stands: in its shadow root. */
export function adopt(element, ...sheets) {
  const place = element.getRootNode();
  place.adoptedStyleSheets = [...new Set([...place.adoptedStyleSheets, ...sheets.filter(Boolean)])];
}
