import { KeywordField } from "./keyword-field.ts";
import { PackedPostings } from "./packed-postings.ts";
import type { Segment } from "./segment.ts";
import { SortedDictionary } from "./sorted-dictionary.ts";
import { TermBytes } from "./term-bytes.ts";

/** The last field made for a segment: they differ by the text and by how many documents there are. */
const made = new WeakMap<Segment, { readonly text: string; readonly count: number; readonly field: KeywordField }>();

/** One text as the value of all documents below a number; undefined without documents. */
export function constantField(segment: Segment, text: string, count: number): KeywordField | undefined {
  if (count === 0) return undefined;
  const before = made.get(segment);
  if (before !== undefined && before.text === text && before.count === count) return before.field;
  const terms = new TermBytes();
  const bytes = new TextEncoder().encode(text);
  terms.append(0, bytes, 0, bytes.length);
  const docs = Uint32Array.from({ length: count }, (_, doc) => doc);
  const field = new KeywordField(new SortedDictionary(terms, 1), new PackedPostings(1, Uint32Array.of(0, count), docs));
  field.ords = new Uint32Array(count).fill(1);
  field.totalTerms = count;
  field.exists.words = new Uint32Array((count + 31) >>> 5).fill(0xffffffff);
  if ((count & 31) !== 0) field.exists.words[count >>> 5] = (1 << (count & 31)) - 1;
  field.exists.count = count;
  made.set(segment, { text, count, field });
  return field;
}
