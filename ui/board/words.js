// Words: what the board says about the run, or about the connection where that is more important, and its numbers in writing.

import { setText } from "../kit/elements.js";
import * as numbers from "../kit/numbers.js";

// What is said while nothing comes. A long computation and a dead line look the same from here.
const CUTS = {
  down: "No connection to the server: nothing is learned now.",
  silent: "Waiting for the server, which may be busy with a large network or with others.",
};
const BACK = 4000; // ms for which it is said that the connection is back
const SELDOM = 500; // ms between changes of a sentence while playing, so that it can be read

export class Words {
  /**
   * nodes: root, words and live of the board. board: shown() and generation() of the frames, isPlaying(), furthest() of the updates seen,
   * isKept(): what is on screen is from before, for who moves through time.
   * @param {Record<string, any>} nodes
   * @param {Record<string, (...given: any[]) => any>} board
   */
  constructor(nodes, board) {
    this.nodes = nodes;
    this.board = board;
    this.sayings = []; // {update, words, status, isPlaying}: what answers say of the state after their last frame, oldest first
    this.cut = ""; // "down" without a connection, "silent" where only no answer comes
    this.backAt = -Infinity; // when a connection that was down came again
    this.writtenAt = 0;
  }

  add(saying) {
    this.sayings.push(saying);
  }

  /** What was said is of another generation. */
  forget() {
    this.sayings = [];
  }

  /** cut: what is known of the connection now. */
  tellOfConnection(cut) {
    const now = performance.now();
    const hasChanged = cut !== this.cut;
    if (hasChanged) {
      if (this.cut === "down") this.backAt = now;
      this.cut = cut;
      if (this.sayings.length) this.sayAloud();
    }
    const isJustBack = now - this.backAt < BACK + 1000;
    if (this.sayings.length && (cut || hasChanged || isJustBack)) this.write();
  }

  write() {
    const { nodes } = this;
    setText(nodes.words, this.text());
    const said = this.said();
    if (this.cut) nodes.root.dataset.status = "disconnected";
    else if (said) nodes.root.dataset.status = said.status;
  }

  /** While playing, seldom enough to be read. Aloud they are said at rest only. */
  writeSeldom() {
    const now = performance.now();
    if (now - this.writtenAt < SELDOM) return;
    this.writtenAt = now;
    this.write();
  }

  sayAloud() {
    setText(this.nodes.live, this.textToHear());
  }

  text() {
    const shown = this.board.shown();
    const update = shown ? `update ${numbers.count(shown.update)}` : "the last update that came";
    if (this.cut) return `${CUTS[this.cut]} You see ${update}; it goes on when the server answers.`;
    if (performance.now() - this.backAt < BACK) return "The connection is back.";
    if (this.board.isKept()) return "Moving through time: pictures of this run, as it was. Let go for the exact update.";
    const said = this.said();
    // It stands between two of which something was said, or it was said while it learned: the next answer says what it is like here.
    if (said && shown && !this.board.isPlaying() && (said.isPlaying || said.update !== shown.update)) return `At ${update}.`;
    return said ? said.words : this.nodes.words.textContent;
  }

  /** The same for who listens: said once, it must stay true while the update on screen grows. */
  textToHear() {
    if (this.cut) return `${CUTS[this.cut]} It goes on when the server answers.`;
    const [shown, end] = [this.board.shown(), this.board.furthest()];
    const isBefore = !this.board.isPlaying() && shown && shown.update < end;
    return isBefore ? `Update ${numbers.count(shown.update)} of ${numbers.count(end)}. ${this.text()}` : this.text();
  }

  /** What was said of the frame on screen, or of the last one before it; null where it is said of later ones only. */
  said() {
    const { sayings } = this;
    const shown = this.board.shown();
    const update = shown && shown.generation === this.board.generation() ? shown.update : -1;
    while (sayings.length > 1 && sayings[1].update <= update) sayings.shift();
    const isFirst = !this.nodes.root.dataset.status; // a board built anew: better a little ahead than silent
    return sayings.length && (isFirst || sayings[0].update <= update) ? sayings[0] : null;
  }
}

/** Everything printed comes from one real frame. explain(node): another term in it. */
export function writeNumbers(nodes, { task }, shown, explain) {
  setText(nodes.epoch, numbers.count(shown.epoch));
  setText(nodes.update, numbers.count(shown.update));
  showTerm(nodes.scoreName, task === "regression" ? "R²" : "accuracy", explain);
  for (const kind of ["train", "validation", "test"]) {
    const measured = shown[kind];
    if (!measured) continue;
    setText(nodes[`${kind}Loss`], numbers.text(measured.loss));
    setText(nodes[`${kind}Score`], score(measured));
  }
}

/** Another word in the place of a term. */
function showTerm(node, word, explain) {
  if (node.dataset.term === word) return;
  node.dataset.term = word;
  setText(node, word);
  explain(node.parentElement);
}

function score({ correct, total, r2 }) {
  if (total) return `${numbers.percent(correct / total)} (${correct}/${total})`;
  return numbers.text(r2);
}
