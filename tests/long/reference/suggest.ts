import type { JSONObject } from "../../../src/kernel/index.ts";
import type { Random } from "./random.ts";

/** Collections, documents and requests for suggesters. */

const words =
  "banana bananas bandana cabana apple apples applet ample maple maples staple people purple ripple triple nobel noble nobles noodle poodle puddle middle riddle saddle paddle kettle bottle battle cattle rattle settle straße cafés café naïve xylophone the of and a".split(
    " ",
  );
const slips = (random: Random, word: string): string => {
  const at = random.below(Math.max(1, word.length));
  const letter = random.pick([..."abelnoprst"]);
  return random.pick([
    word,
    word.slice(0, at) + word.slice(at + 1),
    word.slice(0, at) + letter + word.slice(at),
    word.slice(0, at) + letter + word.slice(at + 1),
    word.slice(0, at) + (word[at + 1] ?? "") + (word[at] ?? "") + word.slice(at + 2),
    slipsTwice(random, word),
  ]);
};
const slipsTwice = (random: Random, word: string): string => {
  const at = random.below(Math.max(1, word.length));
  const once = word.slice(0, at) + random.pick([..."aelnt"]) + word.slice(at + 1);
  const then = random.below(once.length);
  return once.slice(0, then) + once.slice(then + 1);
};

export const settings: JSONObject = {
  analysis: { analyzer: { stopped: { type: "standard", stopwords: ["the", "of"] } } },
};

export const mappings = {
  dynamic: "false",
  properties: {
    t: { type: "text", fields: { raw: { type: "keyword" } } },
    s: { type: "text", analyzer: "stopped" },
    k: { type: "keyword" },
    c: { type: "completion" },
    cs: { type: "completion", preserve_separators: false },
    cw: { type: "completion", analyzer: "standard", max_input_length: 9 },
    ch: { type: "completion", analyzer: "stopped" },
    cp: { type: "completion", analyzer: "stopped", preserve_position_increments: false },
  },
} as const;

const text = (random: Random, most: number): string =>
  random.list(random.between(1, most), () => words[Math.floor(random.next() ** 2 * words.length)] ?? "apple").join(" ");

const completion = (random: Random): unknown => {
  const input = (): string => {
    const made = text(random, 3);
    return random.chance(0.3) ? made.replace(/^./, (first) => first.toUpperCase()) : made;
  };
  return random.pick([
    () => input(),
    () => ({ input: input(), weight: random.below(6) }),
    () => ({ input: input(), weight: String(random.below(20)) }),
    () => [input(), input()],
    () => ({ input: [input(), input(), input()], weight: random.below(4) }),
    () => [{ input: input(), weight: random.below(9) }, input()],
  ])();
};

export function newDocument(random: Random): JSONObject {
  const value = completion(random);
  const document: JSONObject = { t: text(random, 8), s: text(random, 6), k: random.pick(words) };
  for (const field of ["c", "cs", "cw", "ch", "cp"]) if (random.chance(0.9)) document[field] = value;
  return document;
}

const maybe = (random: Random, share: number, make: () => JSONObject): JSONObject =>
  random.chance(share) ? make() : {};

const spelling = (random: Random): JSONObject => ({
  ...maybe(random, 0.6, () => ({ suggest_mode: random.pick(["missing", "popular", "always"]) })),
  ...maybe(random, 0.3, () => ({ max_edits: random.pick([1, 2]) })),
  ...maybe(random, 0.3, () => ({ prefix_length: random.pick([0, 1, 2, 3]) })),
  ...maybe(random, 0.3, () => ({ min_word_length: random.pick([1, 3, 5]) })),
  ...maybe(random, 0.2, () => ({ max_inspections: random.pick([1, 2, 10]) })),
  ...maybe(random, 0.2, () => ({ min_doc_freq: random.pick([0, 0.02, 3, 0.1]) })),
  ...maybe(random, 0.4, () => ({ max_term_freq: random.pick([0.5, 50, 5, 0.001]) })),
});

const distances = ["internal", "damerau_levenshtein", "levenshtein", "jaro_winkler", "ngram"];

