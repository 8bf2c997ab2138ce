import { didYouMean, isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import { malformed } from "../query/parameters.ts";
import type { AggregationRun, Aggregator, SubAggregations } from "./aggregator.ts";
import { groupFactories } from "./group-factories.ts";
import { metricFactories } from "./metric-factories.ts";
import type { AggregatorTable } from "./options.ts";
import { orderPipelines, type PipelineScope } from "./pipelines/order-pipelines.ts";
import { parentPipelines, sequential } from "./pipelines/parent-pipelines.ts";
import type { Pipeline, PipelineTable } from "./pipelines/pipeline.ts";
import { siblingPipelines } from "./pipelines/sibling-pipelines.ts";
import { termFactories } from "./term-factories.ts";
import { unsupportedAggregations } from "./unsupported-aggregations.ts";
import { valueFactories } from "./value-factories.ts";

const factories: AggregatorTable = { ...metricFactories, ...valueFactories, ...termFactories, ...groupFactories };
const pipelines: PipelineTable = { ...siblingPipelines, ...parentPipelines };

/** All types of aggregations; docs/aggregations.md names each. */
export const aggregationTypes: readonly string[] = [...Object.keys(factories), ...Object.keys(pipelines)];

const maxDepth = 20;
const maxAggregations = 1000;

/** Types with exactly one bucket in each bucket above. */
const single: ReadonlySet<string> = new Set(
  "filter missing global nested reverse_nested sampler diversified_sampler".split(" "),
);
const hasBuckets = (type: string): boolean => !Object.hasOwn(metricFactories, type) && !single.has(type);

/** The aggregations around the ones that are read, outermost first. */
type Above = readonly { readonly type: string; readonly options: JSONObject }[];

/** Reads `{name: {type: options, aggs: {...}}}`. Errors (400): `unexpected_bad_request` naming the aggregation. */
export function createAggregations(
  body: JSONObject,
  run: AggregationRun,
  above: Above = [],
  count = { aggregations: 0 },
): SubAggregations {
  if (above.length > maxDepth) throw malformed(`Aggregations are nested deeper than ${maxDepth} levels.`);
  const aggregators: [string, Aggregator][] = [];
  const computed: Pipeline[] = [];
  const siblings = new Map<string, { readonly hasBuckets: boolean }>();
  const metas = new Map<string, JSONObject>();
  for (const [name, definition] of Object.entries(body)) {
    if (++count.aggregations > maxAggregations) throw malformed(`There are more than ${maxAggregations} aggregations.`);
    const { type, options, inner, meta } = readDefinition(name, definition);
    if (meta !== undefined) metas.set(name, meta);
    const pipeline = Object.hasOwn(pipelines, type) ? pipelines[type] : undefined;
    if (pipeline !== undefined) {
      if (Object.keys(inner).length > 0)
        throw malformed(`Aggregation "${name}" of type ${type} cannot have aggregations below it.`);
      computed.push(pipeline(name, options, type));
      continue;
    }
    const factory = factoryOf(name, type);
    checkPlace(name, type, above, inner);
    const subs = createAggregations(inner, run, [...above, { type, options }], count);
    aggregators.push([name, factory(options, run, subs, type)]);
    siblings.set(name, { hasBuckets: hasBuckets(type) });
  }
  const scope = { siblings, parent: parentOf(above) };
  return { aggregators, pipelines: orderPipelines(computed, scope, (type) => sequential.has(type)), metas };
}

function factoryOf(name: string, type: string): AggregatorTable[string] {
  const factory = Object.hasOwn(factories, type) ? factories[type] : undefined;
  if (factory !== undefined) return factory;
  const instead = unsupportedAggregations.get(type);
  throw malformed(
    instead === undefined
      ? `Aggregation "${name}": the type "${type}" does not exist.${didYouMean(type, aggregationTypes)}`
      : `Aggregation "${name}": the type "${type}" is not supported by the embedded engine: ${instead}.`,
  );
}

interface Definition {
  readonly type: string;
  readonly options: JSONObject;
  readonly inner: JSONObject;
  readonly meta: JSONObject | undefined;
}

function readDefinition(name: string, definition: unknown): Definition {
  if (name === "" || /[[\]>]/.test(name))
    throw malformed(`Aggregation "${name}": a name has at least one character, and none of [, ] and >.`);
  if (!isPlainObject(definition)) throw malformed(`Aggregation "${name}" must be an object.`);
  const { aggs, aggregations = aggs, meta, ...types } = definition;
  if (aggs !== undefined && aggs !== aggregations)
    throw malformed(`Aggregation "${name}" takes one of "aggs" and "aggregations".`);
  const [type, ...others] = Object.keys(types);
  if (type === undefined || others.length > 0)
    throw malformed(
      `Aggregation "${name}" needs exactly one type beside "aggs" and "meta", found ${Object.keys(types).join(", ") || "none"}.`,
    );
  const options = types[type];
  if (!isPlainObject(options)) throw malformed(`Aggregation "${name}": [${type}] must be an object.`);
  if (aggregations !== undefined && !isPlainObject(aggregations))
    throw malformed(`Aggregation "${name}": "aggs" must be an object.`);
  if (meta !== undefined && meta !== null && !isPlainObject(meta))
    throw malformed(`Aggregation "${name}": "meta" must be an object.`);
  return { type, options, inner: aggregations ?? {}, meta: meta ?? undefined };
}

function checkPlace(name: string, type: string, above: Above, inner: JSONObject): void {
  if (type === "global" && above.length > 0) throw malformed(`Aggregation "${name}": "global" stands at the top only.`);
  if (type === "reverse_nested" && !above.some((one) => one.type === "nested"))
    throw malformed(`Aggregation "${name}": "reverse_nested" must lie in a "nested" aggregation.`);
  if (type.endsWith("sampler") && Object.keys(inner).length === 0)
    throw malformed(`Aggregation "${name}" of type ${type} needs aggregations below it.`);
  if (Object.hasOwn(metricFactories, type) && Object.keys(inner).length > 0)
    throw malformed(`Aggregation "${name}" of type ${type} cannot have aggregations below it.`);
}

function parentOf(above: Above): PipelineScope["parent"] {
  const parent = above[above.length - 1];
  if (parent === undefined) return undefined;
  const { type, options } = parent;
  const isHistogram = type === "histogram" || type === "date_histogram";
  const isSequence = type === "auto_date_histogram" || (isHistogram && Number(options.min_doc_count ?? 0) === 0);
  return { type, hasBuckets: hasBuckets(type), isSequence };
}
