import type { JSONObject } from "../../../../../kernel/index.ts";
import type { FieldNode } from "../../../mapping/compile-mapping.ts";
import { InvalidValue } from "../../../mapping/invalid-value.ts";
import { encodeNumber } from "../../../mapping/types/ordered-number.ts";
import { closedBounds, type RangeBounds, type RangeCodec } from "../../../mapping/types/range-bounds.ts";
import { anyOfTerms } from "./any-of-terms.ts";
import type { QueryContext, QueryField } from "./context.ts";
import { type Matcher, NoneMatcher } from "./matchers/matcher.ts";
import { malformed } from "./parameters.ts";

type Relation = "intersects" | "contains" | "within";
const relations: readonly unknown[] = ["intersects", "contains", "within"];

/** How the ranges of a field must lie to the one that is asked for. */
export function relationOf(value: unknown, place: string): Relation {
  const relation = value === undefined ? "intersects" : String(value).toLowerCase();
  if (!relations.includes(relation)) throw malformed(`[${place}.relation] must be intersects, contains or within.`);
  return relation as Relation; // one of the list, as just checked
}

/** Documents with a range that lies to `low` and `high` (both included) as the relation says. */
export function* rangesMatcher(
  field: QueryField,
  { low, high }: { readonly low: string; readonly high: string },
  relation: Relation,
  boost: number,
  context: QueryContext,
): Generator<void, Matcher> {
  const { store } = field;
  if (store?.kind !== "keyword" || low > high) return new NoneMatcher();
  const { dictionary } = store;
  const width = low.length;
  // Terms sort by their lower ends, which is half of what is asked.
  const bounds = relation === "within" ? { low } : { high: `${relation === "contains" ? low : high}~` };
  const found: number[] = [];
  const candidates = yield* dictionary.range(bounds);
  for (const [i, ord] of candidates.entries()) {
    const term = dictionary.term(ord);
    const first = term.slice(0, width);
    const last = term.slice(width);
    const fits =
      relation === "within"
        ? first >= low && last <= high
        : relation === "contains"
          ? first <= low && last >= high
          : first <= high && last >= low;
    if (fits) found.push(ord);
    if ((i & 511) === 511) yield* context.budget.pause();
  }
  return yield* anyOfTerms(store, found, boost, context);
}

/** Both ends of a search in a range field. Dates come as numbers already, for date math and zones are not the type's matter. */
export function searchedBounds(
  node: FieldNode,
  codec: RangeCodec,
  bounds: RangeBounds,
  range: JSONObject | undefined,
  place: string,
): { low: string; high: string } {
  try {
    return closedBounds(codec, bounds, true);
  } catch (err) {
    if (!(err instanceof InvalidValue)) throw err;
    const shown = JSON.stringify(range ?? bounds.low);
    throw malformed(`[${place}] field "${node.path}" of type ${node.type}: ${shown} is ${err.message}.`);
  }
}

/** Ends that are milliseconds, both included; infinite ones are the ends of the line. */
export function dateEnds(
  codec: RangeCodec,
  low: number,
  high: number,
  { includeLow, includeHigh }: RangeBounds,
  place: string,
): { low: string; high: string } {
  if (low - (includeLow ? 0 : 1) > high + (includeHigh ? 0 : 1))
    throw malformed(`[${place}] the lower bound is above the upper one.`);
  return {
    low: low === Number.NEGATIVE_INFINITY ? codec.first : encodeNumber(low),
    high: high === Number.POSITIVE_INFINITY ? codec.last : encodeNumber(high),
  };
}
