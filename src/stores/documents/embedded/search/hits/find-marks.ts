import type { Tokens } from "../../../mapping/analysis/tokens.ts";
import type { FieldNode } from "../../../mapping/compile-mapping.ts";
import type { Mark } from "./passages.ts";
import type { WantedTerms } from "./query-terms.ts";

/** What a query looks for in a text, in its order, without overlaps. `joinsPhrases`: a phrase is one mark, and not each of its words. */
export function findMarks(text: string, node: FieldNode, wanted: WantedTerms, joinsPhrases: boolean): Mark[] {
  if (node.analyzer === undefined) {
    const keys = keysOf(node.normalizer === undefined ? text : node.normalizer(text), wanted);
    return keys.length > 0 ? [{ start: 0, end: text.length, keys }] : [];
  }
  const tokens = node.analyzer.tokens(text);
  const marks: Mark[] = [];
  const mark = (i: number, keys: readonly string[]): void => {
    marks.push({ start: tokens.starts[i] ?? 0, end: tokens.ends[i] ?? 0, keys });
  };
  for (let i = 0; i < tokens.count; i++) {
    const keys = keysOf(tokens.terms[i] ?? "", wanted);
    if (keys.length > 0) mark(i, keys);
    for (const phrase of wanted.phrases) {
      const places = phraseAt(tokens, i, phrase);
      if (!joinsPhrases) for (const at of places) mark(at, [tokens.terms[at] ?? ""]);
      else if (places.length > 0) marks.push(markOver(tokens, places));
    }
  }
  return joinMarks(marks);
}

/** The word itself if it is wanted, and a name for each test that it passes. */
function keysOf(word: string, { words, tests }: WantedTerms): string[] {
  const keys = words.has(word) ? [word] : [];
  for (let i = 0; i < tests.length; i++) if (tests[i]?.(word)) keys.push(`\u0000${i}`);
  return keys;
}

/** In the order of the text, what stands at one place as one mark, without what overlaps one before. */
function joinMarks(marks: readonly Mark[]): Mark[] {
  const found: Mark[] = [];
  for (const mark of marks.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = found.at(-1);
    if (last?.start === mark.start && last.end === mark.end)
      found[found.length - 1] = { ...last, keys: [...new Set([...last.keys, ...mark.keys])] };
    else if (last === undefined || mark.start >= last.end) found.push(mark);
  }
  return found;
}

/** One mark from the first of some tokens to the last. */
const markOver = ({ starts, ends, terms }: Tokens, places: readonly number[]): Mark => ({
  start: starts[places[0] ?? 0] ?? 0,
  end: ends[places.at(-1) ?? 0] ?? 0,
  keys: [places.map((at) => terms[at]).join(" ")],
});

/** The tokens of a phrase that begins at a token; several may stand at one position. Empty when the phrase does not. */
function phraseAt(tokens: Tokens, first: number, phrase: readonly string[]): readonly number[] {
  const found: number[] = [];
  let at = first;
  for (const [k, word] of phrase.entries()) {
    if (word === "") continue;
    const position = (tokens.positions[first] as number) + k;
    while (at < tokens.count && !(tokens.positions[at] === position && tokens.terms[at] === word)) {
      if ((tokens.positions[at] as number) > position) return [];
      at++;
    }
    if (at >= tokens.count || (k === 0 && at !== first)) return [];
    found.push(at);
  }
  return found;
}
