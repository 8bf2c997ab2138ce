import { compareText } from "../segment/compare-text.ts";

/** Compares documents of several segments by what their sort sources say of them; 1 is an ascending direction, -1 a descending one. */
export function compareOrderings(
  a: readonly (number | string)[],
  b: readonly (number | string)[],
  directions: readonly number[],
): number {
  for (const [i, direction] of directions.entries()) {
    const compared = compare(a[i] ?? 0, b[i] ?? 0);
    if (compared !== 0) return compared * direction;
  }
  return 0;
}

/** Texts among each other by code points. A number beside a text stands for a missing value: an infinity, before or behind all texts. */
function compare(a: number | string, b: number | string): number {
  if (typeof a === "number" && typeof b === "number") return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === "number") return a;
  if (typeof b === "number") return -b;
  return compareText(a, b);
}
