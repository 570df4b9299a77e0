// Where Back and Forward lead: a browser's history by hand, with Streamlit's part in it, which writes addresses and is told of steps.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

const HOST = "http://localhost:8501";
const A = "/?dataset=moons&hidden=3&order_seed=0";
const B = "/?dataset=moons&hidden=4&order_seed=0";
const C = "/?dataset=moons&hidden=5&order_seed=0";
const LESSON = "/forward";

/** A tab with these entries, on the last one. steps: what Streamlit was told, as the place that it was at then. */
function tab(...entries) {
  const listeners = [];
  const here = { entries: [...entries], index: entries.length - 1, steps: [], listeners };
  const location = {};
  for (const name of ["href", "pathname", "search"]) Object.defineProperty(location, name, { get: () => new URL(here.entries[here.index], HOST)[name] });
  const short = (url) => new URL(url, location.href).href.slice(HOST.length);
  const history = {
    state: {},
    pushState: (state, title, url) => {
      here.entries.splice(here.index + 1, Infinity, short(url));
      here.index += 1;
    },
    replaceState: (state, title, url) => (here.entries[here.index] = short(url)),
  };
  const tell = (event) => listeners.filter(([type]) => type === event.type).forEach(([, listener]) => listener(event));
  globalThis.window = /** @type {any} */ ({ history, location, addEventListener: (...one) => listeners.push(one), dispatchEvent: tell });
  globalThis.history = /** @type {any} */ (history);
  globalThis.document = /** @type {any} */ ({ documentElement: { dataset: {} } });
  globalThis.PopStateEvent = /** @type {any} */ (class {
    constructor(type) {
      Object.assign(this, { type, isTrusted: false });
    }
  });
  window.addEventListener("popstate", () => here.steps.push(location.href.slice(HOST.length)));
  here.go = (by) => {
    here.index += by;
    tell({ type: "popstate", isTrusted: true });
  };
  globalThis.KeyboardEvent = /** @type {any} */ (class {
    constructor(type, { key }) {
      Object.assign(this, { type, key });
    }
  });
  here.does = (type, key) => tell(key ? new KeyboardEvent(type, { key }) : { type });
  here.writes = (url, how = "pushState") => history[how]({}, "", url);
  return here;
}

const soon = () => mock.timers.tick(200);
let count = 0;
async function started(...entries) {
  const here = tab(...entries);
  await import(`../../ui/way_back.js?${(count += 1)}`);
  return here;
}

beforeEach(() => {
  globalThis.performance.now = () => 0;
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

for (const how of ["pushState", "replaceState"]) {
  test(`an address that was under way when she went back takes no place, and Streamlit hears where she is: ${how}`, async () => {
    const here = await started(LESSON, A, B);
    here.go(-1);
    here.writes(C, how);
    assert.deepEqual([here.entries, here.index, here.steps], [[LESSON, A, B], 1, [A]]);
    soon();
    assert.deepEqual([here.entries, here.index, here.steps], [[LESSON, A, B], 1, [A, A]]);
    here.writes(C, how);
    here.go(1); // on, before that is told: it is of no place where she is
    soon();
    assert.deepEqual([here.entries, here.index, here.steps], [[LESSON, A, B], 2, [A, A, B]]);
  });
}

test("nor does the path of the page that she has left, with and without its experiment", async () => {
  const here = await started(LESSON, A, B);
  here.go(-2);
  here.writes("/"); // Streamlit's own two: the page, then what it shows
  here.writes("/forward?dataset=moons&hidden=5&order_seed=0");
  soon();
  assert.deepEqual([here.entries, here.index, here.steps], [[LESSON, A, B], 0, [LESSON, LESSON]]);
});

test("what she does there has its own entry, and the keys that led there are no such thing", async () => {
  for (const [type, key, expected] of [
    ["click", undefined, [LESSON, A, C]],
    ["keydown", "r", [LESSON, A, C]],
    ["keydown", "Alt", [LESSON, A, B]],
  ]) {
    const here = await started(LESSON, A, B);
    here.go(-1);
    here.does(type, key);
    here.writes(C);
    assert.deepEqual(here.entries, expected);
    soon();
  }
});

test("the same experiment at another update, or made whole, takes its place as ever", async () => {
  const here = await started(LESSON, "/?hidden=3&dataset=moons", B);
  here.go(-1);
  here.writes(A);
  here.writes(`${A}&at=5`);
  soon();
  assert.deepEqual([here.entries, here.steps], [[LESSON, `${A}&at=5`, B], ["/?hidden=3&dataset=moons"]]);
});

test("an address that the page itself refuses is written in the end, and so is one long after she went", async () => {
  const here = await started(LESSON, A, B);
  here.go(-1);
  for (let round = 0; round < 4; round += 1) {
    assert.deepEqual(here.entries, [LESSON, A, B]);
    here.writes(C);
    soon();
  }
  assert.deepEqual(here.entries, [LESSON, A, C]);
  const later = await started(LESSON, A, B);
  later.go(-1);
  globalThis.performance.now = () => 40_000;
  later.writes(C);
  assert.deepEqual(later.entries, [LESSON, A, C]);
});
