import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import { readBox } from "../query/geo-clauses.ts";
import { flagOf, malformed, numberOf, onlyKnown, textOf } from "../query/parameters.ts";
import { CompositeAggregator } from "./composite.ts";
import { readAfter, readSource } from "./composite-options.ts";
import {
  FilterAggregator,
  FiltersAggregator,
  GlobalAggregator,
  MissingAggregator,
  NestedAggregator,
  ReverseNestedAggregator,
} from "./filters.ts";
import { GridAggregator, geohashCell, tileCell } from "./geo-aggregations.ts";
import { type AggregatorTable, fieldOf } from "./options.ts";

/** Aggregations that put documents into buckets by queries, places, nesting, or several values at once. */
export const groupFactories: AggregatorTable = {
  filter: (options, run, subs) =>
    new FilterAggregator(run, subs, Object.keys(options).length === 0 ? { match_all: {} } : options),

  filters(options, run, subs, place) {
    onlyKnown(options, ["filters", "other_bucket", "other_bucket_key"], place);
    const { filters, other_bucket_key: otherKey } = options;
    const hasOther = otherKey !== undefined || flagOf(options.other_bucket, false, `${place}.other_bucket`);
    const other = hasOther ? String(otherKey ?? "_other_") : undefined;
    if (Array.isArray(filters)) {
      return new FiltersAggregator(run, subs, {
        filters: filters.map((query) => ({ name: undefined, query })),
        other,
        keyed: false,
      });
    }
    if (!isPlainObject(filters)) throw malformed(`[${place}] needs "filters".`);
    const named = Object.entries(filters).map(([name, query]) => ({ name, query }));
    return new FiltersAggregator(run, subs, { filters: named, other, keyed: true });
  },

  missing(options, run, subs, place) {
    onlyKnown(options, ["field"], place);
    return new MissingAggregator(run, subs, fieldOf(options, place));
  },

  global: (_options, run, subs) => new GlobalAggregator(run, subs),

  nested(options, run, subs, place) {
    onlyKnown(options, ["path"], place);
    return new NestedAggregator(run, subs, textOf(options.path, `${place}.path`));
  },

  reverse_nested(options, run, subs, place) {
    onlyKnown(options, ["path"], place);
    return new ReverseNestedAggregator(
      run,
      subs,
      options.path === undefined ? "" : textOf(options.path, `${place}.path`),
    );
  },

  composite(options, run, subs, place) {
    onlyKnown(options, ["sources", "size", "after"], place);
    if (!Array.isArray(options.sources) || options.sources.length === 0) throw malformed(`[${place}] needs "sources".`);
    const sources = options.sources.map((source) => readSource(source, place));
    const { after } = options;
    if (after !== undefined && !isPlainObject(after)) throw malformed(`[${place}.after] must be an object.`);
    const parts = after === undefined ? undefined : sources.map((source) => readAfter(after[source.name], source));
    return new CompositeAggregator(run, subs, sources, numberOf(options.size, 10, `${place}.size`), parts);
  },

  geohash_grid(options, run, subs, place) {
    onlyKnown(options, ["field", "precision", "size", "shard_size", "bounds"], place);
    const precision = numberOf(options.precision, 5, `${place}.precision`);
    if (!(precision >= 1 && precision <= 12)) throw malformed(`[${place}.precision] must be between 1 and 12.`);
    return new GridAggregator(
      run,
      subs,
      place,
      fieldOf(options, place),
      geohashCell(precision),
      gridOptions(options, place),
    );
  },

  geotile_grid(options, run, subs, place) {
    onlyKnown(options, ["field", "precision", "size", "shard_size", "bounds"], place);
    const precision = numberOf(options.precision, 7, `${place}.precision`);
    if (!(precision >= 0 && precision <= 29)) throw malformed(`[${place}.precision] must be between 0 and 29.`);
    return new GridAggregator(
      run,
      subs,
      place,
      fieldOf(options, place),
      tileCell(precision),
      gridOptions(options, place),
    );
  },
};

function gridOptions({ size, bounds }: JSONObject, place: string) {
  return {
    size: numberOf(size, 10_000, place),
    bounds: bounds === undefined ? undefined : readBox(bounds, `${place}.bounds`),
  };
}
