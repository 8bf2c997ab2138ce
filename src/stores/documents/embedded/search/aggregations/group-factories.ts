import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import { countOf, flagOf, malformed, onlyKnown, textOf } from "../query/parameters.ts";
import { readPoints } from "../sort/parse-sort.ts";
import { AdjacencyMatrixAggregator } from "./adjacency-matrix.ts";
import { maxBuckets } from "./aggregator.ts";
import { CompositeAggregator } from "./composite.ts";
import { afterReader, readSource } from "./composite-options.ts";
import { FilterAggregator, FiltersAggregator } from "./filters.ts";
import { boundsTest, GridAggregator, type GridCell, type GridOptions, geohashCell, tileCell } from "./geo-grid.ts";
import { type AggregatorTable, fieldOf, geohashLength, zoomOf } from "./options.ts";
import { SamplerAggregator } from "./sampler.ts";
import { GlobalAggregator, MissingAggregator, NestedAggregator, ReverseNestedAggregator } from "./single-buckets.ts";

/** Aggregations that put documents into buckets by queries, places, nesting, or several values at once. */
export const groupFactories: AggregatorTable = {
  filter: (options, run, subs) =>
    new FilterAggregator(run, subs, Object.keys(options).length === 0 ? { match_all: {} } : options),

  filters(options, run, subs, place) {
    onlyKnown(options, ["filters", "other_bucket", "other_bucket_key"], place);
    const { filters, other_bucket_key: otherKey } = options;
    const hasOther = flagOf(options.other_bucket, otherKey !== undefined, `${place}.other_bucket`);
    const other = hasOther ? String(otherKey ?? "_other_") : undefined;
    const count = Object.keys(isPlainObject(filters) || Array.isArray(filters) ? filters : {}).length;
    if (count === 0 || count > 1000) throw malformed(`[${place}] needs "filters", 1 to 1000 of them.`);
    if (Array.isArray(filters)) {
      return new FiltersAggregator(run, subs, {
        filters: filters.map((query) => ({ name: undefined, query })),
        other,
        keyed: false,
      });
    }
    if (!isPlainObject(filters)) throw malformed(`[${place}.filters] must be an object or a list.`);
    const named = Object.entries(filters).map(([name, query]) => ({ name, query }));
    named.sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1));
    return new FiltersAggregator(run, subs, { filters: named, other, keyed: true });
  },

  missing(options, run, subs, place) {
    onlyKnown(options, ["field", "missing"], place);
    return new MissingAggregator(run, subs, fieldOf(options, place), options.missing !== undefined);
  },

  global(options, run, subs, place) {
    onlyKnown(options, [], place);
    return new GlobalAggregator(run, subs);
  },

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

  adjacency_matrix(options, run, subs, place) {
    onlyKnown(options, ["filters", "separator"], place);
    const { filters } = options;
    if (!isPlainObject(filters) || Object.keys(filters).length === 0)
      throw malformed(`[${place}] needs "filters", an object with a query for each name.`);
    if (Object.keys(filters).length > 100) throw malformed(`[${place}] takes at most 100 filters.`);
    const named = Object.entries(filters).map(([name, query]) => ({ name, query }));
    named.sort((a, b) => (a.name < b.name ? -1 : 1));
    return new AdjacencyMatrixAggregator(run, subs, named, textOf(options.separator ?? "&", `${place}.separator`));
  },

  sampler(options, run, subs, place) {
    onlyKnown(options, ["shard_size"], place);
    return new SamplerAggregator(run, subs, countOf(options.shard_size, 100, `${place}.shard_size`), undefined);
  },

  diversified_sampler(options, run, subs, place) {
    onlyKnown(options, ["field", "shard_size", "max_docs_per_value", "execution_hint"], place);
    const size = countOf(options.shard_size, 100, `${place}.shard_size`);
    const most = countOf(options.max_docs_per_value, 1, `${place}.max_docs_per_value`);
    const hint = options.execution_hint ?? "map";
    if (hint !== "map" && hint !== "global_ordinals" && hint !== "bytes_hash")
      throw malformed(`[${place}.execution_hint] must be "map", "global_ordinals" or "bytes_hash".`);
    return new SamplerAggregator(run, subs, size, { field: fieldOf(options, place), most });
  },

  composite(options, run, subs, place) {
    onlyKnown(options, ["sources", "size", "after"], place);
    const list = Array.isArray(options.sources) ? options.sources : [options.sources];
    if (options.sources === undefined || list.length === 0 || list.length > 100)
      throw malformed(`[${place}] needs "sources", a list of at most 100 objects.`);
    const sources = list.map((source) => readSource(source, place));
    if (new Set(sources.map(({ name }) => name)).size < sources.length)
      throw malformed(`[${place}.sources] must have different names.`);
    const { after } = options;
    if (after !== undefined && !(isPlainObject(after) && Object.keys(after).length === sources.length))
      throw malformed(`[${place}.after] must be an object with a key for each source, as "after_key" had it.`);
    const readers = isPlainObject(after)
      ? sources.map((source) => afterReader(after[source.name], source, run.request.now, place))
      : undefined;
    const size = countOf(options.size, 10, `${place}.size`);
    if (size > maxBuckets) throw malformed(`[${place}.size] must be at most ${maxBuckets}.`);
    return new CompositeAggregator(run, subs, sources, size, readers);
  },

  geohash_grid: (options, run, subs, place) => {
    const cell = geohashCell(geohashLength(options.precision, place));
    return new GridAggregator(run, subs, place, gridOptions(options, cell, place));
  },

  geotile_grid: (options, run, subs, place) => {
    const cell = tileCell(zoomOf(options.precision, place));
    return new GridAggregator(run, subs, place, gridOptions(options, cell, place));
  },
};

function gridOptions(options: JSONObject, cell: GridCell, place: string): GridOptions {
  onlyKnown(options, ["field", "precision", "size", "shard_size", "bounds", "missing"], place);
  if (options.shard_size !== undefined) countOf(options.shard_size, 1, `${place}.shard_size`);
  const [missing] = options.missing === undefined ? [] : readPoints(options.missing, `${place}.missing`);
  return {
    field: fieldOf(options, place),
    cell,
    size: countOf(options.size, 10_000, `${place}.size`),
    bounds: boundsTest(options.bounds, place),
    missing,
  };
}
