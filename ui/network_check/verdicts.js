// Verdicts: what was measured becomes one word, and where that is not "good" a sentence that says what to do.

import { tick } from "../kit/numbers.js";

export const TRIPS = 10; // questions to the server
// ms. A click on the board is a question; above these it no longer feels like a click.
const PROMPT = { median: 300, worst: 1500 };
// Bytes a second that a board takes which plays ten epochs a second (docs/benchmarks.md: 37 snapshots of 11 kB).
const BOARD = 400_000;
const SMOOTH = 30; // pictures a second; below, a board plays in jerks
const RIGHT = 60_000; // ms that a clock may be wrong

const seconds = (ms) => (ms < 1000 ? `${Math.round(ms)} ms` : `${tick(ms / 1000, 2)} s`);
const megabytes = (bytes) => `${tick(bytes / 1e6, 2)} MB`;

/** times: ms of each question that was answered. */
export function connection({ times }) {
  const tried = `Live connection (WebSocket): ${TRIPS} questions to the server`;
  if (times.length < TRIPS) {
    const measured = `${times.length} of ${TRIPS} were answered`;
    return blocked(tried, measured, "The live connection is cut. Ask for WebSockets to this address to be let through, and not to be closed when they say nothing for a while.");
  }
  const sorted = [...times].sort((a, b) => a - b);
  const median = (sorted[TRIPS / 2 - 1] + sorted[TRIPS / 2]) / 2;
  const worst = sorted[TRIPS - 1];
  const measured = `half were answered within ${seconds(median)}, the slowest after ${seconds(worst)}`;
  if (median <= PROMPT.median && worst <= PROMPT.worst) return good(tried, measured);
  return slow(tried, measured, "Answers are late, so clicks are. Usual causes: many devices at one access point, or a filter that reads everything along. Try a cable or another network, or ask for this address to be passed on unread.");
}

/** down, up: {bytes, ms}, ms null where it did not arrive; down's busy: the server gave its large answers to others. */
export function messages({ down, up }) {
  const tried = `Large messages: ${megabytes(down.bytes)} from the server, ${megabytes(up.bytes)} to it, the largest of a board`;
  if (down.busy) return judged("missing", tried, "not tried: others had their turn", "The server sends one large message at a time, and many ask for it. Check again when fewer do.");
  if (down.ms === null || up.ms === null) {
    const arrived = ({ ms }) => (ms === null ? "did not arrive" : `arrived after ${seconds(ms)}`);
    const measured = `from the server: ${arrived(down)}; to it: ${arrived(up)}`;
    return blocked(tried, measured, "It seems that something on the way limits how large a message may be. Ask for WebSocket messages of this size to be let through; until then use small networks.");
  }
  const [rateDown, rateUp] = [down, up].map(({ bytes, ms }) => (1000 * bytes) / Math.max(ms, 1));
  const measured = `${seconds(down.ms)} and ${seconds(up.ms)}, so ${megabytes(rateDown)} and ${megabytes(rateUp)} a second`;
  if (rateDown >= BOARD) return good(tried, measured);
  return slow(tried, measured, `A board that plays takes up to ${megabytes(BOARD)} a second. Here it shows fewer pictures, and every number stays right; a slower speed needs less.`);
}

/** session, local: whether the browser keeps what is put there. */
export function storage({ session, local }) {
  const tried = "Storage: sessionStorage and localStorage";
  const measured = `${session ? "the first works" : "the first is refused"}, ${local ? "the second works" : "the second is refused"}`;
  if (session && local) return good(tried, measured);
  return blocked(tried, measured, "The browser may keep nothing: a private window, or a rule of the school. A run that plays then does not go on after a reload, and the choice of dark or light is forgotten. Allow this address to keep site data.");
}

