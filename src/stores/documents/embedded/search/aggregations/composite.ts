import type { JSONObject } from "../../../../../kernel/index.ts";
import type { FieldNode } from "../../../mapping/compile-mapping.ts";
import type { QueryContext } from "../query/context.ts";
import { malformed } from "../query/parameters.ts";
import { type FieldStore, hasValues } from "../segment/field-store.ts";
import { decodeLat, decodeLon } from "../segment/geo-field.ts";
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
import { compareCells, type GeoTest, type GridCell } from "./geo-grid.ts";
import { compareKeys, selectBest } from "./order.ts";
import type { Rounding } from "./rounding.ts";
import type { ValueFormat } from "./value-format.ts";

export interface CompositeSource {
  readonly name: string;
  readonly type: "terms" | "histogram" | "date_histogram" | "geotile_grid";
  readonly field: string;
  readonly rounding: Rounding | undefined;
  readonly descending: boolean;
  readonly missingBucket: boolean;
  /** Of dates; keys are numbers without. */
  readonly format: ValueFormat | undefined;
  readonly cell: GridCell | undefined;
  readonly bounds: GeoTest | undefined;
}

export type KeyPart = string | number | null;

/** A value of `after`, read when the type of its field is known. */
export type AfterReader = (node: FieldNode | undefined) => KeyPart;

/** Combinations are numbered below this, and so are the values of each source. */
const maxIds = 2 ** 26;
/** About what one takes. */
const combinationBytes = 200;

/** Buckets for all combinations of several sources, in order, page by page (`after`). */
export class CompositeAggregator extends BucketAggregator {
  readonly #sources: readonly CompositeSource[];
  readonly #size: number;
  readonly #readAfter: readonly AfterReader[] | undefined;
  #after: readonly KeyPart[] | undefined;
  readonly #buckets: Buckets;
  /** By source: numbers of its values. */
  readonly #ids: readonly Map<KeyPart, number>[];
  readonly #valuesById: readonly KeyPart[][];
  /** By source and term of the present segment: the number of the value + 1, 0 where it has none yet. */
  #ordIds: readonly (Int32Array | undefined)[] = [];
  /** By source: numbers of what the sources up to it are together. */
  readonly #combinations: readonly Map<number, number>[];
  /** By source and combination of it with those in front: the values; undefined when they come before the page. */
  readonly #parts: readonly (readonly KeyPart[] | undefined)[][];
  /** The same for all sources. */
  readonly #last: readonly (readonly KeyPart[] | undefined)[];
  #stores: (FieldStore | undefined)[] = [];
  #nodes: (FieldNode | undefined)[] = [];

  constructor(
    run: AggregationRun,
    subs: SubAggregations,
    sources: readonly CompositeSource[],
    size: number,
    after: readonly AfterReader[] | undefined,
  ) {
    super(run, subs);
    this.#sources = sources;
    this.#size = size;
    this.#readAfter = after;
    this.#buckets = new Buckets(run);
    this.#ids = sources.map(() => new Map());
    this.#combinations = sources.map(() => new Map());
    this.#valuesById = sources.map(() => []);
    this.#parts = sources.map(() => []);
    this.#last = this.#parts[sources.length - 1] ?? [];
  }

