import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import { parseDateMath } from "../../../mapping/dates/date-math.ts";
import { utc } from "../../../mapping/dates/time-zone.ts";
import { matchBits } from "../collect/windows.ts";
import { hasBit } from "../segment/bits.ts";
import { decodeLat, decodeLon } from "../segment/geo-field.ts";
import { readPoints } from "../sort/parse-sort.ts";
import type { ClauseTable } from "./clause-table.ts";
import type { QueryContext } from "./context.ts";
import { metresBetween, parseDistance } from "./geo/geo-distance.ts";
import { AllMatcher, Matcher, windowSize } from "./matchers/matcher.ts";
import { boostOf, clauseBody, malformed, numberOf, onlyKnown, textOf } from "./parameters.ts";
import { type Explanation, given } from "./scoring/explanation.ts";
import { parseTerm } from "./term-clauses.ts";

/** The factor that one function gives a document. */
type ScoreFunction = (doc: number) => number;

interface Part {
  readonly weight: number;
  readonly compute: ScoreFunction;
  /** Documents to which the function applies; undefined is all. */
  readonly applies: Uint32Array | undefined;
}

const scoreModes: readonly unknown[] = ["multiply", "sum", "avg", "first", "max", "min"];
const boostModes: readonly unknown[] = ["multiply", "replace", "sum", "avg", "max", "min"];
const kinds = ["weight", "field_value_factor", "random_score", "gauss", "exp", "linear"] as const;

export const functionScoreClauses: ClauseTable = {
  *function_score(body, context) {
    const object = clauseBody(body, "function_score");
    onlyKnown(
      object,
      ["query", "functions", "score_mode", "boost_mode", "max_boost", "min_score", ...kinds],
      "function_score",
    );
    const { score_mode: scoreMode = "multiply", boost_mode: boostMode = "multiply" } = object;
    if (!scoreModes.includes(scoreMode))
      throw malformed(`[function_score.score_mode] must be one of ${scoreModes.join(", ")}.`);
    if (!boostModes.includes(boostMode))
      throw malformed(`[function_score.boost_mode] must be one of ${boostModes.join(", ")}.`);
    const inner = object.query === undefined ? new AllMatcher(context.maxDoc) : yield* context.compile(object.query);
    const own = kinds.filter((kind) => object[kind] !== undefined);
    if (own.length > (object.functions === undefined ? 1 : 0))
      throw malformed(`[function_score] takes one function; use [functions] for ${own.join(", ")}.`);
    const definitions = object.functions ?? [
      Object.fromEntries(kinds.flatMap((kind) => (object[kind] === undefined ? [] : [[kind, object[kind]]]))),
    ];
    if (!Array.isArray(definitions)) throw malformed("[function_score.functions] must be a list.");
    const parts: Part[] = [];
    for (const definition of definitions) parts.push(yield* compilePart(definition, context));
    return new FunctionScoreMatcher(inner, parts, {
      scoreMode: String(scoreMode),
      boostMode: String(boostMode),
      maxBoost: numberOf(object.max_boost, Number.MAX_VALUE, "function_score.max_boost"),
      minScore: object.min_score === undefined ? undefined : numberOf(object.min_score, 0, "function_score.min_score"),
      boost: boostOf(object, "function_score"),
    });
  },
};

function* compilePart(definition: unknown, context: QueryContext): Generator<void, Part> {
  if (!isPlainObject(definition)) throw malformed("[function_score.functions] takes objects.");
  onlyKnown(definition, ["filter", ...kinds], "function_score.functions");
  const { filter } = definition;
  const applies = filter === undefined ? undefined : yield* matchBits(yield* context.compile(filter), context);
  const weight = numberOf(definition.weight, 1, "function_score.weight");
  return { weight, applies, compute: compileFunction(definition, context) };
}

function compileFunction(definition: JSONObject, context: QueryContext): ScoreFunction {
  if (definition.field_value_factor !== undefined) return fieldValueFactor(definition.field_value_factor, context);
  if (definition.random_score !== undefined) return randomScore(definition.random_score);
  for (const kind of ["gauss", "exp", "linear"] as const) {
    if (definition[kind] !== undefined) return decay(kind, definition[kind], context);
  }
  return () => 1;
}

