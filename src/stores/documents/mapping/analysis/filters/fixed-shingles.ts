import { rewriting, type TokenFilter } from "./token-filter.ts";

/** More rows of words at one place are left out. */
const maxRows = 1000;

/**
 * Rows of exactly `size` positions, words joined by spaces; a position without a word is `filler`. With `isOpen` rows go on behind the end
 * of the text, so that each word begins one.
 */
export function fixedShingles(size: number, filler: string, isOpen: boolean): TokenFilter {
  return rewriting((tokens, from, found) => {
    const { count, positions, terms, ends, starts } = tokens;
    const limit = tokens.next + (isOpen ? size - 1 : 0);
    for (let i = from; i < count; i++) {
      const position = positions[i] as number;
      if (position + size > limit) continue;
      let rows: { term: string; end: number }[] = [{ term: terms[i] as string, end: ends[i] as number }];
      let at = i + 1;
      for (let place = position + 1; place < position + size; place++) {
        const choices: number[] = [];
        while (at < count && (positions[at] as number) <= place) {
          if (positions[at] === place) choices.push(at);
          at++;
        }
        if (choices.length === 0) rows = rows.map(({ term, end }) => ({ term: `${term} ${filler}`, end }));
        else
          rows = rows
            .flatMap(({ term }) => choices.map((k) => ({ term: `${term} ${terms[k]}`, end: ends[k] as number })))
            .slice(0, maxRows);
      }
      for (const { term, end } of rows) {
        found.pushAs(tokens, i, term);
        found.starts[found.count - 1] = starts[i] as number;
        found.ends[found.count - 1] = end;
      }
    }
  });
}
