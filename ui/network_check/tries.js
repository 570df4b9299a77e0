// Tries: what a browser can find out by itself about what a lesson needs of it. Each gives what verdicts.js judges.

const PAINTING = 1500; // ms of painting
const PATIENCE = 5000; // ms until a page that paints nothing counts as hidden
const [MAPS, SIDE] = [17, 100]; // of the board of two layers of eight, at rest
const BOARDS = 100; // of such maps coloured without a pause
const LOOK = 200; // ms
const LONG = 4000; // characters of an address; proxies commonly refuse more than 8,000
const FONT = "Source Sans"; // Streamlit's own

/** The first answer of these, or null. */
export function within(ms, answer) {
  return Promise.race([answer, new Promise((give) => setTimeout(() => give(null), ms))]);
}

/**
 * Until something is so, or for so long; looked at a few times a second.
 * @returns {Promise<void>}
 */
export function until(isSo, ms) {
  return new Promise((give) => {
    const latest = performance.now() + ms;
    const look = () => (isSo() || performance.now() > latest ? give() : setTimeout(look, LOOK));
    look();
  });
}

export function storage() {
  const keeps = (/** @type {"sessionStorage" | "localStorage"} */ name) => {
    try {
      const kept = window[name];
      kept.setItem("scratchnet-check", "kept");
      const works = kept.getItem("scratchnet-check") === "kept";
      kept.removeItem("scratchnet-check");
      return works;
    } catch {
      return false; // a browser may forbid to keep anything
    }
  };
  return { session: keeps("sessionStorage"), local: keeps("localStorage") };
}

/** Colours maps and draws them on the canvas, as the board does; shift: another picture for each frame. */
function paint(context, picture, shift) {
  const { data } = picture;
  for (let map = 0; map < MAPS; map += 1) {
    for (let pixel = 0; pixel < SIDE * SIDE; pixel += 1) {
      const value = (pixel + 7 * map + shift) % 256;
      data[4 * pixel] = value;
      data[4 * pixel + 1] = 128;
      data[4 * pixel + 2] = 255 - value;
      data[4 * pixel + 3] = 255;
    }
    context.putImageData(picture, SIDE * (map % 6), SIDE * Math.floor(map / 6));
  }
}

/** canvas: one that is on the page. */
export async function device(canvas) {
  Object.assign(canvas, { width: 6 * SIDE, height: 3 * SIDE });
  const context = canvas.getContext("2d");
  if (!context) return { rate: null, work: 0 };
  const picture = context.createImageData(SIDE, SIDE);
  const began = performance.now();
  for (let board = 0; board < BOARDS; board += 1) paint(context, picture, board);
  const work = performance.now() - began;
  const painted = new Promise((give) => {
    let [count, first] = [0, null];
    const frame = (now) => {
      first ??= now;
      if (now - first >= PAINTING) return give((1000 * count) / (now - first));
      count += 1;
      paint(context, picture, count);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  return { rate: await within(PATIENCE, painted), work };
}

/** Whether colours come back from a canvas as they were drawn. */
export function pictures() {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: 16, height: 16 });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return { draws: false };
  const drawn = context.createImageData(16, 16);
  drawn.data.forEach((_, i) => (drawn.data[i] = i % 4 === 3 ? 255 : (37 * i) % 256));
  context.putImageData(drawn, 0, 0);
  const read = context.getImageData(0, 0, 16, 16).data;
  return { draws: read.every((value, i) => value === drawn.data[i]) };
}

/** Whether the time goes on: within a twentieth of a second it must. */
export async function clockMoves() {
  const before = performance.now();
  await new Promise((give) => setTimeout(give, 50));
  return performance.now() > before;
}

export async function addresses() {
  let writes;
  try {
    const [here, state] = [window.location.href, window.history.state];
    window.history.replaceState(state, "", `${here}#checked`);
    writes = window.location.hash === "#checked";
    window.history.replaceState(state, "", here);
  } catch {
    writes = false;
  }
  const long = new URL("_stcore/health", document.baseURI);
  long.search = `checked=${"x".repeat(LONG - long.href.length - 9)}`;
  const answer = await within(PATIENCE, fetch(long, { cache: "no-store" }).catch(() => null));
  return { writes, link: Boolean(answer && answer.ok), characters: LONG };
}

/** sheet: the component's own, fetched from the server. */
export async function looks(sheet) {
  const fonts = await within(PATIENCE, document.fonts.load(`16px "${FONT}"`).catch(() => null));
  return { styles: sheet.cssRules.length > 0, font: Boolean(fonts && fonts.length) };
}
