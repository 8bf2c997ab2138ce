import { countBits, wordsFor } from "../segment/bits.ts";
import type { KeywordField } from "../segment/keyword-field.ts";
import { PostingCursor } from "../segment/postings.ts";
import type { TextField } from "../segment/text-field.ts";
import type { QueryContext } from "./context.ts";
import { type DocList, ListMatcher } from "./matchers/list-matcher.ts";
import { BitmapMatcher, fewMatches, type Matcher, NoneMatcher } from "./matchers/matcher.ts";

type TermField = KeywordField | TextField;

/** Documents with any of the terms, all with the same score. Terms that the dictionary does not have are -1. */
export function* anyOfTerms(
  field: TermField,
  ords: readonly number[],
  boost: number,
  context: QueryContext,
): Generator<void, Matcher> {
  let entries = 0;
  for (const ord of ords) if (ord >= 0) entries += field.postings.count(ord);
  if (entries === 0) return new NoneMatcher();
  if (entries <= fewMatches) return new ListMatcher(listTerms(field, ords, entries, context.maxDoc), boost);
  const bits = context.arrays.words(wordsFor(context.maxDoc));
  let work = 0;
  for (const ord of ords) {
    addTerm(field, ord, bits, context.maxDoc);
    if ((++work & 255) === 0) yield* context.budget.pause();
  }
  return new BitmapMatcher(bits, countBits(bits), boost);
}

const bufferSize = 4_096;
const buffer = new Uint32Array(bufferSize);
const besideBuffer = new Uint32Array(bufferSize);

/** Sets the bits of the documents before `maxDoc` that have a term. */
export function addTerm(field: TermField, ord: number, bits: Uint32Array, maxDoc: number): void {
  const cursor = new PostingCursor(field.postings, ord);
  for (let taken = bufferSize; taken === bufferSize; ) {
    taken = cursor.take(0, maxDoc, buffer, besideBuffer);
    for (let i = 0; i < taken; i++) {
      const doc = buffer[i] as number;
      bits[doc >>> 5] = (bits[doc >>> 5] as number) | (1 << (doc & 31));
    }
  }
}

function listTerms(field: TermField, ords: readonly number[], entries: number, maxDoc: number): DocList {
  const docs = new Uint32Array(entries);
  let count = 0;
  for (const ord of ords)
    count += new PostingCursor(field.postings, ord).take(0, maxDoc, docs.subarray(count), besideBuffer);
  return { count: ords.length === 1 ? count : distinct(docs.subarray(0, count)), docs, scores: undefined };
}

/** Sorts numbers and moves each to the front once; answers how many are different. */
function distinct(numbers: Uint32Array): number {
  numbers.sort();
  let kept = 0;
  for (let i = 0; i < numbers.length; i++)
    if (i === 0 || numbers[i] !== numbers[kept - 1]) numbers[kept++] = numbers[i] as number;
  return kept;
}
