// The network check: one thing after the other is tried, and each is shown as soon as it is known.

import { unpack } from "../board/protocol.js";
import { isDown, streamAddress } from "../kit/connection.js";
import { h } from "../kit/elements.js";
import { mount } from "../kit/mount.js";
import { sheet } from "../kit/styles.js";
import * as tries from "./tries.js";
import * as verdicts from "./verdicts.js";

const SETTLED = 1500; // ms; before, the page's own files are on the way
const ANSWER = 15_000; // ms to wait for an answer
const LARGE = 120_000; // and for one as large as any, on a line of 50 kB a second
const MARKS = { good: "✓", blocked: "✗" }; // all others have a ! before their word
const STYLES = await sheet(new URL("./network_check.css", import.meta.url));

class NetworkCheck {
  constructor() {
    this.asked = 0;
    this.waiting = null; // {n, answered}: the question that has no answer yet
    this.canvas = h("canvas", { "aria-hidden": "true" });
    this.summary = h("p", { class: "summary", role: "status" });
    this.rows = h("ul", { class: "rows" });
    this.again = h("button", { type: "button", on: { click: () => this.run() } }, "Check again");
    this.copy = h("button", { type: "button", on: { click: () => this.copyAll() } }, "Copy for the technician");
    this.text = h("textarea", { readonly: true, rows: 12, "aria-label": "All as one text" });
    this.root = h("section", { class: "check", "data-testid": "network-check", "aria-label": "What was tried" },
      h("div", { class: "head" }, this.summary, this.canvas), this.rows,
      h("div", { class: "buttons" }, this.again, this.copy), this.text);
    this.start = setTimeout(() => this.run(), SETTLED);
  }

  update({ data, setStateValue }) {
    this.say = setStateValue;
    const { header, arrays } = unpack(data);
    this.largest = header.largest;
    const { filling } = arrays;
    if (this.waiting && header.n === this.waiting.n) this.waiting.answered({ ...header, bytes: filling ? filling.data.length : 0 });
  }

  /** What the server answers to a question and how long that took; null where the connection is cut or nothing comes. */
  async ask(patience, settings = {}) {
    await tries.until(() => !isDown(), ANSWER);
    const n = (this.asked = Math.max(this.asked + 1, Date.now())); // also unlike those before a reload
    const began = performance.now();
    const answer = new Promise((answered) => (this.waiting = { n, answered }));
    this.say("question", { n, ...settings });
    const cut = tries.until(isDown, patience).then(() => null);
    const header = await Promise.race([answer, cut]);
    this.waiting = null;
    return header && { ...header, ms: performance.now() - began };
  }

  async run() {
    if (this.isRunning) return;
    this.isRunning = true;
    this.root.dataset.done = "false";
    this.again.disabled = this.copy.disabled = true;
    this.found = [];
    this.rows.replaceChildren();
    this.text.value = "";
    const times = [];
    let nearest = null; // the answer whose clock is known best
    this.tell("the live connection");
    for (let trip = 0; trip < verdicts.TRIPS && !this.closed; trip += 1) {
      const answer = await this.ask(ANSWER);
      if (!answer) break;
      times.push(answer.ms);
      const difference = Date.now() - answer.ms / 2 - answer.clock;
      if (!nearest || answer.ms < nearest.ms) nearest = { ms: answer.ms, difference };
    }
    this.show(verdicts.connection({ times }));
    this.tell("large messages");
    this.show(verdicts.messages(await this.large(times.length > 0)));
    this.tell("this device and its browser");
    this.show(verdicts.device(await tries.device(this.canvas)));
    this.show(verdicts.pictures(tries.pictures()));
    this.show(verdicts.clock({ moves: await tries.clockMoves(), difference: nearest && nearest.difference }));
    this.show(verdicts.storage(tries.storage()));
    this.show(verdicts.addresses(await tries.addresses()));
    this.show(verdicts.looks(await tries.looks(STYLES)));
    this.end();
  }

  /** The largest answer and the largest question; hears: whether there are answers at all. */
  async large(hears) {
    const { answer, question } = this.largest;
    const latest = performance.now() + LARGE;
    let down = hears && (await this.ask(LARGE, { wants: "largest" }));
    while (down && down.wait && !this.closed && performance.now() < latest) {
      this.tell("large messages, as soon as it is this device's turn");
      await new Promise((give) => setTimeout(give, down.wait));
      down = await this.ask(LARGE, { wants: "largest" });
    }
    const up = hears && (await this.ask(LARGE, { filling: randomText(question) }));
    if (hears) await this.ask(ANSWER); // so that the last question, which a page says again, is a small one
    return {
      down: { bytes: answer, ms: down && down.bytes === answer ? down.ms : null, busy: Boolean(down && down.wait) },
      up: { bytes: question, ms: up && up.came === question ? up.ms : null },
    };
  }

  tell(what) {
    this.summary.textContent = `Trying ${what} …`;
  }

  show(row) {
    const { verdict, tried, measured, advice } = row;
    this.found.push(row);
    this.rows.append(
      h("li", { "data-verdict": verdict },
        h("span", { class: "mark" }, `${MARKS[verdict] ?? "!"} ${verdict}`),
        h("div", {}, h("strong", {}, tried), h("div", { class: "measured" }, measured), advice && h("p", {}, advice))),
    );
  }

  end() {
    this.isRunning = false;
    if (this.closed) return;
    this.summary.textContent = verdicts.summary(this.found);
    this.text.value = verdicts.report(this.found, [
      `Checked ${new Date().toISOString()} at ${window.location.origin}`,
      `by ${navigator.userAgent}, ${window.innerWidth} x ${window.innerHeight}`,
      `The app needs files and one WebSocket, ${streamAddress(document.baseURI)}, and no other address.`,
    ]);
    this.again.disabled = this.copy.disabled = false;
    this.root.dataset.done = "true";
  }

  /** Where the page is not secure (http), a browser has no clipboard for it but the one of what is selected. */
  async copyAll() {
    this.text.focus();
    this.text.select();
    const copied = navigator.clipboard
      ? await navigator.clipboard.writeText(this.text.value).then(() => true, () => false)
      : document.execCommand("copy");
    this.summary.textContent = copied ? "Copied." : "It is selected: copy it with Ctrl+C.";
  }

  close() {
    this.closed = true;
    clearTimeout(this.start);
  }
}

/** Text that nothing on the way can make much smaller. */
function randomText(characters) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const bytes = new Uint8Array(characters);
  for (let from = 0; from < characters; from += 65_536) crypto.getRandomValues(bytes.subarray(from, from + 65_536)); // its most
  return Array.from(bytes, (byte) => letters[byte % 64]).join("");
}

export default mount(NetworkCheck, STYLES);
