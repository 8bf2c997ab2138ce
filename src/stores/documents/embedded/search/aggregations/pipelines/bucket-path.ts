import { isPlainObject, type JSONObject } from "../../../../../../kernel/index.ts";
import { malformed } from "../../query/parameters.ts";
import { printDouble } from "../number-pattern.ts";

/** One step: an aggregation, perhaps one of its buckets, perhaps one of its numbers. */
interface Step {
  /** As it is written, without the bucket's key. */
  readonly text: string;
  readonly key: string | undefined;
}

/** `sales`, `sales.max`, `months>sales`, `colours['red']>sales`, `_count`, `colours._bucket_count`. */
export class BucketPath {
  readonly text: string;
  readonly #steps: readonly Step[];
  readonly #zeroGaps: boolean;
  readonly #place: string;

  constructor(text: string, zeroGaps: boolean, place: string) {
    this.text = text;
    this.#zeroGaps = zeroGaps;
    this.#place = place;
    this.#steps = text.split(">").map((step) => {
      const match = /^([^[]*)\[\s*(['"]?)(.*)\2\s*\](.*)$/.exec(step);
      if (match === null) return { text: step.trim(), key: undefined };
      const [, name = "", , key = "", rest = ""] = match;
      if (/^\d+(\.\d+)?$/.test(key) && match[2] === "") return { text: `${name}.${key}`.trim(), key: undefined };
      return { text: (name + rest).trim(), key };
    });
    if (this.#steps.some((step) => step.text === ""))
      throw malformed(`[${place}.buckets_path] "${text}" is not a path such as months>sales.`);
  }

  /** Names that the first step may mean: `sales.max` is a metric of `sales`, unless an aggregation has the whole name. */
  get heads(): readonly string[] {
    const { text } = this.#steps[0] as Step; // a split text has a first part
    const dots = [...text.matchAll(/\./g)].map(({ index }) => text.slice(0, index));
    return [text, ...dots];
  }

  get hasKeyFirst(): boolean {
    return this.#steps[0]?.key !== undefined;
  }

  get isCount(): boolean {
    return this.text === "_count";
  }

  /** What lies behind the first step, for the buckets of that aggregation: `_count` of `months._count`. */
  behind(name: string): BucketPath {
    const [first, ...rest] = this.#steps;
    const member = first === undefined || first.text === name ? undefined : first.text.slice(name.length + 1);
    const steps = [
      ...(member === undefined ? [] : [member]),
      ...rest.map(({ text, key }) => (key === undefined ? text : withKey(text, key))),
    ];
    if (steps.length === 0)
      throw malformed(
        `[${this.#place}.buckets_path] "${this.text}" must go on to a number of each bucket, such as "${name}>_count".`,
      );
    return new BucketPath(steps.join(">"), this.#zeroGaps, this.#place);
  }

  /** The number for one bucket, NaN when there is none. */
  valueIn(bucket: JSONObject): number {
    return this.find(bucket) ?? Number.NaN;
  }

  /**
   * The number for one bucket. NaN where the aggregation has none, which counts as 0 where gaps do; undefined where there is no such
   * aggregation. Errors (400): the path leads to something that is not one number.
   */
  find(bucket: JSONObject): number | undefined {
    if (this.isCount) return Number(bucket.doc_count);
    const value = this.#resolve(bucket);
    if (value === undefined) return undefined;
    const isGap = !Number.isFinite(value) || bucket.doc_count === 0;
    if (!isGap) return value;
    return this.#zeroGaps ? 0 : Number.NaN;
  }

  isIn(bucket: JSONObject | undefined): boolean {
    return bucket !== undefined && this.find(bucket) !== undefined;
  }

  #resolve(bucket: JSONObject): number | undefined {
    let at: unknown = bucket;
    for (const [i, { text, key }] of this.#steps.entries()) {
      const isLast = i === this.#steps.length - 1;
      if (!isPlainObject(at)) return undefined;
      if (isLast && key === undefined && (text === "_count" || text === "_key"))
        return text === "_count" ? Number(at.doc_count) : Number(at.key);
      const split = splitMember(at, text);
      if (split === undefined) return undefined;
      const [name, member] = split;
      const found: unknown = at[name];
      if (key === undefined) {
        if (isLast) return this.#number(found, member, name);
        at = found;
      } else {
        at = bucketOf(found, key);
        if (at === undefined) return undefined;
        if (isLast) return this.#number(at, member, name);
      }
    }
    throw this.#wrong("it names nothing");
  }

  #number(found: unknown, member: string | undefined, name: string): number {
    if (!isPlainObject(found)) throw this.#wrong(`"${name}" is no aggregation`);
    const { buckets, values } = found;
    if (member === "_bucket_count" && isPlainObject(buckets)) return Object.keys(buckets).length;
    if (member === "_bucket_count" && Array.isArray(buckets)) return buckets.length;
    if (buckets !== undefined) throw this.#wrong(`"${name}" has several buckets`);
    if (member === "_count" && typeof found.doc_count === "number") return found.doc_count;
    if (values !== undefined && member !== undefined) return percentile(values, member);
    const value = found[member ?? "value"];
    if (typeof value === "number") return value;
    if (value === null || value === "NaN") return Number.NaN;
    const bounds = isPlainObject(found.std_deviation_bounds) ? found.std_deviation_bounds : {};
    const bound = bounds[(member ?? "").replace(/^std_/, "")];
    if (bound !== undefined) return bound === null ? Number.NaN : Number(bound);
    throw this.#wrong(
      member === undefined ? `"${name}" is not one number; say which of it` : `"${name}" has no number "${member}"`,
    );
  }

  #wrong(why: string): Error {
    return malformed(`[${this.#place}.buckets_path] "${this.text}": ${why}.`);
  }
}

function splitMember(container: JSONObject, text: string): readonly [string, string | undefined] | undefined {
  if (Object.hasOwn(container, text) && !plainMembers.has(text)) return [text, undefined];
  for (let dot = text.indexOf("."); dot >= 0; dot = text.indexOf(".", dot + 1)) {
    const name = text.slice(0, dot);
    if (Object.hasOwn(container, name) && !plainMembers.has(name)) return [name, text.slice(dot + 1)];
  }
  return undefined;
}

/** Members of buckets that no aggregation below them can be meant by. */
const plainMembers: ReadonlySet<string> = new Set(["key", "key_as_string", "doc_count"]);

function withKey(text: string, key: string): string {
  const dot = text.indexOf(".");
  return dot < 0 ? `${text}['${key}']` : `${text.slice(0, dot)}['${key}']${text.slice(dot)}`;
}

function bucketOf(found: unknown, key: string): unknown {
  const buckets = isPlainObject(found) ? found.buckets : undefined;
  if (isPlainObject(buckets)) return Object.hasOwn(buckets, key) ? buckets[key] : undefined;
  if (!Array.isArray(buckets)) return undefined;
  return buckets.find((one, i) => isPlainObject(one) && isKey(key, one.key_as_string ?? one.key ?? i));
}

/** Numbers may be written as decimal ones, `5.0`. */
const isKey = (text: string, key: unknown): boolean =>
  String(key) === text || (typeof key === "number" && printDouble(key) === text);

function percentile(values: unknown, member: string): number {
  const wanted = Number(member);
  const entries: readonly (readonly [unknown, unknown])[] = Array.isArray(values)
    ? values.filter(isPlainObject).map((entry) => [entry.key, entry.value])
    : Object.entries(isPlainObject(values) ? values : {});
  const found = entries.find(([key]) => Number(key) === wanted)?.[1];
  return typeof found === "number" ? found : Number.NaN;
}
