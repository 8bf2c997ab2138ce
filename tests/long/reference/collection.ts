import type { JSONObject } from "../../../src/kernel/index.ts";
import type { Random } from "./random.ts";

/** The words, keywords and places that documents and queries are made of: few enough to meet. */
export const words =
  "alder ash Aspen beech birch Cedar elm fir hazel Larch maple oak pine rowan willow yew the of and été Straße naïve don't O'Neil 3.14 2024 wi-fi 東京 日本語 emoji🎉party Ångström re-run x_y".split(
    " ",
  );
export const keywords =
  "red green blue Amber amber AMBER été Zürich zinc white-spruce a.b a.c a b B é ~ z 日本 🎉 long-keyword-value".split(
    " ",
  );
export const tags = Array.from({ length: 14 }, (_, i) => `tag${i}`);
export const ips = [
  "10.0.0.1",
  "10.0.0.2",
  "10.0.1.7",
  "192.168.1.1",
  "255.255.255.255",
  "::1",
  "2001:db8::1",
  "fe80::1:2",
];

export const settings: JSONObject = {
  analysis: {
    normalizer: {
      folded: { type: "custom", filter: ["lowercase", "asciifolding"] },
    },
    analyzer: {
      folding: { type: "custom", tokenizer: "standard", filter: ["lowercase", "asciifolding"] },
      beginnings: { type: "custom", tokenizer: "whitespace", filter: ["lowercase", "first_letters"] },
      stopped: { type: "standard", stopwords: ["the", "of"] },
      pieces: { type: "custom", tokenizer: "trigrams", filter: ["lowercase"] },
    },
    tokenizer: { trigrams: { type: "ngram", min_gram: 3, max_gram: 3, token_chars: ["letter", "digit"] } },
    filter: { first_letters: { type: "edge_ngram", min_gram: 1, max_gram: 4 } },
  },
};

export const mappings = {
  dynamic: "false",
  properties: {
    uid: { type: "keyword" },
    s1: { type: "integer" },
    g1: { type: "keyword" },
    k: { type: "keyword" },
    kn: { type: "keyword", normalizer: "folded" },
    kl: { type: "keyword", ignore_above: 6 },
    kv: { type: "keyword", null_value: "NONE" },
    tags: { type: "keyword" },
    t: {
      type: "text",
      fields: {
        raw: { type: "keyword" },
        ws: { type: "text", analyzer: "whitespace" },
        simple: { type: "text", analyzer: "simple" },
        stop: { type: "text", analyzer: "stop" },
        folding: { type: "text", analyzer: "folding" },
        starts: { type: "text", analyzer: "beginnings", search_analyzer: "standard" },
        stopped: { type: "text", analyzer: "stopped" },
        pieces: { type: "text", analyzer: "pieces" },
      },
    },
    tn: { type: "text", norms: false },
    tc: { type: "text" },
    u: { type: "text", copy_to: "tc" },
    i: { type: "integer" },
    l: { type: "long" },
    s: { type: "short", null_value: 7 },
    by: { type: "byte" },
    f: { type: "float" },
    hf: { type: "half_float" },
    d: { type: "double" },
    sf: { type: "scaled_float", scaling_factor: 100 },
    bool: { type: "boolean" },
    at: { type: "date" },
    day: { type: "date", format: "yyyy-MM-dd||epoch_second" },
    stamp: { type: "date", format: "yyyy/MM/dd HH:mm:ss||yyyy/MM/dd||epoch_millis" },
    ip: { type: "ip" },
    g: { type: "geo_point" },
    bin: { type: "binary" },
    al: { type: "alias", path: "i" },
    o: { properties: { k: { type: "keyword" }, i: { type: "integer" }, t: { type: "text" } } },
    off: { type: "object", enabled: false },
    n: {
      type: "nested",
      properties: {
        k: { type: "keyword" },
        i: { type: "integer" },
        t: { type: "text" },
        at: { type: "date" },
        m: { type: "nested", properties: { k: { type: "keyword" }, i: { type: "integer" } } },
      },
    },
  },
} as const;

const dayMs = 86_400_000;

function text(random: Random, most: number): string {
  return random.list(random.below(most), () => random.pick(words)).join(random.chance(0.1) ? ", " : " ");
}

/** One value, none, null, or several of them. */
function values(random: Random, make: () => unknown): unknown {
  const kind = random.next();
  if (kind < 0.72) return make();
  if (kind < 0.78) return null;
  if (kind < 0.81) return [];
  const list: unknown[] = random.list(random.between(1, 4), make);
  if (random.chance(0.15)) list.push(null);
  return list;
}

const round = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits;