/** rate: pictures a second, null where none was painted; work: ms for a fixed piece of work. */
export function device({ rate, work }) {
  const tried = "Speed of this device: maps as on the board, painted for a second and a half";
  if (rate === null) return blocked(tried, "no picture was painted", "The browser paints nothing while this page is hidden: keep it in front, then check again.");
  const measured = `${Math.round(rate)} pictures a second; a hundred boards of maps coloured in ${seconds(work)}`;
  if (rate >= SMOOTH) return good(tried, measured);
  return slow(tried, measured, "The board plays in jerks here, and every number stays right. Close other tabs, turn energy saving off, or take small networks.");
}

/** difference: ms by which the browser's clock is ahead of the server's, null where the server did not answer. */
export function clock({ difference, moves }) {
  const tried = "Clock: this device's against the server's";
  if (!moves) return blocked(tried, "it stands still", "The browser hides the time, and without it a board cannot play: allow it for this address, or take another browser.");
  if (difference === null) return blocked(tried, "the server did not answer", "See the live connection.");
  const measured = `${seconds(Math.abs(difference))} ${difference < 0 ? "behind" : "ahead"}`;
  if (Math.abs(difference) <= RIGHT) return good(tried, measured);
  return judged("wrong", tried, measured, "This app works with any clock. One that is wrong by minutes breaks secure addresses (https) and logins: have it set.");
}

/** writes: whether the address can be written; link: whether an address of so many characters reaches the server. */
export function addresses({ writes, link, characters }) {
  const tried = `Addresses: written by the page, and one of ${characters} characters sent to the server`;
  const measured = `${writes ? "written" : "not written"}, ${link ? "arrived" : "refused on the way"}`;
  if (writes && link) return good(tried, measured);
  if (!link) return blocked(tried, measured, "Something on the way refuses long addresses, so a link with many changes in it does not open. Ask for addresses of this length to be let through.");
  return blocked(tried, measured, "The browser does not let a page change its address, so a link copied from there and the Back button lead to an older moment. Copy links from Share.");
}

/** styles, font: whether they came. */
export function looks({ styles, font }) {
  const tried = "Looks: style sheets and fonts, from this server alone";
  const measured = `style sheets ${styles ? "came" : "did not come"}, fonts ${font ? "came" : "did not come"}`;
  if (!styles) return blocked(tried, measured, "Without its style sheets the board cannot be used. Ask for files (.css) from this address to be let through.");
  if (font) return good(tried, measured);
  return judged("missing", tried, measured, "Letters look different, and all works. Ask for fonts (.woff2) from this address to be let through.");
}

/** draws: whether a canvas shows what is drawn on it. */
export function pictures({ draws }) {
  const tried = "Pictures: drawn on a canvas and read again";
  if (draws) return good(tried, "as drawn");
  return blocked(tried, "not as drawn", "The browser protects itself from being recognised by what it draws, or draws nothing. Allow the canvas for this address where the maps of the board look speckled or empty.");
}

/** All in one sentence. rows: of the functions above. */
export function summary(rows) {
  const named = ["blocked", "slow", "wrong", "missing"].map((verdict) => [rows.filter((row) => row.verdict === verdict).length, verdict]);
  const told = named.filter(([count]) => count).map(([count, verdict]) => `${count} ${verdict}`);
  return told.length ? `Of ${rows.length} things that a lesson needs: ${told.join(", ")}.` : `All ${rows.length} things that a lesson needs are good.`;
}

/** All as one text, for whoever looks after the network. facts: lines about where it was measured. */
export function report(rows, facts) {
  const lines = rows.flatMap(({ verdict, tried, measured, advice }) => [`[${verdict}] ${tried}`, `    ${measured}`, ...(advice ? [`    ${advice}`] : [])]);
  return [...facts, "", summary(rows), "", ...lines].join("\n");
}

const good = (tried, measured) => judged("good", tried, measured, "");
const slow = (tried, measured, advice) => judged("slow", tried, measured, advice);
const blocked = (tried, measured, advice) => judged("blocked", tried, measured, advice);

function judged(verdict, tried, measured, advice) {
  return { verdict, tried, measured: `${measured[0].toUpperCase()}${measured.slice(1)}.`, advice };
}
