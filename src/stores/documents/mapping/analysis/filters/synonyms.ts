import type { SynonymEntry, SynonymMap } from "./synonym-map.ts";
import { forSynonyms, incrementOf, repositioning, rich, type TokenFilter, unchanged } from "./token-filter.ts";

interface Output {
  readonly term: string;
  /** Undefined: where the word ends beside which it stands. */
  readonly end: number | undefined;
  readonly length: number;
}

/**
 * `synonym`: the words of a synonym stand one by one beside those of the text, the second beside the second, and what is left over beside
 * what comes next. A synonym of one word covers all that it stands for.
 */
export function synonymFilter(map: SynonymMap): TokenFilter {
  const filter = repositioning((tokens, from, found) => {
    const { count } = tokens;
    const outputs: Output[][] = [];
    let position = tokens.base;
    const wordAt = (i: number): string => tokens.terms[i] as string;
    const put = (at: number, hasOriginal: boolean): void => {
      let isFirst = !hasOriginal;
      const beside = Math.min(at, count - 1);
      for (const { term, end, length } of outputs[at] ?? []) {
        if (isFirst) position++;
        isFirst = false;
        found.pushRich(
          term,
          position,
          tokens.starts[beside] as number,
          end ?? (tokens.ends[beside] as number),
          length,
          "SYNONYM",
        );
      }
    };
    for (let at = from; at < count; ) {
      const match = map.find(wordAt, at, count);
      const length = match?.length ?? 1;
      if (match !== undefined) place(match.entry, at, length, tokens.ends[at + length - 1] as number, outputs);
      for (const end = at + length; at < end; at++) {
        const isKept = match === undefined || match.entry.keepsOriginal;
        if (isKept) {
          position += incrementOf(tokens, at, from);
          found.pushCopy(tokens, at);
          found.positions[found.count - 1] = position;
        }
        put(at, isKept);
      }
    }
    for (let at = count; at < outputs.length; at++) put(at, false);
  });
  return forSynonyms(rich(filter), unchanged);
}

function place(entry: SynonymEntry, at: number, length: number, end: number, outputs: Output[][]): void {
  for (const words of entry.outputs) {
    for (const [i, term] of words.entries()) {
      const own = outputs[at + i] ?? [];
      outputs[at + i] = own;
      if (words.length === 1) own.push({ term, end, length: entry.keepsOriginal ? length : 1 });
      else own.push({ term, end: undefined, length: 1 });
    }
  }
}

/** `synonym_graph`: each synonym is a path of its own beside the words of the text. */
export function synonymGraphFilter(map: SynonymMap): TokenFilter {
  const filter = repositioning((tokens, from, found) => {
    let lastNode = tokens.base;
    let nextNode = tokens.base + 1;
    const wordAt = (i: number): string => tokens.terms[i] as string;
    for (let at = from; at < tokens.count; ) {
      const match = map.find(wordAt, at, tokens.count);
      if (match === undefined) {
        lastNode += incrementOf(tokens, at, from);
        nextNode = lastNode + (tokens.lengths[at] as number);
        found.pushCopy(tokens, at);
        found.positions[found.count - 1] = lastNode;
        at++;
        continue;
      }
      const start = nextNode;
      for (const { term, original, from: node, to } of paths(match.entry, match.length, start)) {
        const own = at + (original ?? 0);
        if (original === undefined)
          found.pushRich(
            term,
            node,
            tokens.starts[at] as number,
            tokens.ends[at + match.length - 1] as number,
            to - node,
            "SYNONYM",
          );
        else {
          found.pushCopy(tokens, own);
          found.positions[found.count - 1] = node;
          found.lengths[found.count - 1] = to - node;
        }
        lastNode = node;
        if (to > nextNode) nextNode = to;
      }
      at += match.length;
    }
  });
  return forSynonyms(rich(filter), unchanged);
}

interface PathToken {
  readonly term: string;
  /** Which word of the text it is, undefined for words of synonyms. */
  readonly original: number | undefined;
  readonly from: number;
  readonly to: number;
}

/** The tokens of all paths between two nodes: the first of each path, then the rest of each. */
function paths({ keepsOriginal, outputs }: SynonymEntry, length: number, start: number): PathToken[] {
  const rows: { terms: readonly string[]; isOriginal: boolean }[] = outputs.map((terms) => ({
    terms,
    isOriginal: false,
  }));
  if (keepsOriginal) rows.push({ terms: Array.from({ length }, () => ""), isOriginal: true });
  const inner = rows.reduce((sum, { terms }) => sum + terms.length - 1, 0);
  const end = start + inner + 1;
  const firsts: PathToken[] = [];
  const rests: PathToken[] = [];
  let node = start + 1;
  for (const { terms, isOriginal } of rows) {
    for (const [i, term] of terms.entries()) {
      const original = isOriginal ? i : undefined;
      const to = i === terms.length - 1 ? end : node + i;
      if (i === 0) firsts.push({ term, original, from: start, to });
      else rests.push({ term, original, from: node + i - 1, to });
    }
    node += terms.length - 1;
  }
  return [...firsts, ...rests];
}
