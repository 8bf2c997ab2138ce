import type { JSONObject } from "../../../../../kernel/index.ts";
import { malformed, numberOf } from "../query/parameters.ts";
import { type StringDistance, stringDistances } from "./string-distance.ts";

export type SuggestMode = "missing" | "popular" | "always";

/** Which words are taken for corrections of another one; the names and defaults are those of the public API. */
export interface SpellOptions {
  readonly mode: SuggestMode;
  /** Best first by likeness, or by the number of documents. */
  readonly sort: "score" | "frequency";
  /** Undefined: likeness follows from the number of edits. */
  readonly distance: StringDistance | undefined;
  readonly accuracy: number;
  readonly maxEdits: number;
  readonly prefixLength: number;
  readonly minWordLength: number;
  readonly maxInspections: number;
  /** From 1 on a number of documents, below a share of them. */
  readonly minDocFreq: number;
  /** Words in more documents are not corrected; as `minDocFreq`. */
  readonly maxTermFreq: number;
}

export const spellMembers: readonly string[] = [
  "suggest_mode",
  "sort",
  "string_distance",
  "accuracy",
  "max_edits",
  "prefix_length",
  "prefix_len",
  "min_word_length",
  "min_word_len",
  "max_inspections",
  "min_doc_freq",
  "max_term_freq",
];

const modes: readonly unknown[] = ["missing", "popular", "always"];

export function readSpellOptions(options: JSONObject, place: string): SpellOptions {
  const mode = String(options.suggest_mode ?? "missing").toLowerCase();
  if (!modes.includes(mode)) throw malformed(`[${place}.suggest_mode] must be one of ${modes.join(", ")}.`);
  const sort = String(options.sort ?? "score").toLowerCase();
  if (sort !== "score" && sort !== "frequency") throw malformed(`[${place}.sort] must be "score" or "frequency".`);
  const name = String(options.string_distance ?? "internal").toLowerCase();
  if (!stringDistances.has(name))
    throw malformed(`[${place}.string_distance] must be one of ${[...stringDistances.keys()].join(", ")}.`);
  return {
    mode: mode as SuggestMode, // one of the modes, as just checked
    sort,
    distance: stringDistances.get(name),
    accuracy: within(options.accuracy, 0.5, 0, 1, `${place}.accuracy`),
    maxEdits: within(options.max_edits, 2, 1, 2, `${place}.max_edits`),
    prefixLength: count(options.prefix_length ?? options.prefix_len, 1, 0, `${place}.prefix_length`),
    minWordLength: count(options.min_word_length ?? options.min_word_len, 4, 1, `${place}.min_word_length`),
    maxInspections: count(options.max_inspections, 5, 0, `${place}.max_inspections`),
    minDocFreq: share(options.min_doc_freq, 0, `${place}.min_doc_freq`),
    maxTermFreq: share(options.max_term_freq, 0.01, `${place}.max_term_freq`),
  };
}

export function within(value: unknown, byDefault: number, low: number, high: number, place: string): number {
  const number = numberOf(value, byDefault, place);
  if (number < low || number > high) throw malformed(`[${place}] must lie between ${low} and ${high}.`);
  return number;
}

export function count(value: unknown, byDefault: number, lowest: number, place: string): number {
  const number = numberOf(value, byDefault, place);
  if (!Number.isInteger(number) || number < lowest || number > 1_000_000)
    throw malformed(`[${place}] must be a whole number from ${lowest} on.`);
  return number;
}

function share(value: unknown, byDefault: number, place: string): number {
  const number = numberOf(value, byDefault, place);
  if (number < 0 || (number > 1 && !Number.isInteger(number)))
    throw malformed(`[${place}] must be a share below 1, or a whole number of documents.`);
  return number;
}
