import type { FieldNode } from "../../../mapping/compile-mapping.ts";
import { decodeNumber } from "../../../mapping/types/ordered-number.ts";
import { malformed } from "../query/parameters.ts";
import type { KeywordField } from "../segment/keyword-field.ts";
import type { Rounding } from "./rounding.ts";

/** Buckets that the ranges of one document may touch: an open range would touch all there are. */
const maxTouched = 65_536;

/** Error (400) for ranges that the histogram cannot take. */
export function assertHistogramOfRanges(node: FieldNode, place: string, missing: unknown): void {
  const isDate = node.type === "date_range";
  if (node.type === "ip_range" || (place === "date_histogram" && !isDate))
    throw malformed(`[${place}] field "${node.path}" of type ${node.type} cannot be aggregated by it.`);
  if (missing !== undefined) throw malformed(`[${place}] ranges do not take "missing".`);
}

/** The starts of the buckets that a document's ranges touch, each once, ascending. */
export function startsOfRanges(
  store: KeywordField,
  doc: number,
  rounding: Rounding,
  hardBounds: readonly [number, number] | undefined,
  place: string,
): readonly number[] {
  const terms: string[] = [];
  for (let v = 0; v < store.countOf(doc); v++) terms.push(store.dictionary.term(store.ordAt(doc, v)));
  terms.sort();
  const starts: number[] = [];
  const [least, most] = hardBounds ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const term of terms) {
    const low = Math.max(least, decodeNumber(term.slice(0, 16)));
    const high = Math.min(most, decodeNumber(term.slice(16)));
    const last = starts[starts.length - 1];
    if (!Number.isFinite(low) || !Number.isFinite(high)) throw tooWide(place);
    let start = rounding.floor(low);
    if (last !== undefined && start <= last) start = rounding.next(last);
    for (; start <= high; start = rounding.next(start)) {
      starts.push(start);
      if (starts.length > maxTouched) throw tooWide(place);
    }
  }
  return starts;
}

function tooWide(place: string): Error {
  return malformed(
    `[${place}] a range touches more than ${maxTouched} buckets. Give "hard_bounds", or leave open ranges out by a query.`,
  );
}
