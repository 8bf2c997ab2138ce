import type { PartOptions } from "../part-options.ts";
import { Tokens } from "../tokens.ts";
import type { FilterContext } from "./create-token-filter.ts";
import { forSynonyms, rewriting, rich, type TokenFilter } from "./token-filter.ts";

/** `multiplexer`: each word goes through several rows of filters, and what comes out stands at its position, each once. */
export function multiplexer(options: PartOptions, context: FilterContext): TokenFilter {
  const keepsOriginal = options.flag("preserve_original", true);
  const rows = options.needList("filters").map((row) =>
    row
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "")
      .map((name) => context.filter(name, `${options.place}.filters`)),
  );
  const one = new Tokens();
  one.isRich = true;
  const filter = rewriting((tokens, from, found) => {
    for (let i = from; i < tokens.count; i++) {
      const first = found.count;
      const put = (): void => {
        for (let k = 0; k < one.count; k++) {
          const term = one.terms[k] as string;
          let isNew = true;
          for (let at = first; at < found.count && isNew; at++) isNew = found.terms[at] !== term;
          if (isNew) found.pushCopy(one, k);
        }
      };
      for (let row = keepsOriginal ? -1 : 0; row < rows.length; row++) {
        one.clear();
        one.base = (tokens.positions[i] as number) - 1;
        one.next = one.base + 2;
        one.textEnd = tokens.textEnd;
        one.pushCopy(tokens, i);
        for (const step of rows[row] ?? []) step(one, 0);
        put();
      }
    }
  });
  return forSynonyms(rich(filter), "refused");
}
