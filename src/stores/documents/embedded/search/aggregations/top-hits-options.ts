import { isPlainObject } from "../../../../../kernel/index.ts";
import { parseFieldRequests } from "../hits/field-requests.ts";
import { flagOf, malformed, numberOf, onlyKnown } from "../query/parameters.ts";
import { parseSort } from "../sort/parse-sort.ts";
import { parseSourceFilter } from "../source-filter.ts";
import type { AggregatorFactory } from "./options.ts";
import { TopHitsAggregator } from "./top-hits.ts";

/** What needs versions, plans or scripts of documents, which a search does not have. */
const refused = ["explain", "version", "seq_no_primary_term"] as const;

export const topHits: AggregatorFactory = (options, run, _subs, place) => {
  onlyKnown(
    options,
    [
      "from",
      "size",
      "sort",
      "_source",
      "highlight",
      "track_scores",
      "fields",
      "docvalue_fields",
      "stored_fields",
      ...refused,
    ],
    place,
  );
  for (const name of refused) {
    if (flagOf(options[name], false, `${place}.${name}`))
      throw malformed(`[${place}.${name}] is not supported; ask for the documents by their ids.`);
  }
  const { stored_fields: stored, highlight } = options;
  if (stored !== undefined)
    throw malformed(`[${place}.stored_fields] is not supported; use "_source" or "docvalue_fields".`);
  if (highlight !== undefined && !isPlainObject(highlight)) throw malformed(`[${place}.highlight] must be an object.`);
  const sort = parseSort(options.sort);
  const size = numberOf(options.size, 3, `${place}.size`);
  const from = numberOf(options.from, 0, `${place}.from`);
  if (!(Number.isInteger(size) && Number.isInteger(from) && size >= 1 && from >= 0 && from + size <= 100))
    throw malformed(`[${place}] needs a "size" of 1 or more, and at most 100 with "from".`);
  return new TopHitsAggregator(run, {
    from,
    size,
    sort: sort.length === 0 ? [{ kind: "_score", descending: true }] : sort,
    source: parseSourceFilter({ _source: options._source }),
    highlight,
    fields: parseFieldRequests(options.fields, `${place}.fields`),
    docValueFields: parseFieldRequests(options.docvalue_fields, `${place}.docvalue_fields`),
    tracksScores: flagOf(options.track_scores, false, `${place}.track_scores`),
  });
};
