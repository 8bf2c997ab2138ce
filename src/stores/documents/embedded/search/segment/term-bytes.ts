import { grow8, grow32, growInt32 } from "./growing.ts";
import { sketchOf } from "./term-sketch.ts";

const decoder = new TextDecoder();

/** Terms as UTF-8 in one buffer, by number. */
export class TermBytes {
  bytes: Uint8Array;
  /** Term `n` lies between `starts[n]` and `starts[n + 1]`. */
  starts: Uint32Array;
  /** Made when they are first asked for. */
  #sketches: Int32Array = new Int32Array(0);
  #sketched = 0;

  constructor(bytes: Uint8Array = new Uint8Array(64), starts: Uint32Array = new Uint32Array(16)) {
    this.bytes = bytes;
    this.starts = starts;
  }

  get memory(): number {
    return this.bytes.length + this.starts.byteLength + this.#sketches.byteLength;
  }

  /** Length of a term in UTF-8. */
  byteLength(ord: number): number {
    return (this.starts[ord + 1] as number) - (this.starts[ord] as number);
  }

  term(ord: number): string {
    const start = this.starts[ord] as number;
    const end = this.starts[ord + 1] as number;
    if (end - start > 24) return decoder.decode(this.bytes.subarray(start, end));
    let text = "";
    for (let i = start; i < end; i++) {
      const byte = this.bytes[i] as number;
      if (byte > 127) return decoder.decode(this.bytes.subarray(start, end));
      text += String.fromCharCode(byte);
    }
    return text;
  }

  /** Writes the term `ord`, the next one: `length` bytes of `from`, which begin at `start`. */
  append(ord: number, from: Uint8Array, start: number, length: number): void {
    this.starts = grow32(this.starts, ord + 2);
    const place = this.starts[ord] as number;
    this.bytes = grow8(this.bytes, place + length);
    for (let i = 0; i < length; i++) this.bytes[place + i] = from[start + i] as number;
    this.starts[ord + 1] = place + length;
  }

  /** Of at least the first so many terms. */
  sketches(count: number): Int32Array {
    const known = this.#sketched;
    if (known < count) {
      const { bytes, starts } = this;
      this.#sketches = growInt32(this.#sketches, count);
      for (let ord = known; ord < count; ord++)
        this.#sketches[ord] = sketchOf(bytes, starts[ord] as number, starts[ord + 1] as number);
      this.#sketched = count;
    }
    return this.#sketches;
  }

  /** By bytes, which is the order of code points. */
  compare(a: number, other: TermBytes, b: number): number {
    const { bytes } = this;
    const { bytes: otherBytes } = other;
    let i = this.starts[a] as number;
    let j = other.starts[b] as number;
    const endA = this.starts[a + 1] as number;
    const endB = other.starts[b + 1] as number;
    while (i < endA && j < endB) {
      const difference = (bytes[i++] as number) - (otherBytes[j++] as number);
      if (difference !== 0) return difference;
    }
    return endA - i - (endB - j);
  }

  compareTo(ord: number, other: Uint8Array): number {
    const start = this.starts[ord] as number;
    const length = (this.starts[ord + 1] as number) - start;
    const shared = Math.min(length, other.length);
    for (let i = 0; i < shared; i++) {
      const difference = (this.bytes[start + i] as number) - (other[i] as number);
      if (difference !== 0) return difference;
    }
    return length - other.length;
  }
}
