import type { JSONObject } from "../../../src/kernel/index.ts";
import type { OwnAnswer } from "./compare.ts";
import type { Random } from "./random.ts";
import type { ReferenceAnswer } from "./reference-engine.ts";
import type { Search } from "./searches.ts";

/** Completions in contexts: categories and places, given beside the input or taken from other fields. */

export const settings: JSONObject = {};
export const mappings = {
  dynamic: "false" as const,
  properties: {
    uid: { type: "keyword" },
    tag: { type: "keyword" },
    at: { type: "geo_point" },
    c: {
      type: "completion",
      contexts: [
        { name: "kind", type: "category" },
        { name: "place", type: "geo", precision: 4 },
      ],
    },
    p: {
      type: "completion",
      contexts: [
        { name: "tag", type: "category", path: "tag" },
        { name: "at", type: "geo", path: "at", precision: 3 },
      ],
    },
  },
};

const starts = ["al", "alp", "be", "bet", "ga"];
const ends = ["pha", "ine", "ta", "mma", "to", "n", "st", "zar", "ley"];
const names = ["red", "green", "reddish", "blue", "grey"];

const point = (random: Random): JSONObject => ({
  lat: random.between(400, 440) / 10,
  lon: random.between(20, 60) / 10,
});
const someOf = <T>(random: Random, most: number, make: () => T): T | T[] => {
  const list = random.list(random.between(1, most), make);
  return list.length === 1 && random.chance(0.6) ? (list[0] as T) : list;
};

/** Inputs and weights are different in each document, so that their order is one. */
export function newDocument(random: Random, number: number): JSONObject {
  const text = (): string => `${random.pick(starts)}${random.pick(ends)} ${number}`;
  const kind = (): unknown => random.pick<unknown>([...names, 7, "green"]);
  const contexts = random.pick<() => JSONObject>([
    () => ({ kind: someOf(random, 3, kind) }),
    () => ({ kind: someOf(random, 2, kind), place: someOf(random, 2, () => point(random)) }),
    () => ({ place: someOf(random, 2, () => point(random)) }),
  ])();
  const tag = someOf(random, 2, () => random.pick(names));
  return {
    uid: `u${number}`,
    tag,
    ...(random.chance(0.7) ? { at: someOf(random, 2, () => point(random)) } : {}),
    c: { input: someOf(random, 2, text), weight: 10 * number + 1, contexts },
    p: random.chance(0.3)
      ? text()
      : { input: text(), weight: 7 * number + 1, ...(random.chance(0.3) ? { contexts: { tag: kind() } } : {}) },
  };
}

/** Contexts of which one begins another, with boosts of their own, are left out: the reference engine lends one the boost of the other. */
const categories = (random: Random): unknown => {
  if (random.chance(0.3))
    return { context: "re", prefix: true, ...(random.chance(0.5) ? { boost: random.between(2, 4) } : {}) };
  const first = random.below(names.length);
  const asked = [first, first + 2].map((i) => names[i % names.length]);
  const wanted = asked.map((context) => (random.chance(0.5) ? context : { context, boost: random.between(1, 5) }));
  return random.pick<unknown>([wanted[0], wanted, [wanted[0], 7]]);
};

const place = (random: Random): unknown =>
  random.pick<() => unknown>([
    () => point(random),
    () => ({ context: point(random), boost: random.between(1, 4) }),
    () => ({ context: point(random), precision: random.between(1, 6) }),
    () => ({ context: point(random), precision: random.between(2, 4), neighbours: [random.between(1, 3)] }),
  ])();

const search = (random: Random, completion: JSONObject, prefix: string): Search => ({
  body: {
    _source: false,
    suggest: { s: { prefix, completion: { size: random.pick([300, 300, 400]), ...completion } } },
  },
  from: 0,
  size: 1,
});

const given = (random: Random): Search => {
  const contexts = random.pick<() => JSONObject>([
    () => ({ kind: categories(random) }),
    () => ({ place: someOf(random, 2, () => place(random)) }),
    () => ({ kind: categories(random), place: place(random) }),
  ])();
  return search(random, { field: "c", contexts }, random.pick([...starts, "a", "b"]));
};

const fromFields = (random: Random): Search => {
  const contexts = random.pick<() => JSONObject>([
    () => ({ tag: categories(random) }),
    () => ({ at: place(random) }),
  ])();
  return search(random, { field: "p", contexts }, random.pick([...starts, "a", "b"]));
};

export const kinds: Readonly<Record<string, (random: Random) => Search>> = {
  contextsGiven: given,
  contextsOfFields: fromFields,
};

/** What differs between two answers: their documents, scores and the contexts that matched. Which input of a document completes is not said. */
export function findDifference(own: OwnAnswer, theirs: ReferenceAnswer): string | undefined {
  if ("error" in own) return theirs.status >= 400 ? undefined : `ours refused: ${own.error}`;
  if (theirs.status >= 400) return `the reference refused: ${JSON.stringify(theirs.body).slice(0, 400)}`;
  const [ours, wanted] = [read(own.page.suggest), read(theirs.body.suggest)];
  return ours === wanted ? undefined : `${ours}, not ${wanted}`;
}

function read(suggest: unknown): string {
  // The cast: the request above is answered in this form.
  const { s } = suggest as { readonly s: readonly [{ readonly options: readonly JSONObject[] }] };
  const options = s[0].options.map(({ _id, _score, contexts }) => {
    const matched = Object.entries(contexts ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
    return [_id, _score, matched.map(([name, values]) => [name, [...(values as string[])].sort()])];
  });
  return JSON.stringify(options);
}

/** Whether anything was completed. */
export const isFilled = (theirs: ReferenceAnswer): boolean =>
  !JSON.stringify(theirs.body.suggest).includes('"options":[]');
