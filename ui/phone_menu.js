// The menu of a phone lies over the page, and Streamlit leaves it open after a page was chosen: it keeps the visitor's
// last choice in the browser, which no setting of ours overrules. So its own button is pressed for her.

const NARROW = "(max-width: 768px)"; // as Streamlit's menu becomes an overlay
const LINK = '[data-testid="stSidebarNavLink"]';
const CLOSE = '[data-testid="stSidebarCollapseButton"] button';

// Once for the browser's tab, however many pages bring this script along: the menu outlives them all.
if (!document.documentElement.dataset.phoneMenu) {
  document.documentElement.dataset.phoneMenu = "closes";
  document.addEventListener("click", (event) => {
    if (!window.matchMedia(NARROW).matches || !(event.target instanceof Element && event.target.closest(LINK))) return;
    setTimeout(() => /** @type {HTMLElement} */ (document.querySelector(CLOSE))?.click()); // after the link itself has been followed
  });
}
