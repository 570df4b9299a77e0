// Numbers as a reader sees them: the rule of scratchnet/numerals.py and the forms of numbers.py, letter by letter.

const DIGITS = 4;
const EXACT = 1e-12; // relative: round-off in the last bits does not make a number inexact to a reader
const WHOLE_UP_TO = 1e6;
const [PLAIN_FROM, PLAIN_BELOW] = [-4, 4]; // powers of ten between which no exponent is written
const MINUS = "−";

/** A finite number above 0 with all the digits that tell it from its neighbours, and the exponent of the first. */
function written(value) {
  const [mantissa, exponent] = value.toExponential().split("e");
  return { number: mantissa.replace(".", ""), exponent: Number(exponent) };
}

/** The same with so many digits at most, half away from zero as at school. */
function rounded({ number, exponent }, count) {
  if (number.length <= count) return { number, exponent };
  const head = String(BigInt(number.slice(0, count)) + (number[count] >= "5" ? 1n : 0n));
  return head.length > count ? { number: head.slice(0, count), exponent: exponent + 1 } : { number: head, exponent };
}

/** Fewer than four digits where they say it all, else as many as asked for. */
function significant(value, digits, trims) {
  const whole = written(value);
  for (const count of [1, 2, 3, digits]) {
    const { number, exponent } = rounded(whole, count);
    if (count !== digits && Math.abs(Number(`${number}e${exponent - number.length + 1}`) - value) > EXACT * value) continue;
    return { number: trims ? number.replace(/0+$/, "") : number.padEnd(count, "0"), exponent };
  }
}

function inWords(value) {
  if (Number.isNaN(value)) return "not a number";
  return value > 0 ? "infinity" : "minus infinity";
}

/** Digits with a point behind the first `before`, which may lie beyond either end of them. */
function plain(number, before) {
  if (before <= 0) return `0.${"0".repeat(-before)}${number}`;
  const rest = number.slice(before);
  return number.slice(0, before).padEnd(before, "0") + (rest && `.${rest}`);
}

/**
 * A number for a sentence or a table: 0.5826, −0.05, 1.234e-7, 12, infinity; a dash where there is none.
 * @param {number | null | undefined} value
 * @param {boolean} [trims] without zeros at its end
 */
export function text(value, digits = DIGITS, trims = false) {
  if (value === null || value === undefined) return "–";
  if (!Number.isFinite(value)) return inWords(value);
  const size = Math.abs(value);
  const sign = value < 0 ? MINUS : "";
  if (Number.isInteger(value) && size < WHOLE_UP_TO) return sign + size;
  const { number, exponent } = significant(size, digits, trims);
  if (exponent >= PLAIN_FROM && exponent < Math.max(PLAIN_BELOW, digits)) return sign + plain(number, exponent + 1);
  return `${sign}${plain(number, 1)}e${exponent}`;
}

/**
 * A number beside an axis or at the end of a scale, which is a round one or is read as one: no zeros at its end.
 * @param {number} value
 */
export function tick(value, digits = 6) {
  return text(value, digits, true);
}

/**
 * A number where room is for so many letters only, as beside a scale: as `tick` with three digits, or with a power of ten
 * or fewer digits where that is too long. What it stands beside has all digits as its title.
 * @param {number} value
 */
export function brief(value, letters = 6) {
  const withPower = (digits) => {
    const { number, exponent } = significant(Math.abs(value), digits, true);
    return `${value < 0 ? MINUS : ""}${plain(number, 1)}e${exponent}`;
  };
  if (!value || !Number.isFinite(value)) return tick(value);
  for (const digits of [3, 2, 1]) {
    for (const written of [tick(value, digits), withPower(digits)]) if (written.length <= letters) return written;
  }
  return withPower(1);
}

/**
 * A share of 0 to 1 with one decimal, also where that is 0: 80.7 %.
 * @param {number} share
 */
export function percent(share) {
  const tenths = Math.floor(1000 * share + 0.5);
  return `${Math.floor(tenths / 10)}.${tenths % 10} %`;
}

/**
 * How many of something there are: 12,345.
 * @param {number} value
 */
export function count(value) {
  return value.toLocaleString("en");
}

/**
 * All digits of a number, as Python reads them back.
 * @param {number} value
 */
export function exact(value) {
  if (!Number.isFinite(value)) return inWords(value);
  if (value === 0) return "0.0";
  const { number, exponent } = written(Math.abs(value));
  const sign = value < 0 ? "-" : "";
  if (exponent >= -4 && exponent < 16) {
    const all = plain(number, exponent + 1);
    return sign + all + (all.includes(".") ? "" : ".0");
  }
  return `${sign}${plain(number, 1)}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}
