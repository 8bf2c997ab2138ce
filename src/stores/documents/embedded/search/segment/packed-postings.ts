import { grow32 } from "./growing.ts";
import type { Postings } from "./postings.ts";
import { TermSpans } from "./term-spans.ts";

/** Documents of each term of a frozen segment: one list after the other. */
export class PackedPostings implements Postings {
  readonly width: 1 | 2;
  readonly arena: Uint32Array;
  /** By term: entries of all terms before it; one more for the end. */
  readonly starts: Uint32Array;
  /** Of the terms that were searched for; undefined for those that are not frequent. */
  readonly #spans = new Map<number, TermSpans>();

  constructor(width: 1 | 2, starts: Uint32Array, arena: Uint32Array) {
    this.width = width;
    this.starts = starts;
    this.arena = arena;
  }

  get memory(): number {
    let total = this.arena.byteLength + this.starts.byteLength;
    for (const { memory } of this.#spans.values()) total += memory;
    return total;
  }

  count(term: number): number {
    return (this.starts[term + 1] as number) - (this.starts[term] as number);
  }

  first(term: number): number {
    return (this.starts[term] as number) * this.width;
  }

  /** What is known of the spans of a term; undefined for one of few documents. All of them together take about as much as their lists at most. */
  spans(term: number): TermSpans | undefined {
    const known = this.#spans.get(term);
    if (known !== undefined) return known;
    const from = this.first(term);
    const spans = TermSpans.of({
      arena: this.arena,
      width: this.width,
      from,
      to: from + this.count(term) * this.width,
    });
    if (spans !== undefined) this.#spans.set(term, spans);
    return spans;
  }

  /** A list is in one piece. */
  firstRun(term: number): number {
    return this.count(term);
  }
}

/** Packs lists that come term by term. */
export class PostingsPacker {
  readonly #width: 1 | 2;
  #arena: Uint32Array = new Uint32Array(64);
  #starts: Uint32Array = new Uint32Array(16);
  #terms = 0;
  /** Entries so far. */
  entries = 0;

  constructor(width: 1 | 2) {
    this.#width = width;
  }

  add(doc: number, extra: number): void {
    const at = this.entries++ * this.#width;
    this.#arena = grow32(this.#arena, at + 2);
    this.#arena[at] = doc;
    if (this.#width === 2) this.#arena[at + 1] = extra;
  }

  /** The list of a term is complete. */
  endTerm(): void {
    this.#starts = grow32(this.#starts, ++this.#terms + 1);
    this.#starts[this.#terms] = this.entries;
  }

  pack(): PackedPostings {
    const arena = this.#arena.slice(0, this.entries * this.#width);
    return new PackedPostings(this.#width, this.#starts.slice(0, this.#terms + 1), arena);
  }
}
