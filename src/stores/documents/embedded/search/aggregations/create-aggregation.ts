import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import { malformed } from "../query/parameters.ts";
import type { AggregationRun, Aggregator, Pipeline, SubAggregations } from "./aggregator.ts";
import { groupFactories } from "./group-factories.ts";
import { metricFactories } from "./metric-factories.ts";
import type { AggregatorTable } from "./options.ts";
import { pipelines } from "./pipelines.ts";
import { valueFactories } from "./value-factories.ts";

const factories: AggregatorTable = { ...metricFactories, ...valueFactories, ...groupFactories };

const maxDepth = 20;

/** Reads `{name: {type: options, aggs: {...}}}`. Errors (400): `unexpected_bad_request` naming the aggregation. */
export function createAggregations(body: JSONObject, run: AggregationRun, depth = 0): SubAggregations {
  if (depth > maxDepth) throw malformed(`Aggregations are nested deeper than ${maxDepth} levels.`);
  const aggregators: [string, Aggregator][] = [];
  const computed: Pipeline[] = [];
  for (const [name, definition] of Object.entries(body)) {
    if (!isPlainObject(definition)) throw malformed(`Aggregation "${name}" must be an object.`);
    const { aggs, aggregations = aggs, meta: _meta, ...types } = definition;
    const [type, ...others] = Object.keys(types);
    if (type === undefined || others.length > 0)
      throw malformed(
        `Aggregation "${name}" needs exactly one type, found ${others.length + (type === undefined ? 0 : 1)}.`,
      );
    const options = types[type];
    if (!isPlainObject(options)) throw malformed(`Aggregation "${name}": [${type}] must be an object.`);
    const pipeline = Object.hasOwn(pipelines, type) ? pipelines[type] : undefined;
    if (pipeline !== undefined) {
      computed.push(pipeline(name, options, type));
      continue;
    }
    const factory = Object.hasOwn(factories, type) ? factories[type] : undefined;
    if (factory === undefined)
      throw malformed(
        `Aggregation "${name}": the type "${type}" does not exist or is not supported by the embedded engine.`,
      );
    if (aggregations !== undefined && !isPlainObject(aggregations))
      throw malformed(`Aggregation "${name}": "aggs" must be an object.`);
    if (type === "global" && depth > 0) throw malformed(`Aggregation "${name}": "global" stands at the top only.`);
    const subs = createAggregations(aggregations ?? {}, run, depth + 1);
    aggregators.push([name, factory(options, run, subs, type)]);
  }
  return { aggregators, pipelines: computed };
}
