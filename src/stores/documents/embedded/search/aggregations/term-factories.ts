import type { JSONObject } from "../../../../../kernel/index.ts";
import { isPlainObject } from "../../../../../kernel/index.ts";
import { countOf, flagOf, malformed, numberOf, onlyKnown, textOf } from "../query/parameters.ts";
import { refuseHidden } from "../visibility.ts";
import { MultiTermsAggregator } from "./multi-terms.ts";
import { valueMembers, valueOptions } from "./number-source.ts";
import type { AggregatorTable } from "./options.ts";
import { parseOrder } from "./order.ts";
import { RareTermsAggregator } from "./rare-terms.ts";
import { heuristics, significanceOf } from "./significance.ts";
import { SignificantTermsAggregator } from "./significant-terms.ts";
import { SignificantText } from "./significant-text/significant-text.ts";
import type { TermSource } from "./terms.ts";
import { TermsAggregator } from "./terms-aggregator.ts";

const byCount = { path: "_count", descending: true };

const sizes = ["size", "shard_size", "min_doc_count", "shard_min_doc_count"];
const filters = ["include", "exclude"];

function sourceOf(options: JSONObject, place: string, takesAll = false): TermSource {
  return { values: valueOptions(options, place), include: options.include, exclude: options.exclude, takesAll };
}

/** What says how, and not what, is accepted when it is something. */
function checkHints(
  { collect_mode: mode = "depth_first", execution_hint: hint = "map" }: JSONObject,
  place: string,
): void {
  if (mode !== "depth_first" && mode !== "breadth_first")
    throw malformed(`[${place}.collect_mode] must be "depth_first" or "breadth_first".`);
  if (hint !== "map" && hint !== "global_ordinals")
    throw malformed(`[${place}.execution_hint] must be "map" or "global_ordinals".`);
}

function shardSizeOf(options: JSONObject, place: string): number | undefined {
  return options.shard_size === undefined ? undefined : countOf(options.shard_size, 1, `${place}.shard_size`);
}

/** Aggregations that make a bucket for each value of a field. */
export const termFactories: AggregatorTable = {
  terms(options, run, subs, place) {
    const hints = ["order", "collect_mode", "execution_hint", "show_term_doc_count_error"];
    onlyKnown(options, [...valueMembers, ...sizes, ...filters, ...hints], place);
    checkHints(options, place);
    const minDocCount = countOf(options.min_doc_count, 1, `${place}.min_doc_count`, 0);
    if (minDocCount === 0) refuseHidden(run.request.visible, `[${place}.min_doc_count] 0`, "ask for 1 or more");
    return new TermsAggregator(run, subs, sourceOf(options, place, minDocCount === 0), {
      size: countOf(options.size, 10, `${place}.size`),
      shardSize: shardSizeOf(options, place),
      minDocCount,
      order: parseOrder(options.order, place, byCount),
      showsError: flagOf(options.show_term_doc_count_error, false, `${place}.show_term_doc_count_error`),
    });
  },

  multi_terms(options, run, subs, place) {
    const others = ["terms", "order", "collect_mode", "show_term_doc_count_error"];
    onlyKnown(options, [...sizes, ...others], place);
    checkHints(options, place);
    const { terms } = options;
    if (!Array.isArray(terms) || terms.length < 2 || terms.length > 20)
      throw malformed(`[${place}] needs "terms", a list of 2 to 20 objects with a field.`);
    const fields = terms.map((term, i) => {
      const at = `${place}.terms[${i}]`;
      if (!isPlainObject(term)) throw malformed(`[${at}] must be an object with a field.`);
      onlyKnown(term, valueMembers, at);
      return valueOptions(term, at);
    });
    return new MultiTermsAggregator(run, subs, {
      fields,
      size: countOf(options.size, 10, `${place}.size`),
      minDocCount: countOf(options.min_doc_count, 1, `${place}.min_doc_count`),
      order: parseOrder(options.order, place, byCount),
      showsError: flagOf(options.show_term_doc_count_error, false, `${place}.show_term_doc_count_error`),
    });
  },

  rare_terms(options, run, subs, place) {
    onlyKnown(options, [...valueMembers, ...filters, "max_doc_count", "precision"], place);
    const most = countOf(options.max_doc_count, 1, `${place}.max_doc_count`);
    if (most > 100) throw malformed(`[${place}.max_doc_count] must be at most 100.`);
    const precision = numberOf(options.precision, 0.001, `${place}.precision`);
    if (!(precision >= 0.00001)) throw malformed(`[${place}.precision] must be at least 0.00001.`);
    return new RareTermsAggregator(run, subs, sourceOf(options, place), most);
  },

  significant_terms(options, run, subs, place) {
    onlyKnown(
      options,
      [...valueMembers, ...sizes, ...filters, ...heuristics, "background_filter", "execution_hint"],
      place,
    );
    checkHints(options, place);
    return new SignificantTermsAggregator(run, subs, sourceOf(options, place), {
      size: countOf(options.size, 10, `${place}.size`),
      minDocCount: countOf(options.min_doc_count, 3, `${place}.min_doc_count`, 0),
      significance: significanceOf(options, place),
      backgroundFilter: options.background_filter,
    });
  },

  significant_text(options, run, subs, place) {
    const others = ["background_filter", "filter_duplicate_text", "source_fields"];
    onlyKnown(options, ["field", ...sizes, ...filters, ...heuristics, ...others], place);
    if (flagOf(options.filter_duplicate_text, false, `${place}.filter_duplicate_text`))
      throw malformed(`[${place}.filter_duplicate_text] is not supported: texts are not read again.`);
    if (options.source_fields !== undefined)
      throw malformed(`[${place}.source_fields] is not supported: words are taken from the index of the field.`);
    if (subs.aggregators.length > 0 || subs.pipelines.length > 0)
      throw malformed(`[${place}] cannot have aggregations below it.`);
    refuseHidden(run.request.visible, `[${place}]`, 'a "significant_terms" over a keyword can be asked');
    return new SignificantText(run, {
      field: textOf(options.field, `${place}.field`),
      size: countOf(options.size, 10, `${place}.size`),
      minDocCount: countOf(options.min_doc_count, 3, `${place}.min_doc_count`, 0),
      significance: significanceOf(options, place),
      backgroundFilter: options.background_filter,
      include: options.include,
      exclude: options.exclude,
    });
  },
};
