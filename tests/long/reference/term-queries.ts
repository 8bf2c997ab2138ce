import type { JSONObject } from "../../../src/kernel/index.ts";
import { ips, keywords, tags, words } from "./collection.ts";
import {
  boosted,
  centre,
  dateFields,
  dateOf,
  keywordFields,
  type Make,
  number,
  numberFields,
  rangeOf,
  textFields,
  whole,
} from "./query-parts.ts";

/** Clauses on single values, each by name. */
export const termQueries: Readonly<Record<string, Make>> = {
  match_all: (random) => ({ match_all: boosted(random, {}) }),
  match_none: (random) => (random.chance(0.3) ? { match_none: {} } : { bool: { must_not: { match_none: {} } } }),
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
    const some = random.list(random.between(0, 4), () => random.pick([...keywords, ...tags]));
    // None at all match nothing, and the reference does not look at wrong clauses beside that.
    return { terms: boosted(random, { [field]: some.length === 0 ? keywords.slice(0, 1) : some }) };
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
};

/** Clauses on places. */
export const geoQueries: Readonly<Record<string, Make>> = {
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
