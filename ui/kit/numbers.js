// Numbers as a reader sees them. What is rounded is the number as it is written out, half away from zero, as at school and
// as in numbers.py: 0.91875 becomes 0.9188, though the float that stands for it is a little less.

/** The number with at most so many significant digits that is nearest to value; infinity and NaN as they are. */
export function rounded(value, digits) {
  if (!Number.isFinite(value)) return value;
  const [mantissa, exponent] = Math.abs(value).toExponential().split("e");
  const written = mantissa.replace(".", "");
  if (written.length <= digits) return value;
  const head = Number(written.slice(0, digits)) + (written[digits] >= "5" ? 1 : 0);
  return Math.sign(value) * Number(`${head}e${Number(exponent) - digits + 1}`);
}

/** A measured number: four significant digits, an exponent below 1e-4, and a plain minus sign. */
export function measured(value) {
  if (value === 0) return "0";
  return Math.abs(value) < 1e-4 ? rounded(value, 4).toExponential(3) : rounded(value, 4).toPrecision(4);
}