function date(random: Random): unknown {
  const ms = Date.UTC(2019, 0, 1) + random.below(3 * 365) * dayMs + (random.chance(0.5) ? random.below(dayMs) : 0);
  const iso = new Date(ms).toISOString();
  return random.pick([
    iso,
    ms,
    iso.slice(0, 10),
    iso.slice(0, 7),
    iso.slice(0, 19),
    `${iso.slice(0, 19)}+02:00`,
    `${iso.slice(0, 16)}Z`,
  ]);
}

function stamp(random: Random): unknown {
  const iso = new Date(Date.UTC(2020, 0, 1) + random.below(800 * dayMs)).toISOString();
  const slashed = iso.slice(0, 10).replaceAll("-", "/");
  return random.pick([slashed, `${slashed} ${iso.slice(11, 19)}`, Date.parse(iso)]);
}

function place(random: Random): unknown {
  const isNear = random.chance(0.6);
  const lat = round(isNear ? 43.6 + random.next() * 2 - 1 : random.next() * 178 - 89, 4);
  const lon = round(isNear ? 3.88 + random.next() * 2 - 1 : random.next() * 358 - 179, 4);
  return random.pick([{ lat, lon }, [lon, lat], `${lat},${lon}`, `POINT (${lon} ${lat})`]);
}

function nested(random: Random): JSONObject {
  return {
    ...(random.chance(0.9) ? { k: values(random, () => random.pick(keywords.slice(0, 6))) } : {}),
    ...(random.chance(0.9) ? { i: values(random, () => random.below(20)) } : {}),
    ...(random.chance(0.6) ? { t: text(random, 5) } : {}),
    ...(random.chance(0.5)
      ? { at: new Date(Date.UTC(2020, random.below(12), 1 + random.below(28))).toISOString() }
      : {}),
    ...(random.chance(0.5)
      ? { m: random.list(random.below(3), () => ({ k: random.pick(keywords.slice(0, 4)), i: random.below(5) })) }
      : {}),
  };
}

/** A document that both engines accept; a fifth of the fields is missing. */
export function newDocument(random: Random, number: number): JSONObject {
  const makers: Readonly<Record<string, () => unknown>> = {
    s1: () => random.below(9),
    g1: () => random.pick(keywords),
    k: () => values(random, () => random.pick(keywords)),
    kn: () => values(random, () => random.pick(keywords)),
    kl: () => values(random, () => random.pick(keywords)),
    kv: () => random.pick<unknown>([null, "a", "b", ["a", null], []]),
    tags: () => random.some(tags, 0.2),
    t: () => (random.chance(0.15) ? [text(random, 5), text(random, 5)] : text(random, 14)),
    tn: () => text(random, 8),
    u: () => text(random, 4),
    tc: () => text(random, 4),
    i: () => values(random, () => random.between(-50, 50)),
    l: () => values(random, () => random.pick([0, 1, -1, 2 ** 40, -(2 ** 40), random.below(1000), "17", 2.9])),
    s: () => values(random, () => random.between(-5, 5)),
    by: () => values(random, () => random.between(-128, 127)),
    f: () => values(random, () => round(random.next() * 20 - 10, 3)),
    hf: () => values(random, () => round(random.next() * 100, 2)),
    d: () =>
      values(random, () =>
        random.pick([-0, 0, 0.1, 1e-9, 1e12, round(random.next() * 1000, 4), -round(random.next() * 9, 1)]),
      ),
    sf: () => values(random, () => round(random.next() * 50, 3)),
    bool: () => values(random, () => random.pick<unknown>([true, false, "true", "false"])),
    at: () => values(random, () => date(random)),
    day: () =>
      values(random, () =>
        random.pick([
          `2020-0${random.between(1, 9)}-1${random.below(10)}`,
          String(1_580_000_000 + random.below(10_000_000)),
        ]),
      ),
    stamp: () => values(random, () => stamp(random)),
    ip: () => values(random, () => random.pick(ips)),
    g: () =>
      random.chance(0.1)
        ? [
            { lat: 43.1, lon: 3.2 },
            { lat: 44.2, lon: 4.9 },
          ]
        : place(random),
    bin: () => "aGVsbG8=",
    o: () =>
      random.pick([
        () => ({ k: random.pick(keywords), i: random.below(10), t: text(random, 4) }),
        () => random.list(2, () => ({ k: random.pick(keywords), i: random.below(10) })),
        () => ({ k: null }),
      ])(),
    off: () => ({ any: [1, { thing: "x" }] }),
    n: () => (random.chance(0.2) ? nested(random) : random.list(random.below(4), () => nested(random))),
    unmapped: () => "x",
  };
  const document: JSONObject = { uid: `u${String(number).padStart(4, "0")}` };
  for (const [name, make] of Object.entries(makers)) if (random.chance(0.8)) document[name] = make();
  return document;
}
