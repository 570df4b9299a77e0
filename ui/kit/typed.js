// Typed: a number as people type it, and one written as they would: the rule of typed.py, where every part is explained.

import { exact } from "./numbers.js";

export const LONGEST_TEXT = 60;
const MINUS_SIGNS = /[\u2212\u2010-\u2014\ufe58\ufe63\uff0d]/g;
const SPACES = /[\u00a0\u2009\u202f '\u2019]/g;
const GROUPS = /^[-+]?[0-9]{1,3}([\u00a0\u2009\u202f '\u2019][0-9]{3})+([.,][0-9]*)?$/;
const COMMAS = /^[-+]?[0-9]{1,3}((,[0-9]{3})+\.[0-9]*|(,[0-9]{3}){2,})$/;
const POINTS = /^[-+]?[0-9]{1,3}((\.[0-9]{3})+,[0-9]*|(\.[0-9]{3}){2,})$/;
const DECIMAL = /^[-+]?([0-9]+[.,]?[0-9]*|[.,][0-9]+)(e[-+]?[0-9]+)?$/i;
const BAR = /[/\u2044\u2215\u00f7]/;

/**
 * A typed number, or a fraction of two. NaN when it is none.
 * @param {string} text
 */
export function number(text) {
  if (text.trim().length > LONGEST_TEXT) return NaN;
  const parts = text.split(BAR).map(decimal);
  if (parts.length > 2 || !parts.every(Number.isFinite) || parts[1] === 0) return NaN;
  const quotient = parts.length === 2 ? parts[0] / parts[1] : parts[0];
  return Number.isFinite(quotient) ? quotient : NaN;
}

function decimal(text) {
  let typed = text.trim().replace(MINUS_SIGNS, "-").replace(/^([-+])\s+/, "$1");
  if (GROUPS.test(typed)) typed = typed.replace(SPACES, "");
  if (COMMAS.test(typed)) typed = typed.replaceAll(",", "");
  else if (POINTS.test(typed)) typed = typed.replaceAll(".", "");
  return DECIMAL.test(typed) ? Number(typed.replace(",", ".")) : NaN;
}

/**
 * A number as a person would type it, all its digits and no more.
 * @param {number} value
 */
export function written(value) {
  const size = Math.abs(value);
  return value === 0 || (size >= 1e-6 && size < 1e16) ? String(value) : exact(value).replace(/e([-+])0/, "e$1"); // 1e-8
}