const modifiers: Readonly<Record<string, (value: number) => number>> = {
  none: (value) => value,
  log: Math.log10,
  log1p: (value) => Math.log10(value + 1),
  log2p: (value) => Math.log10(value + 2),
  ln: Math.log,
  ln1p: Math.log1p,
  ln2p: (value) => Math.log(value + 2),
  square: (value) => value * value,
  sqrt: Math.sqrt,
  reciprocal: (value) => 1 / value,
};

function fieldValueFactor(options: unknown, context: QueryContext): ScoreFunction {
  if (!isPlainObject(options)) throw malformed("[function_score.field_value_factor] must be an object.");
  onlyKnown(options, ["field", "factor", "modifier", "missing"], "function_score.field_value_factor");
  const path = textOf(options.field, "function_score.field_value_factor.field");
  const name = String(options.modifier ?? "none").toLowerCase();
  const modify = Object.hasOwn(modifiers, name) ? modifiers[name] : undefined;
  if (modify === undefined) throw malformed(`[function_score.field_value_factor.modifier] "${name}" does not exist.`);
  const factor = numberOf(options.factor, 1, "function_score.field_value_factor.factor");
  const missing = numberOf(options.missing, Number.NaN, "function_score.field_value_factor.missing");
  const store = context.field(path)?.store;
  return (doc) => {
    const value = store?.kind === "number" && store.countOf(doc) > 0 ? store.valueAt(doc, 0) : missing;
    if (Number.isNaN(value))
      throw malformed(`[function_score.field_value_factor] a document has no value in "${path}": give "missing".`);
    const result = modify(value * factor);
    if (!(result >= 0 && Number.isFinite(result)))
      throw malformed(
        `[function_score.field_value_factor] gives ${result} for ${value}: scores must be positive numbers.`,
      );
    return result;
  };
}

