/** Clauses that search clusters have and the embedded engine does not: refused by name, so that nobody looks for a typing mistake. */
export const unsupportedClauses: ReadonlySet<string> = new Set(
  "shape script script_score has_child has_parent parent_id pinned".split(" "),
);
