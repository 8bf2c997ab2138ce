import type { JSONObject } from "../../../../../kernel/index.ts";
import type { FieldNode } from "../../../mapping/compile-mapping.ts";
import type { QueryContext } from "../query/context.ts";
import { malformed } from "../query/parameters.ts";
import {
  type AggregationRun,
  aggregatedField,
  BucketAggregator,
  countBuckets,
  printTerm,
  type SubAggregations,
  spend,
  subResults,
} from "./aggregator.ts";
import { Buckets } from "./buckets.ts";
import { missingNumber, type ValueOptions, wholeOf } from "./number-source.ts";
import { compareKeys, compareMetrics, metricOf, type Order, selectBest } from "./order.ts";
import { formatOf, plainFormat, type ValueFormat } from "./value-format.ts";

export interface MultiTermsOptions {
  readonly fields: readonly ValueOptions[];
  readonly size: number;
  readonly minDocCount: number;
  readonly order: readonly Order[];
  readonly showsError: boolean;
}

type Part = string | number;

interface Source {
  readonly options: ValueOptions;
  node: FieldNode | undefined;
  format: ValueFormat;
  missing: Part | undefined;
  values(doc: number): readonly Part[];
}

const none: readonly Part[] = [];
const bucketBytes = 160;
/** What the reference engine takes as well; more are a sign of a mistake. */
const maxCombinations = 10_000;

/** One bucket for each combination of values of several fields. */
export class MultiTermsAggregator extends BucketAggregator {
  readonly #options: MultiTermsOptions;
  readonly #buckets: Buckets;
  readonly #sources: readonly Source[];
  readonly #parts: (readonly Part[])[] = [];
  readonly #compare: (a: number, b: number) => number;

  constructor(run: AggregationRun, subs: SubAggregations, options: MultiTermsOptions) {
    super(run, subs);
    this.#options = options;
    this.#buckets = new Buckets(run);
    this.#sources = options.fields.map((values) => ({
      options: values,
      node: undefined,
      format: plainFormat,
      missing: undefined,
      values: () => none,
    }));
    this.#compare = this.#comparison();
  }

  *open(context: QueryContext): Generator<void, void> {
    for (const source of this.#sources) openSource(source, context);
    yield* context.budget.pause();
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const lists = this.#sources.map((source) => valuesOf(source, doc));
      let combinations = 1;
      for (const list of lists) combinations *= list.length;
      if (combinations > maxCombinations)
        throw malformed(`[multi_terms] a document has more than ${maxCombinations} combinations of values.`);
      for (let at = 0; at < combinations; at++) this.#add(doc, owners[i] as number, combinationAt(lists, at));
    }
    this.flush();
  }

  #add(doc: number, owner: number, parts: readonly Part[]): void {
    const key = JSON.stringify(parts);
    const bucket = this.#buckets.find(owner, key);
    if (bucket === this.#parts.length) {
      this.#parts.push(parts);
      spend(this.run, bucketBytes);
    }
    this.#buckets.counts[bucket] = (this.#buckets.counts[bucket] as number) + 1;
    this.emit(doc, bucket);
  }

  #comparison(): (a: number, b: number) => number {
    const byKey = (a: number, b: number): number => {
      const [left, right] = [this.#parts[a] ?? none, this.#parts[b] ?? none];
      for (let i = 0; i < left.length; i++) {
        const compared = compareKeys(left[i], right[i]);
        if (compared !== 0) return compared;
      }
      return 0;
    };
    const steps = this.#options.order.map(({ path, descending }) => {
      if (path === "_key") return (a: number, b: number) => (descending ? -1 : 1) * byKey(a, b);
      const metric =
        path === "_count"
          ? (bucket: number) => this.#buckets.counts[bucket] as number
          : metricOf(this.subs, path, "multi_terms");
      return (a: number, b: number) => compareMetrics(metric(a), metric(b), descending);
    });
    return (a, b) => {
      for (const step of steps) {
        const compared = step(a, b);
        if (compared !== 0) return compared;
      }
      return byKey(a, b);
    };
  }

  result(owner: number): JSONObject {
    const { size, minDocCount, showsError } = this.#options;
    const { counts } = this.#buckets;
    const candidates = this.#buckets.of(owner).filter((bucket) => (counts[bucket] as number) >= minDocCount);
    const best = selectBest(candidates, size, this.#compare);
    countBuckets(this.run, best.length);
    let others = 0;
    for (const bucket of candidates) others += counts[bucket] as number;
    for (const bucket of best) others -= counts[bucket] as number;
    const buckets = best.map((bucket) => {
      const key = (this.#parts[bucket] ?? none).map((part, i) => keyPart(this.#sources[i] as Source, part));
      return {
        key: key.map(({ value }) => value),
        key_as_string: key.map(({ text }) => text).join("|"),
        doc_count: counts[bucket],
        ...(showsError ? { doc_count_error_upper_bound: 0 } : {}),
        ...subResults(this.subs, bucket),
      };
    });
    return { doc_count_error_upper_bound: 0, sum_other_doc_count: others, buckets: this.finishBuckets(buckets) };
  }
}

function openSource(source: Source, context: QueryContext): void {
  const { options } = source;
  const field = aggregatedField(context, options.field, "multi_terms");
  source.values = () => none;
  if (field?.node.family === "geo_point")
    throw malformed(`[multi_terms] field "${options.field}" of type geo_point cannot be aggregated.`);
  if (field === undefined && source.node !== undefined) return;
  source.node = field?.node;
  source.format = formatOf(field?.node, options, "multi_terms");
  const { missing } = options;
  if (missing !== undefined) {
    source.missing =
      field?.node.family === "number"
        ? wholeOf(field.node, missingNumber(missing, source.format, context.now, "multi_terms"))
        : field?.node.type === "ip"
          ? String(field.node.parse(missing))
          : String(missing);
  }
  const store = field?.store;
  if (store?.kind === "keyword") {
    source.values = (doc) => {
      const values: Part[] = [];
      const count = store.countOf(doc);
      for (let v = 0; v < count; v++) values.push(store.dictionary.term(store.ordAt(doc, v)));
      return values;
    };
  } else if (store?.kind === "number") {
    source.values = (doc) => {
      const values: Part[] = [];
      const count = store.countOf(doc);
      for (let v = 0; v < count; v++) {
        const value = store.valueAt(doc, v) + 0;
        if (value !== values[values.length - 1]) values.push(value);
      }
      return values;
    };
  }
}

function valuesOf(source: Source, doc: number): readonly Part[] {
  const values = source.values(doc);
  return values.length === 0 && source.missing !== undefined ? [source.missing] : values;
}

/** One of all combinations, by number. */
function combinationAt(lists: readonly (readonly Part[])[], number: number): Part[] {
  let rest = number;
  return lists.map((list) => {
    const part = list[rest % list.length] as Part;
    rest = Math.floor(rest / list.length);
    return part;
  });
}

function keyPart({ node, format }: Source, part: Part): { readonly value: unknown; readonly text: string } {
  if (typeof part === "string") {
    const text = printTerm(node, part);
    return { value: text, text };
  }
  if (format.kind === "plain") return { value: part, text: String(part) };
  const text = format.print(part);
  return { value: format.kind === "boolean" ? part !== 0 : text, text };
}