/** The same number for the same document and seed, as long as the index is not built again. */
function randomScore(options: unknown): ScoreFunction {
  if (!isPlainObject(options)) throw malformed("[function_score.random_score] must be an object.");
  onlyKnown(options, ["seed", "field"], "function_score.random_score");
  const seed =
    options.seed === undefined
      ? (Math.random() * 2 ** 31) | 0
      : [...String(options.seed)].reduce((hash, char) => Math.imul(hash, 31) + char.charCodeAt(0), 7);
  return (doc) => {
    let hash = Math.imul(doc ^ seed, 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    return ((hash ^ (hash >>> 13)) >>> 8) / 2 ** 24;
  };
}

function decay(kind: "gauss" | "exp" | "linear", options: unknown, context: QueryContext): ScoreFunction {
  const place = `function_score.${kind}`;
  if (!isPlainObject(options)) throw malformed(`[${place}] must be an object.`);
  const { multi_value_mode: mode = "min", ...fields } = options;
  const [path, ...others] = Object.keys(fields);
  const own = path === undefined ? undefined : fields[path];
  if (path === undefined || others.length > 0 || !isPlainObject(own))
    throw malformed(`[${place}] takes one field with its origin and scale.`);
  onlyKnown(own, ["origin", "scale", "offset", "decay"], place);
  if (!isDecayMode(mode)) throw malformed(`[${place}.multi_value_mode] must be one of ${decayModes.join(", ")}.`);
  const rate = numberOf(own.decay, 0.5, `${place}.decay`);
  if (!(rate > 0 && rate < 1)) throw malformed(`[${place}.decay] must lie between 0 and 1.`);
  const { distance, scale } = distanceFunction(path, own, mode, context, place);
  if (!(scale > 0)) throw malformed(`[${place}.scale] must be greater than 0.`);
  return (doc) => {
    const away = distance(doc);
    if (Number.isNaN(away)) return 1;
    if (kind === "gauss") return Math.exp((away * away * Math.log(rate)) / (scale * scale));
    if (kind === "exp") return Math.exp((away * Math.log(rate)) / scale);
    return Math.max(0, 1 - (away * (1 - rate)) / scale);
  };
}

const decayModes = ["min", "max", "avg", "sum"] as const;
type DecayMode = (typeof decayModes)[number];
const isDecayMode = (mode: unknown): mode is DecayMode => decayModes.some((known) => known === mode);

/** One distance out of those of all values of a document, each as far as it goes beyond the offset; NaN without value. */
function reduceDistances(count: number, mode: DecayMode, offset: number, distanceOf: (v: number) => number): number {
  if (count === 0) return Number.NaN;
  let result = Math.max(0, distanceOf(0) - offset);
  for (let v = 1; v < count; v++) {
    const next = Math.max(0, distanceOf(v) - offset);
    if (mode === "min") result = Math.min(result, next);
    else if (mode === "max") result = Math.max(result, next);
    else result += next;
  }
  return mode === "avg" ? result / count : result;
}

/** How far the values of a document lie beyond the offset from the origin, the nearest one unless `mode` says otherwise; NaN without value. */
function distanceFunction(
  path: string,
  own: JSONObject,
  mode: DecayMode,
  context: QueryContext,
  place: string,
): { distance: ScoreFunction; scale: number } {
  const field = context.field(path);
  if (field === undefined) throw malformed(`[${place}] field "${path}" is not in the mapping.`);
  const { node, store } = field;
  if (node.family === "geo_point") {
    const [origin] = readPoints(own.origin, `${place}.origin`);
    const offset = own.offset === undefined ? 0 : parseDistance(own.offset, `${place}.offset`);
    const distance: ScoreFunction = (doc) => {
      if (store?.kind !== "geo_point" || origin === undefined) return Number.NaN;
      return reduceDistances(store.countOf(doc), mode, offset, (v) =>
        metresBetween(origin.lat, origin.lon, decodeLat(store.latAt(doc, v)), decodeLon(store.lonAt(doc, v))),
      );
    };
    return { distance, scale: parseDistance(own.scale, `${place}.scale`) };
  }
  if (node.family !== "number")
    throw malformed(`[${place}] needs a number, date or geo_point; "${path}" is of type ${node.type}.`);
  const { format } = node;
  const { origin: from = format === undefined ? undefined : "now" } = own;
  const isScalar = typeof from === "string" || typeof from === "number";
  const origin =
    format === undefined
      ? Number(parseTerm(node, from))
      : isScalar
        ? parseDateMath(from, format, context.now, false, utc)
        : undefined;
  if (origin === undefined) throw malformed(`[${place}.origin] is not a date.`);
  const span = (value: unknown, name: string): number =>
    format === undefined ? numberOf(value, 0, `${place}.${name}`) : durationMs(value, `${place}.${name}`);
  const offset = own.offset === undefined ? 0 : span(own.offset, "offset");
  return {
    distance: (doc) => {
      if (store?.kind !== "number") return Number.NaN;
      return reduceDistances(store.countOf(doc), mode, offset, (v) => Math.abs(store.valueAt(doc, v) - origin));
    },
    scale: span(own.scale, "scale"),
  };
}

/** Milliseconds of `10d`. */
export function durationMs(value: unknown, place: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/.exec(String(value));
  const units: Readonly<Record<string, number>> = {
    ms: 1,
    s: 1000,
    m: 60_000,
    h: 3_600_000,
    d: 86_400_000,
    w: 604_800_000,
  };
  if (match === null) throw malformed(`[${place}] ${JSON.stringify(value)} is not a duration such as 10d.`);
  return Number(match[1]) * (units[match[2] ?? ""] ?? 0);
}

interface Combination {
  readonly scoreMode: string;
  readonly boostMode: string;
  readonly maxBoost: number;
  readonly minScore: number | undefined;
  readonly boost: number;
}

/** Matches as its inner query does, and changes the score by functions. A boost is one of the inner query, as in the reference engine. */
class FunctionScoreMatcher extends Matcher {
  readonly cost: number;
  readonly #inner: Matcher;
  readonly #parts: readonly Part[];
  readonly #combination: Combination;
  /** Scores of the present window, once they are computed. */
  readonly #own = new Float64Array(windowSize);

  constructor(inner: Matcher, parts: readonly Part[], combination: Combination) {
    super(combination.boost);
    this.#inner = inner;
    this.#parts = parts;
    this.#combination = combination;
    this.cost = inner.cost;
  }

  fill(base: number, end: number, bits: Uint32Array): void {
    this.#inner.fill(base, end, bits);
    this.#dropLow(base, end, bits);
  }

  override keep(base: number, end: number, bits: Uint32Array): void {
    this.#inner.keep(base, end, bits);
    this.#dropLow(base, end, bits);
  }

  #dropLow(base: number, end: number, bits: Uint32Array): void {
    const { minScore } = this.#combination;
    if (minScore === undefined) return;
    this.#compute(base, end, bits);
    for (let at = 0; at < end - base; at++) {
      const isSet = (((bits[at >>> 5] as number) >>> (at & 31)) & 1) === 1;
      if (isSet && (this.#own[at] as number) < minScore) bits[at >>> 5] = (bits[at >>> 5] as number) ^ (1 << (at & 31));
    }
  }

  #compute(base: number, end: number, bits: Uint32Array): void {
    const own = this.#own;
    own.fill(0);
    this.#inner.score(base, end, bits, own);
    for (let at = 0; at < end - base; at++) {
      const isSet = (((bits[at >>> 5] as number) >>> (at & 31)) & 1) === 1;
      if (isSet) own[at] = this.#combine(this.boost * (own[at] as number), this.#factor(base + at));
    }
  }

  /** What the functions say together; undefined when none applies. */
  #factor(doc: number): number | undefined {
    const { scoreMode } = this.#combination;
    let result: number | undefined;
    let weights = 0;
    for (const { weight, compute, applies } of this.#parts) {
      if (applies !== undefined && !hasBit(applies, doc)) continue;
      const value = weight * compute(doc);
      weights += weight;
      if (result === undefined) result = value;
      else if (scoreMode === "multiply") result *= value;
      else if (scoreMode === "max") result = Math.max(result, value);
      else if (scoreMode === "min") result = Math.min(result, value);
      else result += value;
      if (scoreMode === "first") break;
    }
    // A function that stands alone is no average.
    const [only] = this.#parts;
    if (this.#parts.length === 1 && only?.applies === undefined) return result;
    return scoreMode === "avg" && result !== undefined && weights !== 0 ? result / weights : result;
  }

  override explain(base: number, end: number, at: number): Explanation {
    const factor = this.#factor(base + at);
    const { boostMode, maxBoost } = this.#combination;
    return {
      value: this.#own[at] as number,
      description: `function score, ${boostMode} of:`,
      details: [
        this.#inner.explain(base, end, at),
        given(Math.min(factor ?? 1, maxBoost), factor === undefined ? "no function matched" : "functions"),
      ],
    };
  }

  #combine(score: number, computed: number | undefined): number {
    const factor = Math.min(computed ?? 1, this.#combination.maxBoost);
    switch (this.#combination.boostMode) {
      case "replace":
        return factor;
      case "sum":
        return score + factor;
      case "avg":
        return (score + factor) / 2;
      case "max":
        return Math.max(score, factor);
      case "min":
        return Math.min(score, factor);
      default:
        return score * factor;
    }
  }

  override score(base: number, end: number, bits: Uint32Array, scores: Float64Array): void {
    // With a minimum they were computed to filter by, and the query within can be asked once only.
    if (this.#combination.minScore === undefined) this.#compute(base, end, bits);
    for (let at = 0; at < end - base; at++) {
      const isSet = (((bits[at >>> 5] as number) >>> (at & 31)) & 1) === 1;
      if (isSet) scores[at] = (scores[at] as number) + (this.#own[at] as number);
    }
  }
}
