import type { JSONObject } from "../../../../../kernel/index.ts";
import type { SearchPart } from "../hits/finish-hits.ts";
import { malformed, onlyKnown } from "../query/parameters.ts";
import { type Correction, compareCorrections, correct } from "./spell-checker.ts";
import { count, readSpellOptions, spellMembers } from "./spell-options.ts";
import { analyzerOf, cutText, fieldOf, placeOf, type SuggestRequest } from "./suggest-text.ts";
import { TermSource } from "./term-source.ts";

/** Corrections of each word of a text, by collection, joined. */
export function* termSuggester(
  request: SuggestRequest,
  collections: readonly (readonly SearchPart[])[],
): Generator<void, JSONObject[]> {
  const { options, text } = request;
  const place = placeOf(request, "term");
  onlyKnown(options, ["field", "size", "shard_size", "analyzer", ...spellMembers], place);
  if (text === undefined) throw malformed(`[${place}] needs a "text".`);
  const spelling = readSpellOptions(options, place);
  const size = count(options.size, 5, 1, `${place}.size`);
  const shardSize =
    options.shard_size === undefined ? Math.max(size, 5) : count(options.shard_size, 5, 1, `${place}.shard_size`);
  const entries = new Map<string, { readonly entry: JSONObject; readonly found: Map<string, Correction> }>();
  for (const parts of collections) {
    const node = fieldOf(parts, options.field, place);
    const source = new TermSource(node, parts);
    const words = cutText(text, analyzerOf(parts, node, options.analyzer, place), node.normalizer);
    for (const [i, { word, offset, length }] of words.entries()) {
      const key = `${i}:${word}`;
      const known = entries.get(key) ?? { entry: { text: word, offset, length }, found: new Map() };
      entries.set(key, known);
      for (const one of yield* correct(source, word, shardSize, spelling)) {
        const before = known.found.get(one.word);
        known.found.set(one.word, before === undefined ? one : { ...one, docFreq: one.docFreq + before.docFreq });
      }
    }
  }
  return Array.from(entries.values(), ({ entry, found }) => {
    const best = [...found.values()].sort((a, b) => compareCorrections(a, b, spelling.sort)).slice(0, size);
    return { ...entry, options: best.map(({ word, score, docFreq }) => ({ text: word, score, freq: docFreq })) };
  });
}
