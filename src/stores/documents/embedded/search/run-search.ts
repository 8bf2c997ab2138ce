import type { JSONObject } from "../../../../kernel/index.ts";
import { Budget } from "./budget.ts";
import { ScoreCollector } from "./collect/score-collector.ts";
import { TopDocs } from "./collect/top-docs.ts";
import { forEachWindow } from "./collect/windows.ts";
import type { IndexHit, IndexSearchRequest, IndexSearchResult } from "./collection-index.ts";
import type { MemoryIndex } from "./memory-index.ts";
import { compileQuery } from "./query/compile-query.ts";
import { QueryContext } from "./query/context.ts";
import { AllMatcher, type Matcher } from "./query/matcher.ts";

/** Documents of several indexes share one number: index times this, plus document. */
const docLimit = 2 ** 32;

export function* runSearch(
  indexes: readonly MemoryIndex[],
  request: IndexSearchRequest,
): Generator<void, IndexSearchResult> {
  const budget = new Budget();
  const contexts = indexes.map((index) => new QueryContext(index.mapping, index.snapshot(), request.now, budget));
  const top = new TopDocs(request.from + request.size, [-1]);
  let total = 0;
  for (const [i, context] of contexts.entries()) {
    const matcher = yield* rootMatcher(request.body, context);
    const collector = new ScoreCollector(matcher, top, i * docLimit);
    yield* forEachWindow(matcher, context, collector);
    total += collector.total;
  }
  const hits = top
    .sorted()
    .slice(request.from)
    .map(({ doc, keys }): IndexHit => {
      const index = Math.floor(doc / docLimit);
      const segment = contexts[index]?.snapshot.segment;
      const local = doc - index * docLimit;
      return {
        index,
        docNumber: segment?.docNumber(local) ?? -1,
        id: segment?.ids.dictionary.term(segment.ids.ordAt(local, 0)) ?? "",
        score: Math.fround(keys[0] as number),
      };
    });
  return { total, hits };
}

function* rootMatcher(body: JSONObject, context: QueryContext): Generator<void, Matcher> {
  const { query } = body;
  const isEmpty =
    query === undefined || query === null || (typeof query === "object" && Object.keys(query).length === 0);
  return isEmpty ? new AllMatcher(context.maxDoc) : yield* compileQuery(query, context);
}
