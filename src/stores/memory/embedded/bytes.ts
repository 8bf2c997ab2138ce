import { isUtf8 } from "node:buffer";

/** A string value: text, or the bytes themselves when they are not valid UTF-8. */
export type Bytes = string | Uint8Array;

export const byteLength = (value: Bytes): number =>
  typeof value === "string" ? Buffer.byteLength(value) : value.length;

export const toBytes = (value: Bytes): Uint8Array => (typeof value === "string" ? Buffer.from(value) : value);

/** Keeps bytes that are no text exactly as they are. */
export const fromBytes = (bytes: Uint8Array): Bytes => (isUtf8(bytes) ? textOf(bytes) : bytes);

/** What a client sees: invalid bytes become U+FFFD. */
export function textOf(value: Bytes): string {
  if (typeof value === "string") return value;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("utf8");
}

/** True when the UTF-8 form has more than `limit` bytes; counts only when the number of UTF-16 units leaves it open. */
export const longerThan = (text: string, limit: number): boolean =>
  text.length > limit || (text.length * 3 > limit && Buffer.byteLength(text) > limit);

/**
 * Compares as UTF-8 bytes do. UTF-16 units agree with them but for surrogates, which stand for code points above U+FFFF and
 * yet have smaller numbers than U+E000 to U+FFFF.
 */
export function compareBytes(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left === right) continue;
    const leftIsSurrogate = left >= 0xd800 && left <= 0xdfff;
    const rightIsSurrogate = right >= 0xd800 && right <= 0xdfff;
    if (leftIsSurrogate !== rightIsSurrogate && left >= 0xd800 && right >= 0xd800) return leftIsSurrogate ? 1 : -1;
    return left - right;
  }
  return a.length - b.length;
}
