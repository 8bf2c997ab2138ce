import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import type { FieldNode } from "../../../mapping/compile-mapping.ts";
import { featureBits, featureValue } from "../../../mapping/types/rank-features.ts";
import { findStore } from "../segment/key-view.ts";
import type { KeywordField } from "../segment/keyword-field.ts";
import type { ClauseTable } from "./clause-table.ts";
import type { QueryContext } from "./context.ts";
import { BitmapMatcher, NoneMatcher } from "./matchers/matcher.ts";
import { boostOf, clauseBody, malformed, numberOf, onlyKnown, textOf } from "./parameters.ts";

const place = "rank_feature";
const functions = ["saturation", "log", "sigmoid"] as const;

/** The score of a value. */
type Score = (value: number) => number;

export const rankFeatureClauses: ClauseTable = {
  /** `{field, saturation | log | sigmoid}`: every document that has the feature, scored by its value. */
  *rank_feature(body, context) {
    const object = clauseBody(body, place);
    onlyKnown(object, ["field", ...functions], place);
    const path = textOf(object.field, `${place}.field`);
    const boost = boostOf(object, place);
    if (boost < 0) throw malformed(`[${place}.boost] must not be negative.`);
    const known = findFeature(path, context);
    const score = yield* scoreOf(object, boost, known, context);
    if (known === undefined) return new NoneMatcher();
    const store = findStore(context.space.fields, known.path);
    return store?.kind === "keyword" ? new FeatureMatcher(store, score, boost) : new NoneMatcher();
  },
};

interface Feature {
  readonly node: FieldNode;
  /** Where the values are kept. */
  readonly path: string;
}

/** A field, or what stands behind the last point of a path in a field of several features. Undefined when it is not mapped. */
function findFeature(path: string, context: QueryContext): Feature | undefined {
  const own = context.known(path)?.node;
  if (own?.type === "rank_feature") return { node: own, path: own.path };
  if (own !== undefined)
    throw malformed(`[${place}] needs a rank_feature, or one of rank_features; "${path}" is of type ${own.type}.`);
  const dot = path.lastIndexOf(".");
  const holder = dot < 0 ? undefined : context.known(path.slice(0, dot))?.node;
  return holder?.type === "rank_features" ? { node: holder, path: `${holder.path}${path.slice(dot)}` } : undefined;
}

/** The numbers have 32 bits, and so have the steps between them, as in the reference engine. */
function* scoreOf(
  object: JSONObject,
  weight: number,
  feature: Feature | undefined,
  context: QueryContext,
): Generator<void, Score> {
  const named = functions.filter((name) => object[name] !== undefined);
  if (named.length > 1) throw malformed(`[${place}] takes one of ${functions.join(", ")}.`);
  const [name = "saturation"] = named;
  const options = object[name] ?? {};
  const at = `${place}.${name}`;
  if (!isPlainObject(options)) throw malformed(`[${at}] must be an object.`);
  onlyMembers(
    options,
    name === "log" ? ["scaling_factor"] : name === "sigmoid" ? ["pivot", "exponent"] : ["pivot"],
    at,
  );
  const { fround } = Math;
  if (name === "log") {
    const factor = above(options.scaling_factor, `${at}.scaling_factor`, 1);
    if (feature?.node.isInverse)
      throw malformed(`[${at}] would give negative scores: the field has positive_score_impact false.`);
    return (value) => fround(weight * Math.log(fround(factor + value)));
  }
  if (name === "sigmoid") {
    const [pivot, exponent] = [above(options.pivot, `${at}.pivot`), above(options.exponent, `${at}.exponent`)];
    const ofPivot = pivot ** exponent;
    return (value) => fround(weight * (1 - ofPivot / (value ** exponent + ofPivot)));
  }
  const isGiven = options.pivot !== undefined;
  const pivot = isGiven ? above(options.pivot, `${at}.pivot`) : yield* meanOf(feature, context);
  return (value) => fround(weight * fround(1 - fround(pivot / fround(pivot + value))));
}

function onlyMembers(options: JSONObject, known: readonly string[], at: string): void {
  const foreign = Object.keys(options).find((name) => !known.includes(name));
  if (foreign !== undefined) throw malformed(`[${at}] does not support "${foreign}".`);
}

/** A number of 32 bits that is greater than 0, or from `least` on. */
function above(value: unknown, at: string, least?: number): number {
  if (value === undefined) throw malformed(`[${at}] is needed.`);
  const number = Math.fround(numberOf(value, 0, at));
  if (!(least === undefined ? number > 0 : number >= least))
    throw malformed(`[${at}] must be ${least === undefined ? "greater than 0" : `${least} or more`}.`);
  return number;
}

/** The value whose bits are the mean of those of all documents. */
function meanOf(feature: Feature | undefined, context: QueryContext): Generator<void, number> {
  const spacePath = context.space.path;
  return context.statistics.once(JSON.stringify([place, spacePath, feature?.path]), function* () {
    let [sum, count] = [0, 0];
    for (const { dictionary, postings } of feature === undefined
      ? []
      : context.statistics.termStores(spacePath, feature.path)) {
      yield* context.budget.pause();
      for (let ord = 0; ord < dictionary.size; ord++) {
        const documents = postings.count(ord);
        sum += documents * featureBits(dictionary.term(ord));
        count += documents;
      }
    }
    return count === 0 ? 1 : featureValue(Math.trunc(Math.fround(sum / count)));
  });
}

class FeatureMatcher extends BitmapMatcher {
  readonly #store: KeywordField;
  readonly #score: Score;
  /** By term; made when they are needed. */
  #scores: Float64Array | undefined;

  constructor(store: KeywordField, score: Score, boost: number) {
    super(store.exists.words, store.exists.count, boost);
    this.#store = store;
    this.#score = score;
  }

  override score(base: number, end: number, bits: Uint32Array, scores: Float64Array): void {
    this.#scores ??= this.#scoreTerms();
    for (let at = 0; at < end - base; at++) {
      if ((((bits[at >>> 5] as number) >>> (at & 31)) & 1) === 0) continue;
      scores[at] = (scores[at] as number) + (this.#scores[this.#store.ordAt(base + at, 0)] as number);
    }
  }

  #scoreTerms(): Float64Array {
    const { dictionary } = this.#store;
    const scores = new Float64Array(dictionary.size);
    for (let ord = 0; ord < scores.length; ord++)
      scores[ord] = this.#score(featureValue(featureBits(dictionary.term(ord))));
    return scores;
  }
}
