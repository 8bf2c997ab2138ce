import type { MemoryStoreError } from "../memory-store.ts";
import { refusals } from "./refusals.ts";

// Each alternative starts with what the others cannot, so matching takes linear time.
const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const infinite = /^([+-]?)inf(?:inity)?$/i;
const hexadecimal = /^([+-]?)0x([0-9a-f]*)(?:\.([0-9a-f]*))?(?:p([+-]?\d+))?$/i;

/** Longest number Redis takes: the size of its buffer. */
const maxTextLength = 5 * 1024;

/** The number a C program would read from the whole text, or NaN when there is none: no spaces, no trailing text. */
export function readFloat(text: string): number {
  if (text.length > maxTextLength) return Number.NaN;
  if (decimal.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : Number.NaN; // out of range is refused
  }
  const infinity = infinite.exec(text);
  if (infinity !== null) return infinity[1] === "-" ? -Infinity : Infinity;
  return readHexadecimal(text);
}

function readHexadecimal(text: string): number {
  const parts = hexadecimal.exec(text);
  if (parts === null) return Number.NaN;
  const [, sign, whole = "", fraction = "", exponent = "0"] = parts;
  const digits = whole + fraction;
  if (digits === "" || digits.length > 256) return Number.NaN;
  const value = Number(BigInt(`0x${digits}`)) * 2 ** (Number(exponent) - 4 * fraction.length);
  return Number.isFinite(value) ? (sign === "-" ? -value : value) : Number.NaN;
}

export function parseFloatText(text: string, refuse: () => MemoryStoreError = refusals.notFloat): number {
  const value = readFloat(text);
  if (Number.isNaN(value)) throw refuse();
  return value;
}

/** As C reads a prefix: leading spaces and an empty text (0) are tolerated, trailing text is not. */
export function readLenientFloat(text: string): number {
  const trimmed = text.trimStart();
  return trimmed === "" ? 0 : readFloat(trimmed);
}

/** The text of a score: plain integers up to 2^52, else the shortest text that reads back, laid out as Redis 7.2 does. */
export function scoreText(score: number): string {
  if (Number.isInteger(score) && Math.abs(score) <= 2 ** 52) return String(score === 0 ? 0 : score);
  if (score === Infinity) return "inf";
  if (score === -Infinity) return "-inf";
  const short = Math.abs(score).toExponential();
  const split = short.indexOf("e");
  const digits = short.slice(0, split).replace(".", "");
  return (score < 0 ? "-" : "") + layOut(digits, Number(short.slice(split + 1)));
}

/** `exponent` is that of the first digit. */
function layOut(digits: string, exponent: number): string {
  const lastExponent = exponent - digits.length + 1;
  if (lastExponent >= 0 && exponent < digits.length + 7) return digits + "0".repeat(lastExponent);
  if (lastExponent < 0 && (lastExponent > -7 || Math.abs(exponent) < 4)) {
    if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
    return `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
  }
  const mantissa = digits.length === 1 ? digits : `${digits.charAt(0)}.${digits.slice(1)}`;
  return `${mantissa}e${exponent < 0 ? "-" : "+"}${Math.abs(exponent)}`;
}
