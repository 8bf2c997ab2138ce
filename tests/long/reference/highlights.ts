import type { JSONObject } from "../../../src/kernel/index.ts";
import type { Random } from "./random.ts";
import type { Search } from "./searches.ts";

/** Texts of several sentences, and the passages that are shown of them. */

export const words =
  "river hill fox bird stone road light winter summer bread water night house garden letter window table".split(" ");
const names = "Ada Grace Alan Emile Zoe".split(" ");

const sentence = (random: Random): string => {
  const list = random.list(random.between(2, random.chance(0.15) ? 40 : 12), () =>
    random.chance(0.1) ? random.pick(names) : random.pick(words),
  );
  const joined = list
    .map((word, i) => (i > 0 && random.chance(0.1) ? `, ${word}` : i > 0 ? ` ${word}` : word))
    .join("");
  return `${joined[0]?.toUpperCase()}${joined.slice(1)}${random.pick([".", ".", ".", "!", "?"])}`;
};
export const text = (random: Random): string => random.list(random.between(1, 9), () => sentence(random)).join(" ");

export const mappings = {
  dynamic: "false",
  properties: {
    uid: { type: "keyword" },
    t: { type: "text" },
    u: { type: "text", fields: { ws: { type: "text", analyzer: "whitespace" } } },
    k: { type: "keyword" },
  },
} as const;
export const settings: JSONObject = {};

export const newDocument = (random: Random, number: number): JSONObject => ({
  uid: `u${String(number).padStart(4, "0")}`,
  t: random.chance(0.2) ? random.list(random.between(2, 3), () => text(random)) : text(random),
  u: text(random),
  k: random.pick(words),
});

const maybe = (random: Random, share: number, make: () => JSONObject): JSONObject =>
  random.chance(share) ? make() : {};
const found = (random: Random): JSONObject => {
  const field = random.pick(["t", "t", "u", "u.ws"]);
  const some = random.list(random.between(1, 3), () => random.pick(words)).join(" ");
  return random.pick<JSONObject>([
    { match: { [field]: some } },
    { match_phrase: { [field]: `${random.pick(words)} ${random.pick(words)}` } },
    { prefix: { [field]: random.pick(words).slice(0, 3) } },
    {
      bool: {
        should: [
          { match: { [field]: some } },
          { match: { t: random.pick(words) } },
          { term: { k: random.pick(words) } },
        ],
      },
    },
    { multi_match: { query: some, fields: ["t", "u"] } },
  ]);
};

export function passages(random: Random): Search {
  return {
    body: {
      query: found(random),
      sort: ["uid"],
      _source: false,
      highlight: {
        fields: random.pick<JSONObject>([{ t: {} }, { t: {}, u: {} }, { "*": {} }, { u: {}, "u.ws": {} }]),
        ...maybe(random, 0.5, () => ({ fragment_size: random.pick([10, 30, 60, 150, 400, 0]) })),
        ...maybe(random, 0.5, () => ({ number_of_fragments: random.pick([0, 1, 2, 3, 20]) })),
        ...maybe(random, 0.3, () => ({ order: "score" })),
        ...maybe(random, 0.2, () => ({ no_match_size: random.pick([10, 50, 1000]) })),
        ...maybe(random, 0.2, () => ({ require_field_match: false })),
        ...maybe(random, 0.2, () => ({ encoder: "html" })),
        ...maybe(random, 0.2, () => ({ boundary_scanner: random.pick(["word", "sentence"]) })),
        ...maybe(random, 0.2, () => ({ highlight_query: found(random) })),
        ...maybe(random, 0.2, () => ({ pre_tags: ["<b>"], post_tags: ["</b>"] })),
        ...maybe(random, 0.1, () => ({ type: "unified" })),
      },
    },
    from: 0,
    size: 30,
  };
}

export const kinds: Readonly<Record<string, (random: Random) => Search>> = { passages };
