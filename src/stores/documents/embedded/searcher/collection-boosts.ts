import { isPlainObject } from "../../../../kernel/index.ts";
import { malformed, numberOf } from "../search/query/parameters.ts";
import { fitsPattern } from "../search/query/term-clauses.ts";
import type { SearchedCollection } from "./searched-collection.ts";

/**
 * `indices_boost`: `[{"index/collection": 2}, {"logs/*": 0.5}]`, or one object; of several that fit the first counts. By collection what its
 * scores are multiplied by; undefined when nothing is asked for. Error: 400 for a name that fits none of the collections.
 */
export function collectionBoosts(
  value: unknown,
  collections: readonly SearchedCollection[],
): readonly number[] | undefined {
  if (value === undefined || value === null) return undefined;
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const boosts: (number | undefined)[] = collections.map(() => undefined);
  for (const one of list) {
    if (!isPlainObject(one)) throw malformed('[indices_boost] takes objects such as {"index/collection": 2}.');
    for (const [name, factor] of Object.entries(one)) {
      const boost = numberOf(factor, 1, `indices_boost.${name}`);
      if (boost < 0) throw malformed(`[indices_boost.${name}] must not be negative.`);
      const parts = name.split("*");
      const fitting = collections.flatMap((one, i) => (fitsPattern(`${one.indexName}/${one.name}`, parts) ? [i] : []));
      if (fitting.length === 0)
        throw malformed(`[indices_boost] "${name}" is none of the searched collections: write "index/collection".`);
      for (const i of fitting) boosts[i] ??= boost;
    }
  }
  return boosts.map((boost) => boost ?? 1);
}
