import type { JSONObject } from "../../../src/kernel/index.ts";
import { ips, keywords, tags, words } from "./collection.ts";
import type { Random } from "./random.ts";

type Make = (random: Random) => JSONObject;

const textFields = [
  "t",
  "t.ws",
  "t.simple",
  "t.stop",
  "t.folding",
  "t.starts",
  "t.stopped",
  "t.pieces",
  "tn",
  "tc",
  "u",
  "o.t",
];
const keywordFields = ["k", "kn", "kl", "kv", "tags", "t.raw", "o.k"];
const numberFields = ["i", "l", "s", "by", "f", "hf", "d", "sf", "al", "o.i"];
const dateFields = ["at", "day", "stamp"];

const phrase = (random: Random, most: number): string =>
  random.list(random.between(1, most), () => random.pick(words)).join(" ");
const number = (random: Random): number =>
  random.pick([0, 1, -1, 7, random.between(-60, 60), Math.round(random.next() * 5000) / 100]);
const whole = (random: Random): number => random.between(-60, 60);
const boosted = (random: Random, body: JSONObject): JSONObject =>
  random.chance(0.15) ? { ...body, boost: random.pick([2, 0.5, 0]) } : body;
export const centre = { lat: 43.6, lon: 3.88 };

function dateOf(random: Random, field: string): unknown {
  const month = String(random.between(1, 12)).padStart(2, "0");
  if (field === "day")
    return random.pick<unknown>([`2020-${month}-15`, "1585000000", `2020-${month}-01||+10d`, "now-5y/y"]);
  if (field === "stamp")
    return random.pick<unknown>([
      `2020/${month}/11`,
      `2021/${month}/03 11:12:13`,
      1_600_000_000_000,
      `2020/${month}/03||/M`,
    ]);
  return random.pick<unknown>([
    `2020-${month}-10`,
    `2020-${month}`,
    "2020",
    `2021-${month}-03T11:12:13.456Z`,
    `2019-${month}-03T11:12`,
    1_590_000_000_000 + random.below(30_000_000_000),
    `2020-${month}-10||/M`,
    `2020-${month}-10||+1M-3d/d`,
    "now-6y/y",
    "now/d",
  ]);
}

function rangeOf(random: Random, make: () => unknown): JSONObject {
  const low = random.pick(["gt", "gte"]);
  const high = random.pick(["lt", "lte"]);
  const kind = random.below(3);
  return { ...(kind !== 1 ? { [low]: make() } : {}), ...(kind !== 0 ? { [high]: make() } : {}) };
}

