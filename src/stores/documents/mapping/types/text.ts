import { isPlainObject } from "../../../../kernel/index.ts";
import type { Analyzer } from "../analysis/analyzer.ts";
import { fixedShingles } from "../analysis/filters/fixed-shingles.ts";
import {
  type FieldBehaviour,
  type FieldType,
  flag,
  isAnything,
  isCount,
  isFlag,
  isNumber,
  isOneOf,
  isText,
  type ParameterCheck,
} from "./field-type.ts";
import { toText } from "./keyword.ts";

/** `index_phrases`: a sub-field of pairs of words, in which phrases are looked up. */
function phrasePart(analyzer: Analyzer, norms: boolean): Pick<FieldBehaviour, "parts" | "rowFields"> {
  const pairs = analyzer.extended(fixedShingles(2, "_", false));
  const part: FieldBehaviour = {
    family: "text",
    docValues: false,
    norms,
    positionGap: 100,
    analyzer: pairs,
    searchAnalyzer: pairs,
    parse: toText,
    parseQuery: toText,
  };
  return { parts: { _index_phrase: part }, rowFields: ["_index_phrase"] };
}

/** `{min_chars: 2, max_chars: 5}`, from 1 to 19. */
const arePrefixes: ParameterCheck = (value) => {
  if (value === null) return true;
  if (!isPlainObject(value)) return false;
  const { min_chars: min = 2, max_chars: max = 5, ...others } = value;
  if (Object.keys(others).length > 0 || !isCount(min) || !isCount(max)) return false;
  return Number(min) > 0 && Number(min) <= Number(max) && Number(max) < 20;
};

export const isTermVector = isOneOf(
  ...["no", "yes", "with_positions", "with_offsets", "with_positions_offsets", "with_positions_payloads"],
  "with_positions_offsets_payloads",
);

export const textType: FieldType = {
  name: "text",
  parameters: {
    analyzer: isText,
    boost: isNumber,
    eager_global_ordinals: isFlag,
    fielddata: isFlag,
    fielddata_frequency_filter: isAnything,
    index: isFlag,
    index_options: isOneOf("docs", "freqs", "positions", "offsets"),
    index_phrases: isFlag,
    index_prefixes: arePrefixes,
    norms: isFlag,
    position_increment_gap: isCount,
    search_analyzer: isText,
    search_quote_analyzer: isText,
    similarity: isOneOf("BM25", "boolean"),
    store: isFlag,
    term_vector: isTermVector,
  },
  compile(definition, analysis) {
    const analyzer = analysis.analyzer(String(definition.analyzer ?? "default")) ?? analysis.analyzer("standard");
    const search = analysis.analyzer(String(definition.search_analyzer ?? "default_search"));
    const searchAnalyzer = search ?? analyzer;
    const quote = analysis.analyzer(String(definition.search_quote_analyzer ?? "default_search_quote"));
    const { index_options: indexed = "positions" } = definition;
    const hasPositions = indexed === "positions" || indexed === "offsets";
    return {
      family: "text",
      docValues: false,
      norms: flag(definition, "norms", true),
      positionGap: Number(definition.position_increment_gap ?? analyzer?.positionGap ?? 100),
      countsTerms: indexed !== "docs",
      hasPositions,
      ...(quote === undefined ? {} : { quoteAnalyzer: quote }),
      ...(flag(definition, "index_phrases", false) && analyzer !== undefined
        ? phrasePart(analyzer, flag(definition, "norms", true))
        : {}),
      ...(analyzer === undefined ? {} : { analyzer }),
      ...(searchAnalyzer === undefined ? {} : { searchAnalyzer }),
      parse: toText,
      parseQuery: toText,
    };
  },
};
