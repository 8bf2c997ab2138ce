import type { Existence } from "../existence.ts";
import { grow32 } from "../growing.ts";
import { PostingsPacker } from "../packed-postings.ts";
import { SortedDictionary } from "../sorted-dictionary.ts";
import { TextField } from "../text-field.ts";
import type { FieldPart } from "./compact-field.ts";
import { gone } from "./doc-map.ts";
import { forEachPosting } from "./for-each-posting.ts";
import { mergeTerms } from "./merge-terms.ts";

export function* compactText(
  parts: readonly FieldPart<TextField>[],
  exists: Existence,
  count: number,
  pause: () => Generator<void, void>,
): Generator<void, TextField> {
  const packer = new PostingsPacker(2);
  const positions = new PositionsPacker();
  const hasWords = new Uint8Array(count);
  let words = 0;
  const merged = yield* mergeTerms(
    parts.map(({ store }) => store.dictionary),
    (ords) => {
      const before = packer.entries;
      for (const [s, { store, map }] of parts.entries()) {
        const ord = ords[s] as number;
        if (ord < 0) continue;
        forEachPosting(store.postings, ord, map, (doc, extra) => {
          hasWords[doc] = 1;
          words += store.frequency(extra);
          packer.add(doc, (extra & 1) === 1 ? extra : positions.copy(store.positions, extra >>> 1) * 2);
        });
      }
      if (packer.entries === before) return false;
      packer.endTerm();
      return true;
    },
    pause,
  );
  const field = new TextField(new SortedDictionary(merged.terms, merged.size), packer.pack());
  field.exists = exists;
  field.positions = positions.pack();
  field.totalTerms = words;
  for (let doc = 0; doc < count; doc++) field.docCount += hasWords[doc] as number;
  field.lengths = new Uint8Array(count);
  for (const { store, map } of parts) {
    const { lengths } = store;
    for (let doc = 0; doc < map.count && doc < lengths.length; doc++) {
      const to = map.numbers[doc] as number;
      if (to !== gone) field.lengths[to] = lengths[doc] as number;
    }
    yield* pause();
  }
  return field;
}

/** Counts and positions of terms that occur more than once in a document. */
class PositionsPacker {
  #positions: Uint32Array = new Uint32Array(16);
  #used = 0;

  /** Answers where the copy of the list at a place begins. */
  copy(from: Uint32Array, place: number): number {
    const length = 1 + (from[place] as number);
    const to = this.#used;
    this.#used += length;
    this.#positions = grow32(this.#positions, this.#used);
    for (let i = 0; i < length; i++) this.#positions[to + i] = from[place + i] as number;
    return to;
  }

  pack(): Uint32Array {
    return this.#positions.slice(0, this.#used);
  }
}