/** Clauses on documents, each by name. */
const leaves: Readonly<Record<string, Make>> = {
  match_all: (random) => ({ match_all: boosted(random, {}) }),
  match_none: () => ({ match_none: {} }),
  "term on keywords": (random) => {
    const field = random.pick(keywordFields);
    const value = field === "tags" ? random.pick(tags) : random.pick([...keywords, "NONE"]);
    return { term: { [field]: random.chance(0.5) ? value : boosted(random, { value }) } };
  },
  "term, case insensitive": (random) => ({
    term: { [random.pick(["k", "t", "kn"])]: { value: random.pick([...keywords, "OAK"]), case_insensitive: true } },
  }),
  "term on text": (random) => ({ term: { [random.pick(textFields)]: random.pick(words).toLowerCase() } }),
  "term on numbers": (random) => ({
    term: { [random.pick(numberFields)]: random.chance(0.8) ? whole(random) : String(whole(random)) },
  }),
  "term on decimals": (random) => ({
    term: { [random.pick(["f", "d", "hf", "sf"])]: random.pick([0, 0.1, 1.5, -0, 12.34, 1e-9]) },
  }),
  "term on dates": (random) => {
    const field = random.pick(dateFields);
    return { term: { [field]: dateOf(random, field) } };
  },
  "term on booleans": (random) => ({ term: { bool: random.pick<unknown>([true, false, "true"]) } }),
  "term on ips": (random) => ({ term: { ip: random.pick([...ips, "10.0.0.0/24", "2001:db8::/32"]) } }),
  terms: (random) => {
    const field = random.pick(keywordFields);
    return {
      terms: boosted(random, { [field]: random.list(random.between(0, 4), () => random.pick([...keywords, ...tags])) }),
    };
  },
  "terms on others": (random) =>
    random.pick([
      () => ({ terms: { [random.pick(numberFields)]: random.list(3, () => whole(random)) } }),
      () => ({ terms: { at: ["2020-03-10", "2020-04"] } }),
      () => ({ terms: { t: ["oak", "pine"] } }),
      () => ({ terms: { ip: [random.pick(ips), "10.0.1.0/24"] } }),
      () => ({ terms: { bool: [true] } }),
    ])(),
  terms_set: (random) => ({
    terms_set: { tags: { terms: random.some(tags, 0.4), minimum_should_match_field: random.pick(["s", "i"]) } },
  }),
  "range of numbers": (random) => ({
    range: {
      [random.pick(numberFields)]: boosted(
        random,
        rangeOf(random, () => number(random)),
      ),
    },
  }),
  "range of dates": (random) => {
    const field = random.pick(dateFields);
    const zone = random.chance(0.3) ? { time_zone: random.pick(["+02:00", "Europe/Paris", "-05:30"]) } : {};
    return { range: { [field]: { ...rangeOf(random, () => dateOf(random, field)), ...zone } } };
  },
  "range with a format": (random) => ({
    range: {
      at: { ...rangeOf(random, () => `${random.between(10, 28)}/0${random.between(1, 9)}/2020`), format: "dd/MM/yyyy" },
    },
  }),
  "range of keywords": (random) => ({
    range: { [random.pick(keywordFields)]: rangeOf(random, () => random.pick(keywords)) },
  }),
  "range of ips": (random) => ({ range: { ip: rangeOf(random, () => random.pick(ips)) } }),
  exists: (random) => ({
    exists: {
      field: random.pick([
        ...keywordFields,
        ...numberFields,
        ...textFields,
        ...dateFields,
        "bool",
        "ip",
        "g",
        "o",
        "n",
        "n.k",
        "off",
        "unmapped",
        "nothing",
        "bin",
        "_id",
      ]),
    },
  }),
  ids: (random) => ({ ids: { values: random.list(4, () => `d${random.below(320)}`) } }),
  prefix: (random) => ({
    prefix: {
      [random.pick(["k", "kn", "tags", "t", "t.raw"])]: {
        value: random.pick(["a", "A", "tag1", "oa", "z", "é", "日", ""]),
        ...(random.chance(0.3) ? { case_insensitive: true } : {}),
      },
    },
  }),
  wildcard: (random) => ({
    wildcard: {
      [random.pick(["k", "kn", "tags", "t", "t.raw"])]: {
        value: random.pick(["a*", "*a*", "t?g1*", "*", "A?b*", "?", "a.?", "\\*", "*é*"]),
        ...(random.chance(0.3) ? { case_insensitive: true } : {}),
      },
    },
  }),
  regexp: (random) => ({
    regexp: {
      [random.pick(["k", "tags", "t", "t.raw"])]: {
        value: random.pick([
          "tag[0-9]",
          "tag<3-11>",
          "a.*",
          ".*",
          "(red|green)",
          "~(red|green)",
          "a\\.b",
          "[^a-m].+",
          "amber&a.*",
          "b.{3}",
          "@",
          "o.k?",
        ]),
      },
    },
  }),
  fuzzy: (random) => ({
    fuzzy: {
      [random.pick(["k", "t", "tags"])]: {
        value: random.pick(["oak", "beach", "tag", "ambre", "rde", "wilow", "cedr", "zin"]),
        ...(random.chance(0.4) ? { fuzziness: random.pick<unknown>([1, 2, "AUTO:2,4", 0]) } : {}),
        ...(random.chance(0.3) ? { prefix_length: 1 } : {}),
      },
    },
  }),
  match: (random) => ({
    match: {
      [random.pick(textFields)]: boosted(random, {
        query: phrase(random, 4),
        ...(random.chance(0.3) ? { operator: random.pick(["and", "or"]) } : {}),
        ...(random.chance(0.3)
          ? { minimum_should_match: random.pick<unknown>([1, 2, "-1", "75%", "-25%", "2<75%", "30%", "1<-1 3<2"]) }
          : {}),
        ...(random.chance(0.1) ? { analyzer: random.pick(["whitespace", "keyword", "folding"]) } : {}),
        ...(random.chance(0.1) ? { zero_terms_query: random.pick(["all", "none"]) } : {}),
      }),
    },
  }),
  "match on other fields": (random) =>
    random.pick([
      () => ({ match: { [random.pick(keywordFields)]: random.pick(keywords) } }),
      () => ({ match: { i: String(whole(random)) } }),
      () => ({ match: { at: "2020-03" } }),
      () => ({ match: { bool: "true" } }),
      () => ({ match: { i: { query: "oak", lenient: true } } }),
      () => ({ match: { nothing: "oak" } }),
    ])(),
  "match, fuzzy": (random) => ({
    match: {
      t: {
        query: random.pick(["beach oak", "wilow", "cedra larhc", "mapel"]),
        fuzziness: random.pick<unknown>(["AUTO", 1, 2]),
        ...(random.chance(0.3) ? { prefix_length: 2 } : {}),
      },
    },
  }),
  match_phrase: (random) => ({
    match_phrase: {
      [random.pick(textFields)]: {
        query: phrase(random, 3),
        ...(random.chance(0.4) ? { slop: random.between(0, 4) } : {}),
      },
    },
  }),
  match_phrase_prefix: (random) => ({
    match_phrase_prefix: {
      [random.pick(["t", "tn", "u", "t.ws"])]: {
        query: `${random.chance(0.7) ? `${random.pick(words)} ` : ""}${random.pick(["a", "o", "be", "W", "pi"])}`,
        ...(random.chance(0.3) ? { slop: 1 } : {}),
      },
    },
  }),
  match_bool_prefix: (random) => ({
    match_bool_prefix: {
      [random.pick(["t", "tn", "u"])]: {
        query: `${phrase(random, 2)} ${random.pick(["a", "o", "be", "w"])}`,
        ...(random.chance(0.3) ? { operator: "and" } : {}),
      },
    },
  }),
  multi_match: (random) => ({
    multi_match: boosted(random, {
      query: phrase(random, 3),
      fields: random.pick([
        ["t", "tn^2"],
        ["t", "u", "o.t"],
        ["t", "tn", "tc"],
        ["tn^0.5", "tc"],
        ["t", "nothing"],
      ]),
      type: random.pick(["best_fields", "most_fields", "phrase", "phrase_prefix", "bool_prefix"]),
      ...(random.chance(0.3) ? { tie_breaker: 0.3 } : {}),
    }),
  }),
  "multi_match, and": (random) => ({
    multi_match: {
      query: phrase(random, 3),
      fields: random.pick([
        ["t", "tn"],
        ["t", "k"],
        ["kn", "u^2"],
      ]),
      operator: "and",
      type: random.pick(["best_fields", "most_fields"]),
    },
  }),
  query_string: (random) => ({
    query_string: {
      query: random.pick([
        "oak AND pine",
        "oak OR (pine AND NOT fir)",
        "t:oak +tn:pine",
        '"oak pine"~3',
        "i:[0 TO 10]",
        "i:>10 k:red",
        "wil* AND NOT elm",
        "_exists_:k",
        "oak^3 pine",
        "wilow~1",
        "k:(red OR blue)",
        "*:*",
        "oak -pine",
        "d:{0 TO 5.5]",
        "at:[2020-01-01 TO 2020-06-30]",
        "oak && pine || fir",
        "te?t OR o?k",
        "k:/a.*/",
        "!oak",
        "tags:tag1 tags:tag2",
      ]),
      ...(random.chance(0.5) ? { default_field: random.pick(["t", "tn"]) } : { fields: ["t", "tn^2"] }),
      ...(random.chance(0.3) ? { default_operator: "AND" } : {}),
    },
  }),
  simple_query_string: (random) => ({
    simple_query_string: {
      query: random.pick([
        "oak pine",
        "oak + pine",
        "oak | pine",
        "-oak",
        '"oak pine"',
        "wil*",
        "(oak | fir) + pine",
        "wilow~1",
        '"oak pine"~2',
        "oak +(",
        "oak -pine",
        'fir -"oak pine"',
      ]),
      fields: random.pick([["t"], ["t", "tn"], ["t^2", "k"]]),
      ...(random.chance(0.4) ? { default_operator: "and" } : {}),
    },
  }),
  geo_distance: (random) => ({
    geo_distance: {
      distance: random.pick(["10km", "60km", "30mi", "500km", "9000km", "100000", "25nmi"]),
      g: random.pick<unknown>([centre, [3.88, 43.6], "43.6,3.88", { lat: -80, lon: 179 }, "spey6"]),
    },
  }),
  geo_bounding_box: (random) => ({
    geo_bounding_box: {
      g: random.pick<JSONObject>([
        { top_left: { lat: 44, lon: 3 }, bottom_right: { lat: 43, lon: 5 } },
        { top_left: [170, 80], bottom_right: [-170, -80] },
        { top_right: "44.5,4.5", bottom_left: "43.5,3.5" },
        { top: 44, left: 3.5, bottom: 43.2, right: 4.4 },
        { wkt: "BBOX (3, 5, 44.2, 42)" },
      ]),
    },
  }),
  geo_polygon: (random) => ({
    geo_polygon: {
      g: {
        points: random.pick<unknown[]>([
          [
            { lat: 43, lon: 3 },
            { lat: 45, lon: 4 },
            { lat: 43, lon: 5 },
          ],
          [
            [3, 43],
            [5, 43],
            [5, 44],
            [4, 43.5],
            [3, 44],
          ],
        ]),
      },
    },
  }),
};

