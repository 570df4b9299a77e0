// Keys: what Streamlit's page lacks for whoever uses the keyboard alone. An opened drawer or menu stands at the very end of
// the page, so Tab would go from its button past it; what gets the focus may lie under the bar at the top; and the page
// itself is a Tab stop that cannot be seen.

const DRAWER = '[data-testid="stPopoverBody"]';
const MENU = '[data-testid="stMenuButtonBody"]';
const OPENER = 'main button[aria-expanded="true"], [data-testid="stMain"] button[aria-expanded="true"]';
const STOPS = 'a[href], button, input, select, textarea, [tabindex="0"], [data-tabindex="0"]';
const BAR = 68; // px, with a little room

// Once for the browser's tab, however many pages bring this script along.
if (!document.documentElement.dataset.keys) {
  document.documentElement.dataset.keys = "lead";
  document.addEventListener("keydown", leadIntoDrawers, true);
  const styles = new CSSStyleSheet(); // of the page itself, which knows no colours of the theme by name
  styles.replaceSync(`
    [data-testid="stMain"] { scroll-padding-top: ${BAR}px; }
    [data-testid="stMain"]:focus-visible { outline: 2px solid currentColor; outline-offset: -2px; }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, styles];
}

/** Tab leads from the button of an open drawer into it, and from its ends and from a menu back to where the button stands. */
function leadIntoDrawers(event) {
  if (event.key !== "Tab" || event.ctrlKey || event.altKey || event.metaKey) return;
  const opened = document.querySelector(`${DRAWER}, ${MENU}`);
  const opener = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(OPENER))].find((button) => button.checkVisibility());
  if (!opened || !opener) return;
  const activeElement = /** @type {HTMLElement} */ (document.activeElement);
  if (opened.matches(MENU)) {
    if (opened.contains(activeElement)) opener.focus(); // from there the browser goes on
    return;
  }
  const stops = [...opened.querySelectorAll(STOPS)].filter(isStop);
  const [first, last] = [stops[0], stops.at(-1)];
  if (activeElement === opener && !event.shiftKey) lead(event, first ?? opened); // its controls may be under way yet
  else if (activeElement === opened && first && !event.shiftKey) lead(event, first);
  else if ([first, opened].includes(activeElement) && event.shiftKey) lead(event, opener);
  else if ([last, opened].includes(activeElement) && !event.shiftKey) opener.focus(); // from there the browser goes on to the next
}

/** While the focus is elsewhere Streamlit takes Tab from all that is in a drawer, and keeps what was there under another name. */
function isStop(element) {
  const index = (element.dataset.tabindex ?? element.getAttribute("tabindex")) || "0";
  return index !== "-1" && !element.disabled && element.checkVisibility({ visibilityProperty: true });
}

function lead(event, element) {
  event.preventDefault();
  if (!element.matches(STOPS)) element.tabIndex = -1; // a drawer itself can be entered, but is no stop
  element.focus();
}
