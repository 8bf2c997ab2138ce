import { randomUUID } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";

/** Bytes. Shorter texts are parsed at once: that takes a millisecond. */
const long = 128 * 1024;

/** Bytes of an array that are parsed before others have their turn. */
const sliceBytes = 64 * 1024;

/** Stands for an array that was parsed before the rest. Nobody outside this process can know it. */
const placeholder = randomUUID();

const quote = 0x22;
const comma = 0x2c;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Where `parseJson` takes more than one turn. */
export const isLongJson = (bytes: Buffer): boolean => bytes.length > long;

/**
 * What `JSON.parse` answers for UTF-8 text, or throws. Of a long text, long arrays that are members of the outermost object (the documents of a
 * request) are parsed in slices, and other requests come between two of them.
 */
export async function parseJson(text: string | Buffer): Promise<unknown> {
  if (text.length <= long) return JSON.parse(text.toString());
  return parseInSlices(Buffer.isBuffer(text) ? text : Buffer.from(text));
}

async function parseInSlices(bytes: Buffer): Promise<unknown> {
  const scanner = new ArrayScanner(bytes);
  const outside: string[] = [];
  const arrays: unknown[][] = [];
  let from = 0;
  try {
    for (let slice = scanner.next(); slice !== undefined; slice = scanner.next()) {
      if (slice.isFirst) {
        outside.push(bytes.toString("utf8", from, slice.start - 1), `"${placeholder}${arrays.length}"`);
        arrays.push([]);
      }
      if (slice.isLast) from = slice.end + 1;
      const elements = JSON.parse(`[${bytes.toString("utf8", slice.start, slice.end)}]`) as unknown[];
      if (elements.length === 0) throw new SyntaxError("An element is missing"); // behind a comma
      const array = arrays.at(-1) as unknown[];
      for (const element of elements) array.push(element);
      await nextTurn();
    }
    if (arrays.length === 0) return JSON.parse(bytes.toString());
    return withArrays(JSON.parse(outside.join("") + bytes.toString("utf8", from)), arrays);
  } catch (error) {
    if (arrays.length === 0) throw error;
    return JSON.parse(bytes.toString()); // throws as well, and knows the place
  }
}

function withArrays(outermost: Record<string, unknown>, arrays: readonly unknown[][]): unknown {
  for (const [name, value] of Object.entries(outermost)) {
    if (typeof value !== "string" || !value.startsWith(placeholder)) continue;
    // Defined, not set: a member may be called `__proto__`.
    const array = arrays[Number(value.slice(placeholder.length))];
    Object.defineProperty(outermost, name, { value: array, writable: true, enumerable: true, configurable: true });
  }
  return outermost;
}

/** Whole elements of an array with the commas between them: bytes from `start` to before `end`. */
interface Slice {
  readonly start: number;
  readonly end: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** Finds where long arrays can be cut. Of text that is no JSON it may find anything: each slice is still to be parsed. */
class ArrayScanner {
  readonly #bytes: Buffer;
  #position = 0;
  #depth = 0;
  /** Where the next slice of the array at depth two starts; 0: there is none. */
  #start = 0;
  #isCut = false;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  next(): Slice | undefined {
    const bytes = this.#bytes;
    let depth = this.#depth;
    let cutAt = this.#start === 0 ? bytes.length : this.#start + sliceBytes;
    for (let i = this.#position; i < bytes.length; i++) {
      switch (bytes[i]) {
        case quote:
          i = endOfString(bytes, i);
          break;
        case openBrace:
          depth++;
          break;
        case openBracket:
          if (++depth !== 2) break;
          this.#start = i + 1;
          cutAt = i + sliceBytes;
          break;
        case comma:
          if (depth === 2 && i >= cutAt) return this.#cut(i, depth, false);
          break;
        case closeBracket:
          if (depth-- !== 2 || this.#start === 0) break;
          if (this.#isCut) return this.#cut(i, depth, true);
          this.#start = 0;
          cutAt = bytes.length;
          break;
        case closeBrace:
          if (depth-- === 2 && this.#start !== 0) return undefined; // closes an array: no JSON
          break;
      }
    }
    return undefined;
  }

  #cut(end: number, depth: number, isLast: boolean): Slice {
    const slice = { start: this.#start, end, isFirst: !this.#isCut, isLast };
    this.#position = end + 1;
    this.#depth = depth;
    this.#start = isLast ? 0 : end + 1;
    this.#isCut = !isLast;
    return slice;
  }
}

/** Of the string that starts with the quote at `start`: where its last quote is. */
function endOfString(bytes: Buffer, start: number): number {
  let i = start + 1;
  for (; i < bytes.length && bytes[i] !== quote; i++) if (bytes[i] === backslash) i++;
  return i;
}
