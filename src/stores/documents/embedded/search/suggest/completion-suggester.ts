import type { JSONObject } from "../../../../../kernel/index.ts";
import type { FieldNode } from "../../../mapping/compile-mapping.ts";
import { decodeEntry } from "../../../mapping/types/completion.ts";
import type { IndexSearchRequest } from "../collection-index.ts";
import type { SearchPart } from "../hits/finish-hits.ts";
import { flagOf, malformed, onlyKnown } from "../query/parameters.ts";
import { hasBit } from "../segment/bits.ts";
import type { KeywordField } from "../segment/keyword-field.ts";
import { PostingCursor } from "../segment/postings.ts";
import { filterSource, parseSourceFilter } from "../source-filter.ts";
import { type ContextTest, contextTest } from "./completion-contexts.ts";
import { type CompletionLookup, completionLookup } from "./completion-lookup.ts";
import { compareCodePoints } from "./spell-checker.ts";
import { count } from "./spell-options.ts";
import { fieldOf, placeOf, type SuggestRequest } from "./suggest-text.ts";

interface Found {
  readonly part: SearchPart;
  readonly order: number;
  readonly doc: number;
  readonly surface: string;
  readonly score: number;
  readonly contexts: JSONObject | undefined;
}

interface Entry {
  readonly part: SearchPart;
  readonly partAt: number;
  readonly field: KeywordField;
  readonly ord: number;
  readonly form: string;
  readonly surface: string;
  readonly score: number;
  readonly contexts: JSONObject | undefined;
}

/** Documents whose inputs begin with a prefix, the heaviest first; each document once, with its best input. */
export function* completionSuggester(
  request: SuggestRequest,
  collections: readonly (readonly SearchPart[])[],
  search: IndexSearchRequest,
): Generator<void, JSONObject[]> {
  const { options } = request;
  const place = placeOf(request, "completion");
  onlyKnown(
    options,
    ["field", "contexts", "size", "shard_size", "analyzer", "skip_duplicates", "fuzzy", "regex"],
    place,
  );
  const size = count(options.size, 5, 1, `${place}.size`);
  const skipsDuplicates = flagOf(options.skip_duplicates, false, `${place}.skip_duplicates`);
  const text = request.prefix ?? request.regex ?? request.text ?? "";
  const entries: Entry[] = [];
  for (const parts of collections) {
    const node = fieldOf(parts, options.field, place);
    if (node.type !== "completion")
      throw malformed(`[${place}.field] "${node.path}" is of type ${node.type}, not completion.`);
    // An "analyzer" is taken and not heeded, as in the reference engine: the inputs are in the form of the field's own.
    const lookup = completionLookup(request, node, node.searchAnalyzer, place);
    const contexts = contextTest(options.contexts, node.definition, place);
    for (const part of parts) entries.push(...(yield* lookUp(part, entries.length, node, lookup, contexts)));
  }
  entries.sort((a, b) => b.score - a.score || compareCodePoints(a.form, b.form) || a.partAt - b.partAt);
  const found = bestDocs(entries, size, skipsDuplicates);
  found.sort((a, b) => b.score - a.score || compareUnits(a.surface, b.surface) || a.order - b.order);
  const filter = parseSourceFilter({ ...search.body });
  const answered = found.map(({ part, doc, surface, score, contexts }): JSONObject => {
    const { segment } = part.context.snapshot;
    const source = filter.enabled ? search.fetch?.(part.index, segment.docNumber(doc)) : undefined;
    const filtered = source === undefined ? undefined : filterSource(source, filter);
    return {
      text: surface,
      _id: segment.ids.dictionary.term(segment.ids.ordAt(doc, 0)),
      _score: score,
      ...(filtered === undefined ? {} : { _source: filtered }),
      ...(contexts === undefined ? {} : { contexts }),
    };
  });
  return [{ text, offset: 0, length: text.length, options: answered }];
}

const compareUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function* lookUp(
  part: SearchPart,
  partAt: number,
  node: FieldNode,
  lookup: CompletionLookup,
  inContexts: ContextTest | undefined,
): Generator<void, Entry[]> {
  const { context } = part;
  const field = context.space.fields.get(node.path);
  if (field?.kind !== "keyword") return [];
  const ords = new Set<number>();
  for (const prefix of lookup.prefixes)
    for (const ord of yield* field.dictionary.range({ low: prefix, high: `${prefix}\u{10ffff}` })) ords.add(ord);
  const found: Entry[] = [];
  let work = 0;
  for (const ord of ords) {
    if ((++work & 255) === 0) yield* context.budget.pause();
    const { form, weight, surface, tags } = decodeEntry(field.dictionary.term(ord));
    const matched = lookup.match(form);
    if (matched === undefined) continue;
    const place = inContexts?.(tags);
    if (inContexts !== undefined && place === undefined) continue;
    const factor = matched + (place?.boost ?? 0);
    // What is multiplied weighs at least 1.
    const score = factor === 0 ? weight : Math.fround(Math.max(1, weight) * factor);
    found.push({ part, partAt, field, ord, form, surface, score, contexts: place?.contexts });
  }
  return found;
}

/** Goes through entries, best first, until enough documents are found. */
function bestDocs(entries: readonly Entry[], size: number, skipsDuplicates: boolean): Found[] {
  const found: Found[] = [];
  const seen = new Map<SearchPart, Set<number>>();
  const surfaces = new Set<string>();
  const docs = new Uint32Array(256);
  for (const { part, field, ord, surface, score, contexts } of entries) {
    if (found.length >= size) break;
    if (skipsDuplicates && surfaces.has(surface)) continue;
    const { snapshot, maxDoc } = part.context;
    const own = seen.get(part) ?? new Set();
    seen.set(part, own);
    const cursor = new PostingCursor(field.postings, ord);
    for (let taken = cursor.take(0, maxDoc, docs, docs); taken > 0; taken = cursor.take(0, maxDoc, docs, docs)) {
      for (let i = 0; i < taken && found.length < size; i++) {
        const doc = docs[i] as number;
        if (own.has(doc) || hasBit(snapshot.deleted, doc)) continue;
        if (skipsDuplicates && surfaces.has(surface)) break;
        own.add(doc);
        surfaces.add(surface);
        found.push({ part, order: found.length, doc, surface, score, contexts });
      }
      if (found.length >= size) break;
    }
  }
  return found;
}