export function termSuggest(random: Random): JSONObject {
  return {
    text: random.list(random.between(1, 3), () => slips(random, random.pick(words))).join(" "),
    term: {
      field: random.pick(["t", "t", "t", "s", "k", "t.raw"]),
      ...spelling(random),
      ...maybe(random, 0.3, () => ({ sort: random.pick(["score", "frequency"]) })),
      ...maybe(random, 0.4, () => ({ string_distance: random.pick(distances) })),
      ...maybe(random, 0.3, () => ({ size: random.pick([1, 2, 10]) })),
      ...maybe(random, 0.2, () => ({ shard_size: random.pick([1, 5, 20]) })),
      ...maybe(random, 0.1, () => ({ analyzer: random.pick(["whitespace", "simple"]) })),
    },
  };
}

export function phraseSuggest(random: Random): JSONObject {
  const field = random.pick(["t", "t", "s"]);
  return {
    text: random.list(random.between(1, 4), () => slips(random, random.pick(words))).join(" "),
    phrase: {
      field,
      ...maybe(random, 0.5, () => ({ max_errors: random.pick([0.5, 1, 2, 3, 0.9]) })),
      ...maybe(random, 0.5, () => ({ confidence: random.pick([0, 0.5, 1, 2]) })),
      ...maybe(random, 0.3, () => ({ size: random.pick([1, 3, 10]) })),
      ...maybe(random, 0.3, () => ({ real_word_error_likelihood: random.pick([0.5, 0.8, 0.99]) })),
      ...maybe(random, 0.2, () => ({ gram_size: random.pick([1, 2, 3]) })),
      ...maybe(random, 0.3, () => ({ highlight: { pre_tag: "<em>", post_tag: "</em>" } })),
      ...maybe(random, 0.6, () => ({
        smoothing: random.pick<JSONObject>([
          { laplace: { alpha: 0.7 } },
          { stupid_backoff: { discount: 0.5 } },
          { linear: { trigram_lambda: 0.65, bigram_lambda: 0.25, unigram_lambda: 0.1 } },
          { laplace: {} },
        ]),
      })),
      ...maybe(random, 0.7, () => ({
        direct_generator: random.list(random.between(1, 2), () => ({
          field,
          ...spelling(random),
          ...maybe(random, 0.2, () => ({ size: random.pick([1, 3, 10]) })),
        })),
      })),
    },
  };
}

export function completionSuggest(random: Random): JSONObject {
  const field = random.pick(["c", "cs", "cw", "ch", "cp"]);
  const word = random.pick(words);
  const kind = random.next();
  const shared = { field, size: 300 };
  if (kind < 0.2) {
    const ascii = /^[a-z]+$/.test(word) ? word : "apple";
    const pattern = random.pick([
      `${ascii.slice(0, 2)}.*`,
      `[a-n]${ascii[1] ?? "a"}.`,
      `${ascii.slice(0, 3)}(a|e|l)*`,
      "(ba|ca).*a",
    ]);
    return { regex: pattern, completion: shared };
  }
  if (kind < 0.6) {
    const prefix = text(random, 2).slice(0, random.between(1, 9));
    return { [random.pick(["prefix", "text"])]: prefix, completion: shared };
  }
  return {
    prefix: slips(random, word).slice(0, random.between(2, 8)),
    completion: {
      ...shared,
      fuzzy: {
        ...maybe(random, 0.5, () => ({ fuzziness: random.pick<unknown>(["AUTO", 1, 2, 0]) })),
        ...maybe(random, 0.3, () => ({ min_length: random.pick([1, 2, 5]) })),
        ...maybe(random, 0.3, () => ({ prefix_length: random.pick([0, 1, 3]) })),
        ...maybe(random, 0.3, () => ({ transpositions: false })),
        ...maybe(random, 0.3, () => ({ unicode_aware: true })),
        // Two edits may also bridge the gap of a word that the analyzer has left out, in ways of the reference's own.
        ...(field === "ch" ? { fuzziness: 1 } : {}),
      },
    },
  };
}
