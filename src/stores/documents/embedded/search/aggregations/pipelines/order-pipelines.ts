import { malformed } from "../../query/parameters.ts";
import type { Pipeline } from "./pipeline.ts";

/** What pipelines stand among and in. */
export interface PipelineScope {
  /** Aggregations of buckets and metrics beside it, by name: whether they have several buckets. */
  readonly siblings: ReadonlyMap<string, { readonly hasBuckets: boolean }>;
  /** The aggregation around it; undefined at the top. */
  readonly parent: { readonly type: string; readonly hasBuckets: boolean; readonly isSequence: boolean } | undefined;
}

/**
 * Checks where pipelines stand and what they point at, and puts them into an order in which each has what it needs.
 * Errors (400): a path to nothing, a place where the pipeline cannot work, pipelines that need each other.
 */
export function orderPipelines(
  pipelines: readonly Pipeline[],
  scope: PipelineScope,
  isSequential: (type: string) => boolean,
): Pipeline[] {
  const byName = new Map(pipelines.map((pipeline) => [pipeline.name, pipeline]));
  for (const pipeline of pipelines) check(pipeline, scope, byName, isSequential);
  const done = new Set<Pipeline>();
  const ordered: Pipeline[] = [];
  const visit = (pipeline: Pipeline, above: readonly Pipeline[]): void => {
    if (done.has(pipeline)) return;
    if (above.includes(pipeline))
      throw malformed(`[${pipeline.type}] aggregation "${pipeline.name}" needs its own result, by its "buckets_path".`);
    for (const { heads } of pipeline.paths) {
      const needed = heads.map((head) => byName.get(head)).find((one) => one !== undefined);
      if (needed !== undefined) visit(needed, [...above, pipeline]);
    }
    done.add(pipeline);
    ordered.push(pipeline);
  };
  for (const pipeline of pipelines) visit(pipeline, []);
  return ordered;
}

function check(
  { name, type, paths, fromSiblings }: Pipeline,
  { siblings, parent }: PipelineScope,
  byName: ReadonlyMap<string, Pipeline>,
  isSequential: (type: string) => boolean,
): void {
  for (const { text, heads, hasKeyFirst } of paths) {
    const isOfBucket = text === "_count" || text === "_key";
    const isKnown = heads.some((head) => siblings.has(head) || byName.has(head));
    if (!isKnown && !(isOfBucket && fromSiblings === undefined))
      throw malformed(`[${type}] aggregation "${name}": there is no aggregation for the path "${text}".`);
    if (fromSiblings === undefined) continue;
    const first = heads.map((head) => siblings.get(head)).find((one) => one !== undefined);
    if (first?.hasBuckets !== true || hasKeyFirst)
      throw malformed(
        `[${type}] aggregation "${name}": the path "${text}" must begin with an aggregation that has several buckets.`,
      );
  }
  if (fromSiblings !== undefined) return;
  if (parent?.hasBuckets !== true)
    throw malformed(`[${type}] aggregation "${name}" must lie in an aggregation that has several buckets.`);
  if (isSequential(type) && !parent.isSequence) {
    throw malformed(
      `[${type}] aggregation "${name}" must lie in a histogram, date_histogram or auto_date_histogram with "min_doc_count": 0.`,
    );
  }
}
