import { codePointAt, sizeOf } from "./utf8.ts";

/** Characters fall into so many kinds; small Latin letters each have one of their own. */
const kinds = 27;

/** A sketch of a term in 32 bits: the kinds of characters that it has, and above them its length. */
export const charBits: number = (1 << kinds) - 1;
export const lengthShift: number = kinds;
/** In characters; longer terms are said to have so many. */
export const mostLength = 31;

/** Of the term that lies between two places, as UTF-8. */
export function sketchOf(bytes: Uint8Array, start: number, end: number): number {
  let chars = 0;
  let length = 0;
  for (let at = start; at < end; length++) {
    const size = sizeOf(bytes[at] as number);
    chars |= 1 << (codePointAt(bytes, at, size) % kinds);
    at += size;
  }
  return chars | (Math.min(mostLength, length) << lengthShift);
}
