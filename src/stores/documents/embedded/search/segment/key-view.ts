import { keyedPath } from "../../../mapping/compile-mapping.ts";
import { keyEnd } from "../../../mapping/types/flattened.ts";
import type { FieldStore } from "./field-store.ts";
import { grow32 } from "./growing.ts";
import { KeywordField } from "./keyword-field.ts";
import { PostingsPacker } from "./packed-postings.ts";
import { PostingCursor } from "./postings.ts";
import { SortedDictionary } from "./sorted-dictionary.ts";
import type { FieldTable } from "./space.ts";
import { TermBytes } from "./term-bytes.ts";

interface View {
  /** Terms of the whole field when the view was made: a growing one is made anew when there are more. */
  readonly madeAt: number;
  readonly field: KeywordField | undefined;
}

/** Views of each keyed field, by key. They go with their field, and when they are many. */
const views = new WeakMap<KeywordField, Map<string, View>>();
const maxViews = 32;

/** The values of a field; those below a key of a `flattened` field are a field of their own. Undefined without values. */
export function findStore(fields: FieldTable, path: string): FieldStore | undefined {
  const own = fields.get(path);
  if (own !== undefined) return own;
  for (let dot = path.indexOf("."); dot > 0; dot = path.indexOf(".", dot + 1)) {
    const keyed = fields.get(keyedPath(path.slice(0, dot)));
    if (keyed?.kind === "keyword") return viewOf(keyed, path.slice(dot + 1));
  }
  return undefined;
}

function viewOf(keyed: KeywordField, key: string): KeywordField | undefined {
  const known = views.get(keyed) ?? new Map<string, View>();
  views.set(keyed, known);
  const before = known.get(key);
  if (before?.madeAt === keyed.totalTerms) return before.field;
  if (known.size >= maxViews) known.clear();
  const field = makeView(keyed, new TextEncoder().encode(key + keyEnd));
  known.set(key, { madeAt: keyed.totalTerms, field });
  return field;
}

/** The terms that begin with a prefix, without it. Costs what the key has, not what the field has, where terms are in order. */
function makeView(keyed: KeywordField, prefix: Uint8Array): KeywordField | undefined {
  const ords = keyed.dictionary instanceof SortedDictionary ? sortedOrds(keyed, prefix) : scannedOrds(keyed, prefix);
  if (ords.length === 0) return undefined;
  const terms = new TermBytes();
  const packer = new PostingsPacker(1);
  const docs = new Uint32Array(1024);
  const { bytes, starts } = keyed.dictionary.terms;
  for (const [i, ord] of ords.entries()) {
    const start = (starts[ord] as number) + prefix.length;
    terms.append(i, bytes, start, (starts[ord + 1] as number) - start);
    const cursor = new PostingCursor(keyed.postings, ord);
    for (let taken = docs.length; taken === docs.length; ) {
      taken = cursor.take(0, Number.POSITIVE_INFINITY, docs, docs);
      for (let d = 0; d < taken; d++) packer.add(docs[d] as number, 0);
    }
    packer.endTerm();
  }
  const field = new KeywordField(new SortedDictionary(terms, ords.length), packer.pack());
  field.totalTerms = packer.entries;
  fillDocuments(field, ords.length);
  return field;
}

function hasPrefix(terms: TermBytes, ord: number, prefix: Uint8Array): boolean {
  const start = terms.starts[ord] as number;
  if ((terms.starts[ord + 1] as number) - start < prefix.length) return false;
  for (let i = 0; i < prefix.length; i++) if (terms.bytes[start + i] !== prefix[i]) return false;
  return true;
}

function sortedOrds({ dictionary }: KeywordField, prefix: Uint8Array): number[] {
  let low = 0;
  let high = dictionary.size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (dictionary.terms.compareTo(middle, prefix) < 0) low = middle + 1;
    else high = middle;
  }
  const ords: number[] = [];
  for (let ord = low; ord < dictionary.size && hasPrefix(dictionary.terms, ord, prefix); ord++) ords.push(ord);
  return ords;
}

function scannedOrds({ dictionary }: KeywordField, prefix: Uint8Array): number[] {
  const ords: number[] = [];
  for (let ord = 0; ord < dictionary.size; ord++) if (hasPrefix(dictionary.terms, ord, prefix)) ords.push(ord);
  return ords.sort((a, b) => dictionary.compare(a, b));
}

/** By document, its terms, from the documents of each term. */
function fillDocuments(field: KeywordField, size: number): void {
  const { arena, first, count } = listsOf(field);
  let counts = new Uint32Array(16);
  for (let ord = 0; ord < size; ord++)
    for (let i = first(ord); i < first(ord) + count(ord); i++) {
      const doc = arena[i] as number;
      counts = grow32(counts, doc + 1) as Uint32Array<ArrayBuffer>; // it came from one
      counts[doc] = (counts[doc] as number) + 1;
      field.exists.add(doc);
    }
  field.ords = new Uint32Array(counts.length);
  const starts = new Uint32Array(counts.length);
  let used = 1;
  for (let doc = 0; doc < counts.length; doc++) {
    if ((counts[doc] as number) < 2) continue;
    starts[doc] = used;
    used += (counts[doc] as number) + 1;
  }
  const many = new Uint32Array(used > 1 ? used : 0);
  for (let ord = 0; ord < size; ord++)
    for (let i = first(ord); i < first(ord) + count(ord); i++) {
      const doc = arena[i] as number;
      if (field.ords[doc] === 0) field.ords[doc] = ord + 1;
      const start = starts[doc] as number;
      if (start === 0) continue;
      many[start] = (many[start] as number) + 1;
      many[start + (many[start] as number)] = ord;
    }
  if (used > 1) Object.assign(field, { manyStarts: starts, many });
}

function listsOf({ postings }: KeywordField) {
  return {
    arena: postings.arena,
    first: (ord: number): number => postings.first(ord),
    count: (ord: number): number => postings.count(ord),
  };
}
