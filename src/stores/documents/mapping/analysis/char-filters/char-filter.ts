/**
 * A text after character filters, and where its characters stood before: `corrections` holds pairs of an offset in the new text and
 * what is to be added to offsets from there on, ascending.
 */
export interface FilteredText {
  readonly text: string;
  readonly corrections: readonly (readonly [offset: number, shift: number])[];
}

/** Changes a text before it is cut. */
export type CharFilter = (text: string) => FilteredText;

/** Writes a filtered text and its corrections from left to right. */
export class TextRewriter {
  #out = "";
  #shift = 0;
  readonly #corrections: [number, number][] = [];

  get length(): number {
    return this.#out.length;
  }

  keep(text: string): void {
    this.#out += text;
  }

  /** Puts a text in the place of one of `length` units; `at` counts units of the new text from which the shift holds. */
  replace(length: number, text: string): void {
    const start = this.#out.length;
    this.#out += text;
    const change = length - text.length;
    if (change > 0) {
      this.#shift += change;
      this.correct(start + text.length, this.#shift);
    } else if (change < 0) {
      // Each surplus character stands where the last of the replaced text stood.
      for (let i = 0; i < -change; i++) this.correct(start + length + i, --this.#shift);
    }
  }

  correct(offset: number, shift: number): void {
    this.#shift = shift;
    const last = this.#corrections.at(-1);
    if (last !== undefined && last[0] === offset) last[1] = shift;
    else this.#corrections.push([offset, shift]);
  }

  get shift(): number {
    return this.#shift;
  }

  finish(): FilteredText {
    return { text: this.#out, corrections: this.#corrections };
  }
}

/** Where an offset of a filtered text lay in the text before. */
export function correctOffset(offset: number, { corrections }: FilteredText): number {
  let low = 0;
  let high = corrections.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((corrections[middle]?.[0] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return offset + (low === 0 ? 0 : (corrections[low - 1]?.[1] ?? 0));
}
