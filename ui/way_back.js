// The way back: what the browser's Back button goes to is another page, or another experiment, and nothing else.
//
// Streamlit adds an entry to the browser's history for every change of the address. Of one page it makes two, for the
// query of the page before comes along first and is taken away then; and what was done in a lesson is told by its address.
// Such an address takes the place of the one before. Where a button leads to another page it is the query of that page which
// comes first, while the path is still this page's: it has no place at all, or Back would open it here.

const EXPERIMENT = ["dataset", "seed", "a"]; // one of these stands in the query of every experiment, of friendly numbers, of a comparison
const LAST = "order_seed"; // which a whole experiment ends with
// Of a query: where in the run one stands, how it goes on, what is looked at and what became of the run besides: that is
// no other experiment.
const VIEW = ["at", "speed", "stop", "input", "axes", "show", "until", "forks"];

const OWN = { compare: "a", exercise: "seed" }; // which one it is, of these pages; of all others it is "dataset"

const HOLD = ["", "compare", "digits", "landscape", "sweep", "seeds", "exercise"]; // pages with an experiment in their address
const LATE = 30000; // ms in which what was under way has come, on a server with many visitors
const QUIET = 200; // ms without any more of it, until Streamlit is told where the visitor is
const MOST_TOLD = 3; // then it is let through: a page that refuses an address of its own writes another one each time
const USES = ["pointerdown", "pointerup", "click", "keydown", "input"]; // what an address may come from
const MODIFIERS = ["Alt", "Control", "Meta", "Shift"]; // Alt and an arrow lead back

/** Whether it is an experiment of another page than that of its path, to which one is on the way. */
function isAhead(url) {
  const [next, here] = [new URL(url, window.location.href), new URL(window.location.href)];
  const kindOf = ({ searchParams }) => EXPERIMENT.find((name) => searchParams.has(name));
  const own = OWN[here.pathname.split("/").at(-1)] || "dataset";
  return next.pathname === here.pathname && kindOf(here) === own && kindOf(next) !== undefined && kindOf(next) !== own;
}

function completes(url) {
  const [next, here] = [new URL(url, window.location.href), new URL(window.location.href)];
  if (next.pathname !== here.pathname) return false;
  if (![next, here].every((address) => EXPERIMENT.some((name) => address.searchParams.has(name)))) return true;
  for (const name of VIEW) for (const address of [next, here]) address.searchParams.delete(name);
  if (here.searchParams.has(LAST)) return next.search === here.search;
  // Somebody has written a part of an address, and the whole one says the same.
  const isSame = (one, other) => one === other || (one && other && Number(one) === Number(other));
  return [...here.searchParams].every(([name, value]) => isSame(value, next.searchParams.get(name)));
}

/** Whether a page of this address has an experiment in it. */
const holds = ({ pathname }) => HOLD.includes(pathname.split("/").at(-1));

/** Whether it is of another page or of another experiment than what the visitor has gone to. */
function leadsAway(url) {
  const [next, here] = [new URL(url, window.location.href), new URL(window.location.href)];
  const isNews = EXPERIMENT.some((name) => next.searchParams.has(name) && !here.searchParams.has(name));
  return !completes(url) || (isNews && !holds(here));
}

// Once for the browser's tab, however many pages bring this script along.
if (!document.documentElement.dataset.wayBack) {
  document.documentElement.dataset.wayBack = "kept";
  const { history } = window;
  const [push, put] = [history.pushState.bind(history), history.replaceState.bind(history)];
  let wentAt = -Infinity; // when the visitor went back or forward last and has done nothing since, in ms
  let told = 0; // how often Streamlit was told so again
  let timer = null;
  window.addEventListener("popstate", ({ isTrusted }) => {
    if (!isTrusted) return;
    [wentAt, told] = [performance.now(), 0];
    clearTimeout(timer); // of where she has been before
  });
  for (const event of USES) {
    window.addEventListener(event, (what) => !(what instanceof KeyboardEvent && MODIFIERS.includes(what.key)) && (wentAt = -Infinity), true);
  }
  // What was under way to here when she went names its own address, which would take the place of the one that she has gone to
  // and all that lies beyond it. It goes nowhere, and Streamlit, which believes to be there, hears again where she is.
  const isLate = (url) => {
    if (!url || performance.now() - wentAt > LATE || told >= MOST_TOLD || !leadsAway(url)) return false;
    clearTimeout(timer);
    timer = setTimeout(() => {
      told += 1;
      window.dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
    }, QUIET);
    return true;
  };
  history.pushState = (state, title, url) => {
    if (url && (isAhead(url) || isLate(url))) return;
    if (url && completes(url)) put(state, title, url);
    else push(state, title, url);
  };
  history.replaceState = (state, title, url) => {
    if (!isLate(url)) put(state, title, url);
  };
}
