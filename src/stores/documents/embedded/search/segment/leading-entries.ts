import type { TermList } from "./term-spans.ts";

/** What the entries of a list are judged by. */
export interface Impacts {
  /** How often the term occurs, from what stands beside a document. */
  frequency(extra: number): number;
  /** The length of a document's text in one byte, which grows with it. */
  length(doc: number): number;
  /** What a score grows with: it rises with the frequency and falls with the length. */
  impact(frequency: number, length: number): number;
}

/**
 * Of each span of a list the frequencies and lengths that no other entry of it outdoes in both: one of them is the best, whatever the average length of all
 * texts, which changes with each new document. Most spans have one or two.
 */
export class LeadingEntries {
  /** By span: place of its first pair; one more for the end. */
  readonly #starts: Uint32Array;
  readonly #frequencies: Uint32Array;
  readonly #lengths: Uint8Array;

  /** `starts`: by span, where in the arena it begins; one more for the end. */
  constructor({ arena, width }: TermList, starts: Uint32Array, impacts: Impacts) {
    const spans = starts.length - 1;
    const frequencies: number[] = [];
    const lengths: number[] = [];
    this.#starts = new Uint32Array(spans + 1);
    for (let span = 0; span < spans; span++) {
      const first = frequencies.length;
      const to = starts[span + 1] as number;
      for (let at = starts[span] as number; at < to; at += width) {
        const frequency = impacts.frequency(arena[at + width - 1] as number);
        const length = impacts.length(arena[at] as number);
        let kept = first;
        let isOutdone = false;
        for (let i = first; i < frequencies.length; i++) {
          const [f, l] = [frequencies[i] as number, lengths[i] as number];
          isOutdone = f >= frequency && l <= length;
          // Nothing before was left out: this one and those outdo nothing of each other.
          if (isOutdone) break;
          if (f <= frequency && l >= length) continue;
          frequencies[kept] = f;
          lengths[kept++] = l;
        }
        if (isOutdone) continue;
        frequencies.length = kept;
        lengths.length = kept;
        frequencies.push(frequency);
        lengths.push(length);
      }
      this.#starts[span + 1] = frequencies.length;
    }
    this.#frequencies = Uint32Array.from(frequencies);
    this.#lengths = Uint8Array.from(lengths);
  }

  get memory(): number {
    return this.#starts.byteLength + this.#frequencies.byteLength + this.#lengths.byteLength;
  }

  /** The impact of the best entry of a span, 0 without any. */
  best(span: number, impacts: Impacts): number {
    if (span + 1 >= this.#starts.length) return 0;
    let best = 0;
    const to = this.#starts[span + 1] as number;
    for (let i = this.#starts[span] as number; i < to; i++)
      best = Math.max(best, impacts.impact(this.#frequencies[i] as number, this.#lengths[i] as number));
    return best;
  }
}
