import type { FilterNode } from "../filter.ts";
import { FilterError } from "../filter-error.ts";
import type { RegExpEngine } from "../pattern.ts";

export interface FilterOptions {
  /** Conditions a filter may have: 1 for each clause, 1 for each value of `in` and `ids`. */
  readonly maxConditions: number;
  /** "re2" runs in linear time whatever the expression; "js" can be brought to a halt by hostile ones. */
  readonly regExpEngine: RegExpEngine;
}

/** One run of the parser. */
export interface ParseState {
  readonly options: FilterOptions;
  /** Counted so far, by `countConditions` only. */
  conditions: number;
  /** Parses a filter nested in a clause. */
  readonly parseQuery: (state: ParseState, query: unknown, path: string, depth: number) => FilterNode;
}

/** Refuses a filter as soon as it has too many conditions, before they are built. */
export function countConditions(state: ParseState, added: number, keyword: string, path: string): void {
  state.conditions += added;
  if (state.conditions > state.options.maxConditions) {
    throw new FilterError(
      `the filter has more than ${state.options.maxConditions} conditions (each value of "in" and "ids" is one)`,
      keyword,
      path,
    );
  }
}
