import type { JSONObject } from "../../../src/kernel/index.ts";
import type { Random } from "./random.ts";
import type { Search } from "./searches.ts";

/** Texts of so few words that each stands several times in many of them, and what is asked for by places. */

const words = [..."abcde"];
const text = (random: Random, most: number): string =>
  random.list(random.between(1, most), () => random.pick(words)).join(" ");

export const settings: JSONObject = {};
export const mappings = { dynamic: "false", properties: { t: { type: "text" } } } as const;
export const newDocument = (random: Random): JSONObject => ({ t: text(random, 9) });

const maybe = (random: Random, share: number, make: () => JSONObject): JSONObject =>
  random.chance(share) ? make() : {};
const relations = [
  "containing",
  "contained_by",
  "not_containing",
  "not_contained_by",
  "overlapping",
  "not_overlapping",
  "before",
  "after",
];
const options = (random: Random): JSONObject => ({
  ...maybe(random, 0.5, () => ({ max_gaps: random.pick([0, 1, 2, 5]) })),
  ...maybe(random, 0.6, () => ({ ordered: random.chance(0.6) })),
});

/** Rules within rules, with filters where there are no choices, whose filters go astray: docs/search-differences.md. */
function rule(random: Random, depth: number, hasFilters: boolean): JSONObject {
  const filter = (): JSONObject =>
    hasFilters ? maybe(random, 0.3, () => ({ filter: { [random.pick(relations)]: rule(random, 0, false) } })) : {};
  const kind = random.next();
  // A rule that asks for one word twice, twice, is left out.
  if (depth === 0 || kind < 0.3) {
    const some = random.some(words, 0.4);
    const query = depth === 0 || random.chance(0.5) ? some.join(" ") || "a" : text(random, 3);
    return { match: { query, ...options(random), ...filter() } };
  }
  const isChoice = !hasFilters && kind > 0.7;
  const intervals = random.list(random.between(1, 3), () => rule(random, depth - 1, hasFilters));
  return isChoice ? { any_of: { intervals } } : { all_of: { intervals, ...options(random), ...filter() } };
}

function intervals(random: Random): Search {
  const query = { intervals: { t: rule(random, random.between(0, 3), random.chance(0.4)) } };
  return { body: { query }, from: 0, size: 150 };
}

function phrases(random: Random): Search {
  const phrase = {
    query: text(random, 4),
    ...maybe(random, 0.6, () => ({ slop: random.pick([1, 2, 3, 10]) })),
  };
  const query = random.pick<JSONObject>([
    { match_phrase: { t: phrase } },
    { match_phrase: { t: phrase } },
    { match_phrase_prefix: { t: phrase } },
    { query_string: { query: `"${text(random, 3)}"~${random.below(4)}`, default_field: "t" } },
  ]);
  return { body: { query }, from: 0, size: 150 };
}

export const kinds: Readonly<Record<string, (random: Random) => Search>> = { intervals, phrases };
