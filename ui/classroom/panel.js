// The panel of a task: what is to be done, and how far each condition is at the update that the board shows. The board
// tells that, so that no number here is of another update; nothing is measured or compared here.

import { h, setText } from "../kit/elements.js";
import { GOAL, GOAL_WANTED, hear, say } from "../kit/events.js";
import { mount } from "../kit/mount.js";
import { count } from "../kit/numbers.js";
import { sheet } from "../kit/styles.js";

const STYLES = await sheet(new URL("./panel.css", import.meta.url));
const LINES = 3; // of conditions one below the other; more stand in two columns

class Panel {
  constructor(_, { board }) {
    this.board = board;
    this.instruction = h("p", { class: "instruction" });
    this.list = h("ul", { class: "measured", "aria-label": "The goal" });
    this.reached = h("span", { class: "reached", role: "status" }); // said aloud; the numbers are not, they change all the time
    this.code = h("span", { class: "code" });
    this.more = h("button", { type: "button", "aria-expanded": "false", onclick: () => this.open(!this.isOpen) }, "Read all");
    const side = h("div", { class: "side" }, this.code, this.reached, this.more);
    this.root = h("section", { class: "task", "aria-label": "Task", "data-testid": "task" }, this.instruction, this.list, side);
    this.stopHearing = hear(GOAL, board, (told) => this.tell(told));
    this.sizes = new ResizeObserver(() => this.fit());
    for (const node of [this.root, this.instruction, this.list]) this.sizes.observe(node);
  }

  update({ data }) {
    const { fingerprint, instruction, wanted } = data;
    if (fingerprint === this.fingerprint) return;
    this.fingerprint = fingerprint;
    this.instruction.textContent = instruction;
    this.instruction.hidden = !instruction;
    this.list.hidden = !wanted.length;
    this.list.classList.toggle("many", wanted.length > LINES);
    this.conditions = wanted.map((words) => {
      const [state, now] = [h("span", { class: "unseen" }), h("span", { class: "now" })];
      return { state, now, node: h("li", {}, h("span", {}, state, words, now)) };
    });
    this.code.textContent = `Task ${fingerprint}`;
    this.reached.textContent = "";
    this.list.replaceChildren(...this.conditions.map(({ node }) => node));
    this.open(false);
    say(GOAL_WANTED, this.board);
  }

  /** told: the board's task, the update that it shows and how far each condition is there. */
  tell({ fingerprint, update, goal, reached }) {
    if (fingerprint !== this.fingerprint) return; // the page is about to follow
    this.root.dataset.update = update;
    goal.forEach(([words, isMet], place) => {
      const { node, state, now } = this.conditions[place];
      node.classList.toggle("met", isMet);
      setText(state, isMet ? "Met: " : "Not met: ");
      setText(now, `: ${words}`);
    });
    setText(this.reached, reached === null ? "" : `Reached at update ${count(reached)}`);
  }

  open(isOpen) {
    this.isOpen = isOpen;
    this.root.classList.toggle("open", isOpen);
    this.more.textContent = isOpen ? "Show less" : "Read all";
    this.more.setAttribute("aria-expanded", String(isOpen));
    this.fit();
  }

  /** The button is there where something does not fit. */
  fit() {
    const isCut = [this.instruction, this.list].some((node) => node.scrollHeight > node.clientHeight + 2);
    this.more.hidden = !this.isOpen && !isCut;
  }

  close() {
    this.sizes.disconnect();
    this.stopHearing();
  }
}

export default mount(Panel, STYLES);