/** Clauses on the objects of `n`. */
const nestedLeaves: readonly Make[] = [
  (random) => ({ term: { "n.k": random.pick(keywords.slice(0, 6)) } }),
  (random) => ({ range: { "n.i": rangeOf(random, () => random.below(20)) } }),
  (random) => ({ match: { "n.t": phrase(random, 3) } }),
  (random) => ({ exists: { field: random.pick(["n.k", "n.t", "n.i"]) } }),
  () => ({ match_all: {} }),
  (random) => ({ nested: { path: "n.m", query: { term: { "n.m.k": random.pick(keywords.slice(0, 4)) } } } }),
];

export const nestedModes = ["avg", "max", "min", "sum", "none"] as const;

export function nestedQuery(random: Random, innerHits: boolean): JSONObject {
  const inner = random.chance(0.5)
    ? random.pick(nestedLeaves)(random)
    : {
        bool: {
          must: random.list(random.between(1, 2), () => random.pick(nestedLeaves)(random)),
          ...(random.chance(0.3) ? { must_not: random.pick(nestedLeaves.slice(0, 3))(random) } : {}),
        },
      };
  return {
    nested: {
      path: "n",
      query: inner,
      ...(random.chance(0.6) ? { score_mode: random.pick(nestedModes) } : {}),
      ...(innerHits ? { inner_hits: random.chance(0.5) ? {} : { size: 2, sort: [{ "n.i": "desc" }] } } : {}),
    },
  };
}

