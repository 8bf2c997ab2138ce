import { refusals } from "./refusals.ts";

const canonical = /^(?:0|-?[1-9]\d{0,18})$/;
const largest = 2n ** 63n - 1n;
const smallest = -(2n ** 63n);

/** Most digits of which every number is a safe integer, so that no BigInt is needed. */
const safeDigits = 15;

export const fits64Bits = (value: bigint): boolean => value <= largest && value >= smallest;

/** True for the text of a signed 64-bit integer as Redis writes it: no plus sign, no leading zero, no spaces. */
export function isIntegerText(text: string): boolean {
  if (!canonical.test(text)) return false;
  return text.length < 19 || fits64Bits(BigInt(text));
}

/** An index, count or delay. Beyond 2^53 precision is lost, which none of these notices. */
export function parseInteger(text: string): number {
  if (!isIntegerText(text)) throw refusals.notInteger();
  return Number(text);
}

export function parseBigInteger(text: string): bigint {
  if (!isIntegerText(text)) throw refusals.notInteger();
  return BigInt(text);
}

/** The text of a sum of two integers. `refuse` names what `current` was, when it is no integer. */
export function addIntegers(current: string, delta: string, refuse = refusals.notInteger): string {
  if (!isIntegerText(delta)) throw refusals.notInteger();
  if (!isIntegerText(current)) throw refuse();
  if (current.length <= safeDigits && delta.length <= safeDigits) return String(Number(current) + Number(delta));
  const sum = BigInt(current) + BigInt(delta);
  if (!fits64Bits(sum)) throw refusals.overflow();
  return String(sum);
}

/** Orders canonical integer texts by value. */
export function compareIntegerTexts(a: string, b: string): number {
  if (a.length <= safeDigits && b.length <= safeDigits) return Number(a) - Number(b);
  const difference = BigInt(a) - BigInt(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/**
 * Turns an inclusive pair of positions, negative from the end, into `from` and `to` (exclusive) within `length`.
 * An empty range has `from >= to`.
 */
export function clampRange(start: number, stop: number, length: number): { from: number; to: number } {
  const from = Math.max(start < 0 ? length + start : start, 0);
  const to = Math.min(stop < 0 ? length + stop : stop, length - 1) + 1;
  return { from, to };
}
