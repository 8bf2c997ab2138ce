import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import type { Analyzer } from "../../../mapping/analysis/analysis.ts";
import { shingleType } from "../../../mapping/analysis/filters/shingles.ts";
import type { FieldNode } from "../../../mapping/compile-mapping.ts";
import type { SearchPart } from "../hits/finish-hits.ts";
import { malformed, textOf } from "../query/parameters.ts";

/** What a suggester is asked with, beside its own options. */
export interface SuggestRequest {
  readonly name: string;
  readonly options: JSONObject;
  /** `text`, or what stands for all suggesters. */
  readonly text: string | undefined;
  readonly prefix: string | undefined;
  readonly regex: string | undefined;
}

/** The place of a suggester in the request, for messages. */
export const placeOf = ({ name }: SuggestRequest, kind: string): string => `suggest.${name}.${kind}`;

/** The field of a suggester in the mapping of a collection. Error: 400 when it is not mapped. */
export function fieldOf(parts: readonly SearchPart[], path: unknown, place: string): FieldNode {
  const name = textOf(path, `${place}.field`);
  const node = parts[0]?.context.mapping.fields.get(name);
  if (node === undefined) throw malformed(`[${place}.field] "${name}" is not in the mapping.`);
  return node;
}

/** The analyzer that was asked for, else that of the field's searches; undefined takes a text as one word. */
export function analyzerOf(
  parts: readonly SearchPart[],
  node: FieldNode,
  name: unknown,
  place: string,
): Analyzer | undefined {
  if (name === undefined || name === null) return node.searchAnalyzer;
  const analyzer = parts[0]?.context.mapping.analysis.analyzer(textOf(name, `${place}.analyzer`));
  if (analyzer === undefined) throw malformed(`[${place}.analyzer] "${String(name)}" does not exist.`);
  return analyzer;
}

/** A word of a text and where it stands there, in UTF-16 units. */
export interface TextWord {
  readonly word: string;
  readonly offset: number;
  readonly length: number;
}

export function cutText(
  text: string,
  analyzer: Analyzer | undefined,
  normalize?: (text: string) => string,
): TextWord[] {
  if (analyzer === undefined) return [{ word: normalize?.(text) ?? text, offset: 0, length: text.length }];
  const tokens = analyzer.tokens(text);
  return Array.from({ length: tokens.count }, (_, i) => {
    const offset = tokens.starts[i] ?? 0;
    return { word: tokens.terms[i] ?? "", offset, length: (tokens.ends[i] ?? 0) - offset };
  });
}

/** The words of a phrase, without the neighbours that the analyzer joins. Error: 400 when it answers nothing else. */
export function cutPhrase(text: string, analyzer: Analyzer, place: string): string[] {
  const { count, terms, types } = analyzer.richTokens(text);
  const words = terms.slice(0, count).filter((_, i) => types[i] !== shingleType);
  if (count > 0 && words.length === 0)
    throw malformed(`[${place}] the analyzer answers no single words of "${text}": name another "analyzer".`);
  return words;
}

export function optionsObject(value: unknown, place: string): JSONObject {
  if (!isPlainObject(value)) throw malformed(`[${place}] must be an object.`);
  return value;
}
