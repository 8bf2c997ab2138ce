import { fixedShingles } from "../analysis/filters/fixed-shingles.ts";
import { edgeGrams } from "../analysis/filters/grams.ts";
import { type FieldBehaviour, type FieldType, isFlag, isOneOf, isText } from "./field-type.ts";
import { isTermVector, textType } from "./text.ts";

/** Beginnings of rows of words are indexed up to so many characters. */
export const longestPrefix = 20;

/**
 * A text for search boxes. Beside the words it has rows of two words and more (`_2gram`, `_3gram`) and the beginnings of the longest rows
 * (`_index_prefix`), each as a sub-field.
 */
export const searchAsYouTypeType: FieldType = {
  name: "search_as_you_type",
  parameters: {
    analyzer: isText,
    index: isFlag,
    index_options: isOneOf("docs", "freqs", "positions", "offsets"),
    max_shingle_size: (value) => [2, 3, 4].includes(Number(value)),
    norms: isFlag,
    search_analyzer: isText,
    search_quote_analyzer: isText,
    similarity: isOneOf("BM25", "boolean"),
    store: isFlag,
    term_vector: isTermVector,
  },
  compile(definition, analysis) {
    const text = textType.compile(definition, analysis);
    const { analyzer, searchAnalyzer, ...plain } = text;
    if (analyzer === undefined || searchAnalyzer === undefined) return text;
    const max = Number(definition.max_shingle_size ?? 3);
    const parts: Record<string, FieldBehaviour> = {};
    const rowFields: string[] = [];
    for (let size = 2; size <= max; size++) {
      const rows = fixedShingles(size, "", false);
      parts[`_${size}gram`] = {
        ...plain,
        analyzer: analyzer.extended(rows),
        searchAnalyzer: searchAnalyzer.extended(rows),
        quoteAnalyzer: (text.quoteAnalyzer ?? searchAnalyzer).extended(rows),
      };
      rowFields.push(`_${size}gram`);
    }
    parts._index_prefix = {
      ...plain,
      norms: false,
      hasPositions: false,
      analyzer: analyzer.extended(fixedShingles(max, "", true), edgeGrams(1, longestPrefix)),
      searchAnalyzer: searchAnalyzer.extended(fixedShingles(max, "", false)),
    };
    return { ...text, parts, rowFields, prefixField: "_index_prefix" };
  },
};