  *open(context: QueryContext): Generator<void, void> {
    const fields = this.#sources.map((source) => aggregatedField(context, source.field, `composite.${source.name}`));
    for (const [i, source] of this.#sources.entries()) {
      const family = fields[i]?.node.family;
      if (family === undefined) continue;
      const isFit =
        source.type === "geotile_grid"
          ? family === "geo_point"
          : family === "number" || (source.type === "terms" && family === "keyword");
      if (!isFit) {
        throw malformed(
          `[composite.${source.name}] field "${source.field}" of type ${fields[i]?.node.type} cannot be a source of type ${source.type}.`,
        );
      }
    }
    this.#stores = fields.map((field) => field?.store);
    this.#ordIds = this.#stores.map((store) =>
      store?.kind === "keyword" ? new Int32Array(store.dictionary.size) : undefined,
    );
    this.#nodes = fields.map((field, i) => field?.node ?? this.#nodes[i]);
    this.#after ??= this.#readAfter?.map((read, i) => read(this.#nodes[i]));
    yield* context.budget.pause();
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    for (let i = 0; i < count; i++) this.#combine(docs[i] as number, owners[i] as number, 0, 0);
    this.flush();
  }

  /** Every value of the sources from `at` on, behind the combination `before` of those in front. */
  #combine(doc: number, owner: number, at: number, before: number): void {
    const source = this.#sources[at];
    if (source === undefined) {
      if (this.#last[before] === undefined) return;
      const bucket = this.#buckets.find(owner, before);
      this.#buckets.counts[bucket] = (this.#buckets.counts[bucket] as number) + 1;
      this.emit(doc, bucket);
      return;
    }
    const store = this.#stores[at];
    const count = hasValues(store) ? store.countOf(doc) : 0;
    for (let v = 0; v < count; v++) {
      const id = this.#valueId(source, at, store as FieldStore, doc, v);
      if (id >= 0) this.#combine(doc, owner, at + 1, this.#combination(at, before, id));
    }
    if (count === 0 && source.missingBucket)
      this.#combine(doc, owner, at + 1, this.#combination(at, before, this.#idOf(at, null)));
  }

  /** -1 where the value is not looked at. */
  #valueId(source: CompositeSource, at: number, store: FieldStore, doc: number, position: number): number {
    if (store.kind === "keyword") {
      const table = this.#ordIds[at] as Int32Array;
      const ord = store.ordAt(doc, position);
      let id = (table[ord] as number) - 1;
      if (id < 0) {
        id = this.#idOf(at, store.dictionary.term(ord));
        table[ord] = id + 1;
      }
      return id;
    }
    const value = partAt(source, store, doc, position);
    return value === undefined ? -1 : this.#idOf(at, value);
  }

  #idOf(at: number, value: KeyPart): number {
    const ids = this.#ids[at] as Map<KeyPart, number>;
    let id = ids.get(value);
    if (id === undefined) {
      id = ids.size;
      ids.set(value, id);
      this.#valuesById[at]?.push(value);
    }
    return id;
  }

  #combination(at: number, before: number, id: number): number {
    const combinations = this.#combinations[at] as Map<number, number>;
    const pair = before * maxIds + id;
    let combination = combinations.get(pair);
    if (combination === undefined) {
      combination = combinations.size;
      if (Math.max(combination, id) >= maxIds) throw malformed("[composite] has too many combinations.");
      combinations.set(pair, combination);
      spend(this.run, combinationBytes);
      const prefix = before === 0 && at === 0 ? [] : (this.#parts[at - 1]?.[before] ?? []);
      const parts = [...prefix, this.#valuesById[at]?.[id] ?? null];
      const isLast = at === this.#sources.length - 1;
      const isBefore = isLast && this.#after !== undefined && this.#compare(parts, this.#after) <= 0;
      this.#parts[at]?.push(isBefore ? undefined : parts);
    }
    return combination;
  }

  #compare(a: readonly KeyPart[], b: readonly KeyPart[]): number {
    for (const [i, { descending, type }] of this.#sources.entries()) {
      const left = a[i] ?? null;
      const right = b[i] ?? null;
      if (left === right) continue;
      const compared =
        left === null
          ? -1
          : right === null
            ? 1
            : type === "geotile_grid"
              ? compareCells(String(left), String(right))
              : compareKeys(left, right);
      if (compared !== 0) return descending ? -compared : compared;
    }
    return 0;
  }

  result(owner: number): JSONObject {
    const { keys, counts } = this.#buckets;
    const parts = (bucket: number): readonly KeyPart[] => this.#last[keys[bucket] as number] ?? [];
    const page = selectBest(this.#buckets.of(owner), this.#size, (a, b) => this.#compare(parts(a), parts(b)));
    countBuckets(this.run, page.length);
    const buckets = page.map((bucket) => ({
      key: this.#key(parts(bucket)),
      doc_count: counts[bucket],
      ...subResults(this.subs, bucket),
    }));
    const last = buckets[buckets.length - 1];
    return { ...(last === undefined ? {} : { after_key: last.key }), buckets: this.finishBuckets(buckets) };
  }

  #key(parts: readonly KeyPart[]): JSONObject {
    return Object.fromEntries(
      this.#sources.map(({ name, format }, i) => {
        const part = parts[i] ?? null;
        const node = this.#nodes[i];
        if (typeof part === "string") return [name, printTerm(node, part)];
        if (part !== null && node?.type === "boolean") return [name, part === 1];
        return [name, part !== null && format !== undefined ? format.print(part) : part];
      }),
    );
  }
}

function partAt(source: CompositeSource, store: FieldStore, doc: number, position: number): KeyPart | undefined {
  switch (store.kind) {
    case "number": {
      const value = store.valueAt(doc, position) + 0;
      return source.rounding === undefined ? value : source.rounding.floor(value);
    }
    case "geo_point": {
      const lat = decodeLat(store.latAt(doc, position));
      const lon = decodeLon(store.lonAt(doc, position));
      return source.bounds?.(lat, lon) === false ? undefined : source.cell?.name(lat, lon);
    }
    default:
      return undefined;
  }
}
