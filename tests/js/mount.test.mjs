// A component has one view in each place where it is mounted, which ends with its place; events reach their board alone.

import assert from "node:assert/strict";
import test from "node:test";

import { LOOK, PULLED, eventName, hear, say } from "../../ui/kit/events.js";

globalThis.CSSStyleSheet = /** @type {any} */ (class {
  replace() {
    return Promise.resolve(this);
  }
});
globalThis.window = /** @type {any} */ ({ location: { pathname: "/digits" } });
const { mount } = await import("../../ui/kit/mount.js");

/** What there is of an element here: its children, its own style sheets. */
function place() {
  const parent = { children: [], adoptedStyleSheets: [], getRootNode: () => parent, append: (child) => parent.children.push(child) };
  return parent;
}

function component() {
  const made = [];
  class View {
    constructor(parent) {
      this.parent = parent;
      this.heard = [];
      this.root = { remove: () => parent.children.splice(parent.children.indexOf(this.root), 1) };
      made.push(this);
    }

    update({ data }) {
      assert.ok(this.parent.children.includes(this.root), "what is updated stands on the page");
      this.heard.push(data);
    }

    close() {
      this.isClosed = true;
    }
  }
  return { View, made };
}

test("a place keeps its view through every answer, and another place has its own", () => {
  const { View, made } = component();
  const mounted = mount(View);
  const [here, there] = [place(), place()];
  mounted({ parentElement: here, data: 1 });
  mounted({ parentElement: there, data: 2 });
  mounted({ parentElement: here, data: 3 });
  assert.deepEqual(made.map(({ heard }) => heard), [[1, 3], [2]]);
  assert.deepEqual([here, there].map(({ children }) => children.length), [1, 1]);
});

test("what is closed is gone, and the same place can be mounted again", () => {
  const { View, made } = component();
  const mounted = mount(View);
  const here = place();
  mounted({ parentElement: here, data: 1 })();
  assert.deepEqual([made[0].isClosed, here.children.length], [true, 0]);
  mounted({ parentElement: here, data: 2 });
  assert.deepEqual(made.map(({ heard }) => heard), [[1], [2]]);
});

test("a view is made with the first data, which say whose it is", () => {
  const made = [];
  class View {
    constructor(parent, data) {
      made.push(data);
    }

    update() {}

    close() {}
  }
  const mounted = mount(View);
  const here = place();
  for (const data of ["first", "second"]) mounted({ parentElement: here, data });
  assert.deepEqual(made, ["first"]);
});

test("while Back leads to another page nothing is said, for it would be taken for a run of the page that is left", () => {
  const [said, made] = [[], []];
  class View {
    constructor() {
      made.push(this);
    }

    update(component) {
      this.component = component;
    }

    close() {}
  }
  const [setStateValue, setTriggerValue] = ["state", "trigger"].map((kind) => (...what) => said.push([kind, ...what]));
  mount(View)({ parentElement: place(), setStateValue, setTriggerValue });
  const [{ component }] = made;
  for (const pathname of ["/digits", "/", "/digits"]) {
    window.location.pathname = pathname;
    component.setStateValue("said", pathname);
    component.setTriggerValue("look", pathname);
  }
  const both = [["state", "said", "/digits"], ["trigger", "look", "/digits"]];
  assert.deepEqual(said, [...both, ...both]);
});

test("a style sheet is adopted once, beside those that are there", () => {
  const { View } = component();
  const [own, other] = [{}, {}];
  const here = place();
  here.adoptedStyleSheets = [other];
  const mounted = mount(View, own);
  mounted({ parentElement: here })();
  mounted({ parentElement: here });
  const [palette] = here.adoptedStyleSheets.slice(1);
  assert.ok(palette instanceof CSSStyleSheet);
  assert.deepEqual(here.adoptedStyleSheets, [other, palette, own]);
});

test("a view without anything to show is updated and closed all the same", () => {
  let [updates, closed] = [0, 0];
  class Silent {
    update() {
      updates += 1;
    }

    close() {
      closed += 1;
    }
  }
  mount(Silent)({ parentElement: place() })();
  assert.deepEqual([updates, closed], [1, 1]);
});

test("who says something learns whether anybody heard it, and what is said to one board reaches no other", () => {
  globalThis.window = new EventTarget();
  const heard = [];
  const stop = hear(LOOK, "left", (what) => heard.push(["left", what]));
  hear(LOOK, "right", (what) => heard.push(["right", what]));
  assert.equal(say(LOOK, "left", 1), true);
  assert.equal(say(LOOK, "right", 2), true);
  assert.equal(say(PULLED, "left", 3), false);
  assert.equal(say(LOOK, "playground", 4), false);
  stop();
  assert.equal(say(LOOK, "left", 5), false);
  assert.deepEqual(heard, [["left", 1], ["right", 2]]);
  assert.notEqual(eventName(LOOK, "left"), eventName(LOOK, "right"));
  assert.equal(eventName(PULLED, "left"), "scratchnet:left:pulled");
});
