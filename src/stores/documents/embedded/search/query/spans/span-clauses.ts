import type { ClauseCompiler, ClauseTable } from "../clause-table.ts";
import type { QueryContext } from "../context.ts";
import { NoneMatcher } from "../matchers/matcher.ts";
import { bm25Weight, flatNorms, idf } from "../scoring/bm25.ts";
import type { FrequencyWeight } from "../scoring/frequency-scores.ts";
import { IndexedWords } from "./indexed-words.ts";
import { parseSpan, spanNames } from "./parse-span.ts";
import { SpanMatcher } from "./span-matcher.ts";
import type { SpanSource } from "./span-source.ts";

const compilerOf = (name: string): ClauseCompiler =>
  function* (body, context) {
    const { source, boost } = yield* parseSpan(name, body, new IndexedWords(context));
    if (source.cost === 0) return new NoneMatcher();
    return new SpanMatcher(source, weightOf(source, boost, context), boost, context.arrays);
  };

/** `span_term`, `span_near` and the like: words by where they stand, as spans that may be combined. */
export const spanClauses: ClauseTable = Object.fromEntries(spanNames.map((name) => [name, compilerOf(name)]));

/** Spans are as rare as their terms together, among the documents with the field. */
function weightOf({ weighedAs, terms }: SpanSource, boost: number, context: QueryContext): FrequencyWeight {
  const field = context.field(weighedAs);
  const stores = context.statistics.termStores(context.space.path, weighedAs);
  const [any] = stores;
  // A mask may name a field that no document has.
  if (field === undefined || any === undefined) return { weight: boost, norms: flatNorms, lengths: undefined };
  const own = field.store?.kind === "text" ? field.store : undefined;
  const statistics = context.statisticsOf(field, own ?? any);
  const { docCount, norms, isFlat = false } = statistics;
  let rarity = 0;
  for (const docFreq of terms.values()) rarity += idf(docCount, docFreq);
  const weight = isFlat ? boost : (bm25Weight(statistics, 1, boost) * rarity) / idf(docCount, 1);
  // Documents that lack the field of a mask count as short.
  return {
    weight,
    norms: norms.with(0, norms[1] as number),
    lengths: field.node.norms === true ? own?.lengths : undefined,
  };
}
