// Elements: the board's DOM, built once.

import { h, shape } from "../kit/elements.js";

const ICONS = {
  play: "M8 5v14l11-7z",
  pause: "M6 5h4v14H6zM14 5h4v14h-4z",
  reset: "M12 5V1L7 6l5 5V7a6 6 0 1 1-6 6H4a8 8 0 1 0 8-8z",
  step: "M6 5v14l9-7zM17 5h2v14h-2z",
  epoch: "M4 5v14l7-7zM12 5v14l7-7zM19 5h2v14h-2z",
  bin: "M6 7h12l-1 13H7zM9 4h6l1 2h4v2H4V6h4z",
  pen: "M3 17.2V21h3.8L17.9 9.9l-3.8-3.8zM20.7 7a1 1 0 0 0 0-1.4l-2.3-2.3a1 1 0 0 0-1.4 0l-1.8 1.8 3.8 3.8z",
};

export function icon(name) {
  return shape("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, shape("path", { d: ICONS[name] }));
}

/** A button that does nothing now for a reason, or ("") does what it says again. It can still be reached and asked why. */
export function setIdle(node, reason) {
  const { dataset } = node;
  if ((dataset.reason || "") === reason) return;
  if (!dataset.reason) dataset.title = node.title; // the bubble (tips.js) takes its place
  for (const [name, value] of [["aria-disabled", reason && "true"], ["aria-description", reason], ["data-reason", reason], ["title", reason ? "" : dataset.title]]) {
    if (value) node.setAttribute(name, value);
    else node.removeAttribute(name);
  }
}

/** A word that explains itself (tips.js): a button that looks like text. name: where the text alone says too little. */
export function term(word, text = word, name = null) {
  return h("button", { type: "button", class: "term", "data-term": word, "aria-label": name }, text);
}

/** A sample of the line that stands for training or test in the curve, repeated where their numbers stand. */
function lineSample(kind) {
  return h("span", { class: `sample ${kind}`, "aria-hidden": "true" });
}

/** Hangs a board on the wall: what is typed and what prepares a run are left out, and its results stand beside Play.
 * One moves through time and among branches there; nothing begins the run anew. */
export function hang(/** @type {Record<string, any>} */ { root, probe, seeds, reset, stepEpoch, logarithmic, strip }) {
  root.classList.add("wall");
  root.setAttribute("aria-label", "Live network board. Space plays or pauses, right arrow makes one update, R goes back to update 0.");
  reset.setAttribute("aria-label", "Back to update 0");
  reset.title = "Back to update 0; what was learned stays, and the slider leads there (R)";
  for (const node of [probe.parentElement, seeds.parentElement, logarithmic.closest(".toggles"), stepEpoch, root.querySelector(".keys")]) node.remove();
  strip.append(root.querySelector(".readings"));
}

/** Sets a board among others: what is chosen for all of them, and what is typed, is left out; its results and branches stand on top. */
export function gather(/** @type {Record<string, any>} */ { root, probe, seeds, transport, speed, logarithmic, lossBox, forks, strip, words }) {
  root.classList.add("compared");
  for (const node of [probe.parentElement, seeds.parentElement, transport, speed.parentElement, logarithmic.closest(".toggles"), lossBox, root.querySelector(".keys")]) node.remove();
  strip.append(root.querySelector(".readings"));
  strip.after(forks);
  root.append(words.parentElement);
}

/** Builds everything below the root and gives the nodes the view writes to, by name. */
export function build() {
  const nodes = {};
  const named = (name, node) => (nodes[name] = node);
  const button = (name, label, title, ...content) =>
    named(name, h("button", { type: "button", "aria-label": label, title }, ...content));

  named("root", h("div", {
    class: "board",
    "data-testid": "board",
    role: "region",
    "aria-label": "Live network board. Space plays or pauses, right arrow makes one update, R resets.",
    tabindex: "0",
  }));

  const strip = named("strip", h("div", { class: "strip" },
    named("transport", h("div", { class: "transport" },
      button("reset", "Reset to the start", "Back to the same start (R)", icon("reset")),
      button("play", "Play", "Train (space)", icon("play"), named("playText", h("span", {}, "Play"))),
      button("step", "Step one update", "One update, from the points of one batch (right arrow)", icon("step"), h("span", {}, "Step")),
      button("stepEpoch", "Step one epoch", "To the end of this epoch", icon("epoch"), h("span", {}, "Epoch")))),
    h("label", { class: "speed", "data-term": "speed" }, h("span", { class: "quiet" }, "Speed"), named("speed", h("select", { "aria-label": "Speed" }))),
    h("div", { class: "counters" },
      h("div", {}, term("epoch", "Epoch"), named("epoch", h("output", { class: "number" }, "0")), h("span", { class: "quiet" }, "passes over the data")),
      h("div", {}, term("update", "Update"), named("update", h("output", { class: "number" }, "0")), h("span", { class: "quiet" }, "changes of the weights"))),
    named("live", h("div", { class: "unseen", role: "status", "aria-live": "polite" })),
    h("div", { class: "seeds" },
      named("seeds", term("seed", "Seeds")),
      button("newWeights", "New weights", "Other initial weights: the next seed"),
      button("newData", "New data", "Other data of the same kind: the next seed"),
      button("undo", "Undo", "Take back the last change", "Undo"),
      button("redo", "Redo", "Make the change again that was taken back", "Redo"))));

  const network = named("network", h("div", { class: "network" },
    named("links", h("canvas", { "aria-hidden": "true" })),
    named("columns", h("div", { class: "columns", "aria-hidden": "true" })),
    named("overlay", h("div", { class: "overlay" })),
    named("card", h("div", { class: "card", tabindex: "-1", hidden: true }))));
  const below = h("div", { class: "below" },
    named("probe", h("form", { class: "probe", novalidate: true })),
    named("legend", h("div", { class: "legend" })));

  const reading = (kind, label) => [
    h("span", { class: "kind" }, lineSample(kind), named(`${kind}Kind`, term(`${kind === "train" ? "training" : kind} points`, label, `${label}: results`))),
    named(`${kind}Loss`, h("output", { class: "number" })),
    named(`${kind}Score`, h("output", { class: "number" })),
  ];
  const check = (name, word, label) =>
    h("label", { class: "check", "data-term": word }, named(name, h("input", { type: "checkbox" })), h("span", {}, label));
  const output = named("output", h("div", { class: "output" },
    h("div", { class: "readings" },
      h("div", { class: "what" }, named("mapTitle", h("span", { class: "title" }, "Output")), named("mapColours", h("span", { class: "quiet" }))),
      h("span", { class: "head" }, term("loss")),
      h("span", { class: "head" }, named("scoreName", term("accuracy"))),
      ...reading("train", "Training"),
      ...reading("validation", "Validation"),
      ...reading("test", "Test")),
    named("slice", h("div", { class: "slice quiet", hidden: true },
      named("held", h("span", {})),
      h("label", {}, "across ", named("column0", h("select", { "aria-label": "Input across the map" }))),
      h("label", {}, "up ", named("column1", h("select", { "aria-label": "Input up the map" }))))),
    named("mapRow", h("div", { class: "mapRow" },
      named("mapBox", h("div", { class: "mapBox" },
        named("map", h("canvas", { role: "img", "aria-label": "Output over the inputs" })),
        named("points", h("canvas", { "aria-hidden": "true" })))),
      h("div", { class: "scale" },
        named("classes", h("ul", { class: "classes", "aria-label": "Classes", hidden: true })),
        named("high", h("span", {})),
        named("bar", h("canvas", { "aria-hidden": "true" })),
        named("middle", h("span", { class: "middle" })),
        named("low", h("span", {}))))),
    named("rings", h("div", { class: "rings", hidden: true },
      h("i", {}), h("i", { class: "negative" }), "pulled: blue down, orange up; a larger ring pulled harder")),
    named("toggles", h("div", { class: "toggles" },
      check("showTest", "test points", "Test points"), check("discretize", "discretize", "Discretize"), check("logarithmic", "log loss", "Log loss"),
      h("label", { class: "point", "data-term": "point" }, h("span", { "aria-hidden": "true" }, "Point"),
        named("pointNumber", h("input", {
          type: "text", inputmode: "numeric", autocomplete: "off", "aria-label": "Training point",
          title: "Choose a training point by its number; the up and down keys take the next one" }))))),
    named("point", h("div", { class: "card editing", role: "status", hidden: true })),
    // The curve is the slider's track; the slider and the marks where the loss rose lie on it.
    named("lossBox", h("div", { class: "loss" },
      named("loss", h("canvas", { role: "img", "aria-label": "Loss against epoch" })),
      named("time", h("input", { class: "time", type: "range", min: "0", max: "0", step: "1", value: "0", "aria-label": "Time", hidden: true })),
      named("jumps", h("div", { class: "jumps" }))))));

  // Shown while the board itself has the focus: what its name says aloud.
  const keys = h("p", { class: "keys", "aria-hidden": "true" }, h("kbd", {}, "Space"), "play or pause", h("kbd", {}, "→"), "one step", h("kbd", {}, "R"), "reset");
  const line = h("div", { class: "line" },
    named("words", h("div", { class: "words" })),
    named("forks", h("div", { class: "forks", role: "group", "aria-label": "Branches of this run", hidden: true })));
  nodes.root.append(strip, keys, line, h("div", { class: "body" }, h("div", { class: "left" }, network, below), output));
  return nodes;
}
