import type { Existence } from "../existence.ts";
import { grow32 } from "../growing.ts";
import { KeywordField } from "../keyword-field.ts";
import { PostingsPacker } from "../packed-postings.ts";
import { SortedDictionary } from "../sorted-dictionary.ts";
import type { FieldPart } from "./compact-field.ts";
import { gone } from "./doc-map.ts";
import { forEachPosting } from "./for-each-posting.ts";
import { mergeTerms } from "./merge-terms.ts";

export function* compactKeyword(
  parts: readonly FieldPart<KeywordField>[],
  exists: Existence,
  count: number,
  pause: () => Generator<void, void>,
): Generator<void, KeywordField> {
  const packer = new PostingsPacker(1);
  const renumbered = parts.map(({ store }) => new Uint32Array(store.dictionary.size));
  let next = 0;
  const merged = yield* mergeTerms(
    parts.map(({ store }) => store.dictionary),
    (ords) => {
      const before = packer.entries;
      for (const [s, { store, map }] of parts.entries()) {
        const ord = ords[s] as number;
        if (ord < 0) continue;
        (renumbered[s] as Uint32Array)[ord] = next;
        forEachPosting(store.postings, ord, map, (doc) => packer.add(doc, 0));
      }
      if (packer.entries === before) return false;
      packer.endTerm();
      next++;
      return true;
    },
    pause,
  );
  const field = new KeywordField(new SortedDictionary(merged.terms, merged.size), packer.pack());
  field.exists = exists;
  field.totalTerms = packer.entries;
  field.ords = new Uint32Array(count);
  const many = new ManyTerms(field, count);
  for (const [s, { store, map }] of parts.entries()) {
    const numbers = renumbered[s] as Uint32Array;
    for (let doc = 0; doc < map.count; doc++) {
      if ((doc & 4095) === 4095) yield* pause();
      const to = map.numbers[doc] as number;
      const own = to === gone ? 0 : store.countOf(doc);
      if (own === 0) continue;
      field.ords[to] = (numbers[store.ordAt(doc, 0)] as number) + 1;
      if (own === 1) continue;
      many.start(to, own);
      for (let i = 0; i < own; i++) many.add(numbers[store.ordAt(doc, i)] as number);
    }
  }
  many.finish();
  return field;
}

/** The side store of documents with several terms. */
class ManyTerms {
  readonly #field: KeywordField;
  readonly #count: number;
  #used = 1;

  constructor(field: KeywordField, count: number) {
    this.#field = field;
    this.#count = count;
  }

  start(doc: number, own: number): void {
    const field = this.#field;
    if (field.manyStarts.length === 0) field.manyStarts = new Uint32Array(this.#count);
    field.manyStarts[doc] = this.#used;
    this.add(own);
  }

  add(value: number): void {
    const field = this.#field;
    field.many = grow32(field.many, this.#used + 1);
    field.many[this.#used++] = value;
  }

  finish(): void {
    const field = this.#field;
    field.many = field.manyStarts.length === 0 ? new Uint32Array(0) : field.many.slice(0, this.#used);
  }
}
