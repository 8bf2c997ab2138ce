import { type FieldType, flag, isAnything, isCount, isFlag, isNumber, isOneOf, isText } from "./field-type.ts";
import { toText } from "./keyword.ts";

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
    index_prefixes: isAnything,
    norms: isFlag,
    position_increment_gap: isCount,
    search_analyzer: isText,
    search_quote_analyzer: isText,
    similarity: isOneOf("BM25", "boolean"),
    store: isFlag,
    term_vector: isText,
  },
  compile(definition, analysis) {
    const analyzer = analysis.analyzer(String(definition.analyzer ?? "default")) ?? analysis.analyzer("standard");
    const search = analysis.analyzer(String(definition.search_analyzer ?? "default_search"));
    const searchAnalyzer = search ?? analyzer;
    return {
      family: "text",
      docValues: false,
      norms: flag(definition, "norms", true),
      positionGap: Number(definition.position_increment_gap ?? 100),
      ...(analyzer === undefined ? {} : { analyzer }),
      ...(searchAnalyzer === undefined ? {} : { searchAnalyzer }),
      parse: toText,
      parseQuery: toText,
    };
  },
};
