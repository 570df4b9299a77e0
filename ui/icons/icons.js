// Icons: in place of Streamlit's font of icons, the largest file of a first visit, one with those that somebody names here.
// The page names this first in its head (ui/web/files.py): Streamlit's first script has the font fetched, by its name. A
// second rule of that name beside Streamlit's would not do, because then both are.

const FAMILY = "Material Symbols Rounded";
const FACE = `@font-face {
  font-family: "${FAMILY}";
  font-weight: 400;
  font-display: block;
  src: url("${new URL("./icons.woff2", import.meta.url).href}") format("woff2");
}`;

for (const sheet of document.styleSheets) {
  [...sheet.cssRules].forEach((rule, place) => {
    if (!(rule instanceof CSSFontFaceRule) || !rule.style.getPropertyValue("font-family").includes(FAMILY)) return;
    sheet.deleteRule(place);
    sheet.insertRule(FACE, place);
  });
}
