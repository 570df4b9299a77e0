// Leaving: links and buttons of the page around that lead to another page, as far as the board must know of them.

// Buttons, by their keys, that lead to another page with what is on screen.
const LEADS_ON = /st-key-(\w+)_(?:compare|open)(?:\s|$)/;
const OPENS = ["pointerdown", "click", "contextmenu"]; // a link, in whatever way
// ms after a click on a link to another page in which the board says nothing. What it says while Streamlit changes the
// page is taken for a run of the page that is being left, and the new one stays empty.
const SILENT = 3000;
// ms within which Streamlit sends what is said. A click to another page that overtakes it would leave the new page empty, too.
const SENT = 120;

export class Leaving {
  /**
   * name: the board's. leadOn(): Python leads on to where the board stands. askedAt(): when the board said something last, in ms.
   * moment(): {header, shown, generation, tail, furthest} of what is on screen.
   * @param {string} name
   * @param {Record<string, (...given: any[]) => any>} board
   */
  constructor(name, { leadOn, askedAt, moment }) {
    this.path = window.location.pathname;
    this.leftAt = -Infinity;
    const onLink = (event) => {
      const { target } = event;
      if (!target.closest || event.ctrlKey || event.metaKey || event.shiftKey) return; // another tab
      const link = target.closest("a[href]");
      const [, of] = target.closest("[class*=st-key-]")?.className.match(LEADS_ON) || []; // the board
      const way = link ? (link.target !== "_blank" && link.pathname !== this.path ? link : null) : of && target.closest("button");
      if (!way) return;
      if (of === name) leadOn();
      this.leftAt = performance.now();
      if (this.leftAt - askedAt() > SENT) return;
      event.preventDefault(); // what was asked just now is sent first
      event.stopImmediatePropagation();
      setTimeout(() => way.click(), SENT);
    };
    const onPresent = ({ target }) => putMoment(target.closest?.(`.st-key-${name}_present a[href]`), moment());
    document.addEventListener("click", onLink, true);
    for (const event of OPENS) document.addEventListener(event, onPresent, true);
    this.close = () => {
      document.removeEventListener("click", onLink, true);
      for (const event of OPENS) document.removeEventListener(event, onPresent, true);
    };
  }

  /** Whether the visitor is on her way to another page, or there. */
  get isLeft() {
    return performance.now() - this.leftAt < SILENT || window.location.pathname !== this.path;
  }
}

/** The page wrote this link when it ran last: whoever presses it while it plays means what is on screen. */
function putMoment(link, { header, shown, generation, tail, furthest }) {
  if (!link || !header || !header.link) return;
  const [address, moment] = [new URL(link.href), new URLSearchParams(header.link)];
  for (const name of ["present", "embed"]) moment.set(name, address.searchParams.get(name));
  // Of what has failed, or is on the way to somewhere, Python knows better what to open.
  const isItself = header.remember.update === undefined || (header.status === "diverged" && shown.update < tail);
  if (shown && shown.generation === generation && header.generation === generation && isItself) {
    for (const [name, update, isSaid] of [["at", shown.update, shown.update > 0], ["until", furthest, furthest > shown.update]]) {
      if (isSaid) moment.set(name, String(update));
      else moment.delete(name);
    }
  }
  address.search = moment.toString();
  link.href = address.href;
}