function functionScore(random: Random, depth: number): JSONObject {
  const functions: readonly (() => JSONObject)[] = [
    () => ({ weight: random.pick([2, 0.5, 10]) }),
    () => ({
      field_value_factor: {
        field: random.pick(["s", "by", "hf"]),
        missing: 1,
        factor: random.pick([1, 0.1]),
        modifier: random.pick(["square", "none", "log2p", "ln2p", "sqrt", "log1p", "reciprocal"]),
      },
    }),
    () => ({ gauss: { i: { origin: 10, scale: 20, offset: 2, decay: 0.4 } } }),
    () => ({ exp: { g: { origin: centre, scale: "50km", offset: "5km" } } }),
    () => ({ linear: { at: { origin: "2020-06-01", scale: "90d" } } }),
  ];
  const one = (): JSONObject => ({
    ...(random.chance(0.5) ? { filter: newQuery(random, 0) } : {}),
    ...random.pick(functions)(),
    ...(random.chance(0.3) ? { weight: 3 } : {}),
  });
  return {
    function_score: {
      query: newQuery(random, depth - 1),
      functions: random.list(random.between(1, 3), one),
      ...(random.chance(0.6) ? { score_mode: random.pick(["multiply", "sum", "avg", "first", "max", "min"]) } : {}),
      ...(random.chance(0.6) ? { boost_mode: random.pick(["multiply", "replace", "sum", "avg", "max", "min"]) } : {}),
      ...(random.chance(0.2) ? { max_boost: 3 } : {}),
      ...(random.chance(0.2) ? { min_score: 1 } : {}),
    },
  };
}

/** Clauses that hold others. */
const branches: Readonly<Record<string, (random: Random, depth: number) => JSONObject>> = {
  bool: (random, depth) => {
    const list = (most: number): JSONObject[] => random.list(random.below(most + 1), () => newQuery(random, depth - 1));
    const should = list(3);
    return {
      bool: boosted(random, {
        ...(random.chance(0.5) ? { must: list(2) } : {}),
        ...(random.chance(0.5) ? { filter: random.chance(0.5) ? list(2) : newQuery(random, depth - 1) } : {}),
        ...(random.chance(0.7) ? { should } : {}),
        ...(random.chance(0.3) ? { must_not: list(1) } : {}),
        ...(random.chance(0.3) ? { minimum_should_match: random.pick<unknown>([0, 1, 2, "50%", "-1"]) } : {}),
      }),
    };
  },
  constant_score: (random, depth) => ({ constant_score: boosted(random, { filter: newQuery(random, depth - 1) }) }),
  dis_max: (random, depth) => ({
    dis_max: {
      queries: random.list(random.between(1, 3), () => newQuery(random, depth - 1)),
      ...(random.chance(0.5) ? { tie_breaker: 0.4 } : {}),
    },
  }),
  boosting: (random, depth) => ({
    boosting: { positive: newQuery(random, depth - 1), negative: newQuery(random, depth - 1), negative_boost: 0.3 },
  }),
  function_score: functionScore,
  nested: (random) => nestedQuery(random, false),
};

/** A query of any clause, nested up to `depth` deep. */
export function newQuery(random: Random, depth: number): JSONObject {
  const isBranch = depth > 0 && random.chance(0.6);
  return isBranch ? random.pick(Object.values(branches))(random, depth) : random.pick(Object.values(leaves))(random);
}

/** Every clause alone, by name. */
export const clauses: Readonly<Record<string, Make>> = {
  ...leaves,
  ...Object.fromEntries(
    Object.entries(branches).map(([name, make]): [string, Make] => [name, (random) => make(random, 1)]),
  ),
};
