const scripts = "scripts are not run; compute it from the answer";

/** Aggregations that search clusters have and the embedded engine does not, and what to do instead. */
export const unsupportedAggregations: ReadonlyMap<string, string> = new Map([
  ["bucket_script", scripts],
  ["bucket_selector", 'scripts are not run; use "min_doc_count" or "bucket_sort", or choose from the answer'],
  ["scripted_metric", scripts],
  ["parent", "there is no join; use nested objects"],
  ["children", "there is no join; use nested objects"],
  ["boxplot", 'use "percentiles" with 0, 25, 50, 75 and 100'],
  ["cumulative_cardinality", 'use "cardinality" for each period'],
  ["geo_line", 'use "top_hits" sorted by time'],
  ["inference", "there are no models"],
  ["moving_percentiles", 'use "percentiles" for each period'],
  ["rate", 'use "date_histogram" with "sum" and a division'],
  ["string_stats", 'use "value_count" and "cardinality"'],
  ["t_test", 'use "extended_stats" of both samples'],
  ["top_metrics", 'use "top_hits" with "size": 1 and "docvalue_fields"'],
]);
