/** Clauses that search clusters have and the embedded engine does not: refused by name, so that nobody looks for a typing mistake. */
export const unsupportedClauses: ReadonlySet<string> = new Set(
  (
    "shape script script_score percolate has_child has_parent parent_id span_term span_multi span_first span_near " +
    "span_or span_not span_containing span_within field_masking_span rank_feature pinned"
  ).split(" "),
);
