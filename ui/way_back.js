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

// Once for the browser's tab, however many pages bring this script along.
if (!document.documentElement.dataset.wayBack) {
  document.documentElement.dataset.wayBack = "kept";
  const { history } = window;
  const push = history.pushState.bind(history);
  history.pushState = (state, title, url) => {
    if (url && isAhead(url)) return;
    if (url && completes(url)) history.replaceState(state, title, url);
    else push(state, title, url);
  };
}
