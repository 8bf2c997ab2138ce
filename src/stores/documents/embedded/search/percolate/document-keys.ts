import { keyedPath } from "../../../mapping/compile-mapping.ts";
import type { Budget } from "../budget.ts";
import { hasTerms } from "../segment/field-store.ts";
import type { Space } from "../segment/space.ts";
import { fieldKey, termKey } from "./query-keys.ts";

/** The keys that documents have, of those by which stored queries are found: their terms, numbers and fields, those of nested objects too. */
export function* documentKeys(spaces: Iterable<Space>, budget: Budget): Generator<void, ReadonlySet<string>> {
  const keys = new Set<string>();
  for (const { fields, count } of spaces) {
    for (const [path, store] of fields) {
      if (path.endsWith(keyedPath("")) || path === "_id") continue;
      keys.add(fieldKey(path));
      if (hasTerms(store)) {
        const { dictionary } = store;
        for (let ord = 0; ord < dictionary.size; ord++) {
          keys.add(termKey(path, dictionary.term(ord)));
          if ((ord & 511) === 511) yield* budget.pause();
        }
      } else if (store.kind === "number") {
        for (let doc = 0; doc < count; doc++) {
          for (let i = 0; i < store.countOf(doc); i++) keys.add(termKey(path, store.valueAt(doc, i)));
          if ((doc & 511) === 511) yield* budget.pause();
        }
      }
    }
  }
  return keys;
}
