import assert from "node:assert/strict";
import { test } from "node:test";
import { type Filter, FilterSet, matches, parseFilter } from "./index.ts";
import type { JSONObject } from "./plain-object.ts";

const options = { maxConditions: 1_000, regExpEngine: "re2" } as const;
const parse = (filter: unknown): Filter => parseFilter(filter, options);

/** Park-Miller, so that a failure can be repeated. */
class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  upTo(limit: number): number {
    this.#state = (this.#state * 48_271) % 2_147_483_647;
    return this.#state % limit;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.upTo(list.length)] as T; // within bounds
  }

  list<T>(most: number, make: () => T): T[] {
    return Array.from({ length: 1 + this.upTo(most) }, make);
  }
}

const scalars = [0, 1, 2, 3, -1, 1.5, "", "x", "xy", "yxz", "1", true, false, null] as const;
const texts = ["x", "xy", "xyz", "axyzb", "b", "abcabc", "1"] as const;
const expressions = [
  "x",
  "^x",
  "z$",
  "^xy$",
  "xyz",
  "xyz[a-b]",
  "x.z",
  "[0-9]",
  "abc",
  "a?b+",
  "(x|b)",
  "ab.*bc",
  "1",
] as const;
const points = [
  [0, 0],
  "1, 1",
  { lat: 2, lon: 2 },
  [2, 179.9],
  [89.5, 10],
  { lat_lon: [-1, 1] },
  "s000",
  "nowhere",
  [95, 0],
] as const;
const validPoints = points.slice(0, 7);
const distances = ["0 m", "100 km", "200 km", "300 km", "5000 km"] as const;

class Generator {
  readonly dice: Dice;
  readonly paths: readonly string[];

  constructor(seed: number, paths: readonly string[]) {
    this.dice = new Dice(seed);
    this.paths = paths;
  }

  filter(depth: number): JSONObject {
    const { dice } = this;
    const kind = depth === 0 ? 0 : dice.upTo(8);
    const inner = (): JSONObject => this.filter(depth - 1);
    if (kind === 1) return { and: dice.list(3, inner) };
    if (kind === 2) return { or: dice.list(3, inner) };
    if (kind === 3) return { not: inner() };
    if (kind === 4) {
      const bool: JSONObject = { [dice.pick(["must", "should", "must_not", "should_not"])]: dice.list(2, inner) };
      bool[dice.pick(["must", "should", "must_not", "should_not"])] = dice.list(2, inner);
      return { bool };
    }
    return this.clause(depth);
  }

  clause(depth: number): JSONObject {
    const { dice } = this;
    const path = dice.pick(this.paths);
    switch (dice.upTo(14)) {
      case 0:
      case 1:
        return { equals: { [path]: dice.pick(scalars) } };
      case 2:
        return { exists: path };
      case 3:
        return { missing: path };
      case 4:
        return { [dice.pick(["exists", "missing"])]: `${path}[${JSON.stringify(dice.pick(scalars))}]` };
      case 5:
        return { in: { [path]: dice.list(4, () => dice.pick(texts)) } };
      case 6:
        return { ids: { values: dice.list(3, () => dice.pick(texts)) } };
      case 7:
      case 8:
        return { range: { [path]: this.bounds() } };
      case 9:
        return { regexp: { [path]: { value: dice.pick(expressions), flags: dice.pick(["", "i"]) } } };
      case 10:
        return { match: { [path]: this.value(2) } };
      case 11:
        return {
          select: {
            field: path,
            index: dice.upTo(4) - 2,
            query: depth > 0 ? this.renamed(depth - 1) : { exists: "value" },
          },
        };
      case 12:
        return { nothing: 1 };
      default:
        return this.geo(path);
    }
  }

  /** A filter for an element of an array. */
  renamed(depth: number): JSONObject {
    return new Generator(this.dice.upTo(1_000_000) + 1, ["value", "value.a", "value.b"]).filter(depth);
  }

  bounds(): JSONObject {
    const low = this.dice.upTo(5) - 2;
    const bounds: JSONObject = {};
    const which = this.dice.upTo(3);
    if (which !== 0) bounds[this.dice.pick(["gt", "gte"])] = low;
    if (which !== 1) bounds[this.dice.pick(["lt", "lte"])] = low + 0.5 + this.dice.upTo(3);
    return bounds;
  }

  geo(path: string): JSONObject {
    const { dice } = this;
    const point = dice.pick(validPoints);
    switch (dice.upTo(4)) {
      case 0:
        return { geoDistance: { [path]: point, distance: dice.pick(distances) } };
      case 1:
        return { geoDistanceRange: { [path]: point, from: "10 km", to: dice.pick(distances.slice(1)) } };
      case 2:
        return { geoBoundingBox: { [path]: { top: dice.upTo(4), left: -1, bottom: -2, right: dice.upTo(180) } } };
      default:
        return {
          geoPolygon: {
            [path]: {
              points: [
                [-1, -1],
                [3, dice.upTo(5)],
                [dice.upTo(3), 5],
              ],
            },
          },
        };
    }
  }

  value(depth: number): unknown {
    const { dice } = this;
    switch (depth === 0 ? dice.upTo(2) : dice.upTo(7)) {
      case 2:
        return dice.list(3, () => this.value(depth - 1));
      case 3:
        return this.object(depth - 1, 2);
      case 4:
        return dice.pick(points);
      case 1:
        return dice.pick(texts);
      default:
        return dice.pick(scalars);
    }
  }

  object(depth: number, most: number): JSONObject {
    const object: JSONObject = {};
    for (let i = this.dice.upTo(most + 1); i > 0; i--) {
      const path = this.dice.pick(this.paths);
      // Whole paths as keys, and single parts of them, so that both ways of nesting occur.
      const key = this.dice.upTo(4) === 0 ? path : this.dice.pick(path.split("."));
      object[key] = this.value(depth);
    }
    return object;
  }
}

const few = ["a", "b", "a.b", "a.b.c", "c.a", "_id", "d"];
const many = [
  ...few,
  ...Array.from({ length: 40 }, (_, i) => `w${i}`),
  ...Array.from({ length: 40 }, (_, i) => `a.w${i}`),
];

for (const [what, paths, seed] of [
  ["few fields", few, 11],
  ["many fields", many, 12],
] as const) {
  test(`a set finds what testing one by one finds, over ${what}, while filters come and go`, () => {
    const make = new Generator(seed, paths);
    const set = new FilterSet();
    const filters = new Map<string, { source: JSONObject; filter: Filter }>();
    let found = 0;
    for (let round = 0; round < 400; round++) {
      for (let i = 0; i < 4; i++) {
        const source = make.filter(3);
        const id = `f${round}-${i}`;
        filters.set(id, { source, filter: parse(source) });
        assert.equal(set.add(id, parse(source)), true);
      }
      for (const id of [`f${make.dice.upTo(round + 1)}-0`, `f${make.dice.upTo(round + 1)}-1`]) {
        assert.equal(set.remove(id), filters.delete(id));
      }
      assert.equal(set.size, filters.size);
      const document = make.object(3, 5);
      const documentId = make.dice.upTo(3) === 0 ? undefined : make.dice.pick(texts);
      const expected: string[] = [];
      for (const [id, { filter }] of filters) if (matches(filter, document, documentId)) expected.push(id);
      found += expected.length;
      const actual = set.match(document, documentId);
      const wrong = new Set(expected).symmetricDifference(new Set(actual));
      const [first] = wrong;
      assert.equal(
        first,
        undefined,
        `${JSON.stringify(filters.get(first ?? "")?.source)} against ${JSON.stringify(document)}, _id ${documentId}`,
      );
      assert.equal(actual.length, expected.length, "a filter is found once");
    }
    assert.ok(found > 10_000, `only ${found} matches: the test is blunt`);
    for (const id of filters.keys()) assert.equal(set.remove(id), true);
    assert.equal(set.size, 0);
    assert.deepEqual(set.match(make.object(3, 5), "x"), []);
  });
}

test("a condition and its negation, over random filters and documents, never both hold", () => {
  const make = new Generator(13, few);
  for (let i = 0; i < 3_000; i++) {
    const source = make.filter(3);
    const [plain, negated] = [parse(source), parse({ not: source })];
    const document = make.object(3, 5);
    const answer = matches(plain, document, "x");
    const place = `${JSON.stringify(source)} against ${JSON.stringify(document)}`;
    assert.ok(!(answer && matches(negated, document, "x")), place);
    assert.equal(matches(parse({ not: { not: source } }), document, "x"), answer, place);
  }
});

test("adding an id twice and removing an unknown one change nothing", () => {
  const set = new FilterSet();
  assert.equal(set.add("one", parse({ equals: { a: 1 } })), true);
  assert.equal(set.add("one", parse({ equals: { a: 2 } })), false);
  assert.equal(set.remove("two"), false);
  assert.ok(set.has("one"));
  assert.equal(set.has("two"), false);
  assert.deepEqual(set.match({ a: 1 }), ["one"]);
  assert.deepEqual(set.match({ a: 2 }), []);
});

test("a removed filter is never found again, its companions still are", () => {
  const set = new FilterSet();
  const kinds = [
    { equals: { a: 1 } },
    { range: { a: { gte: 1 } } },
    { exists: "a" },
    { not: { equals: { b: 1 } } },
    {},
    { and: [{ exists: "a" }, { equals: { a: 1 } }] },
  ];
  for (const [i, kind] of kinds.entries()) for (const copy of "xyz") set.add(`${copy}${i}`, parse(kind));
  for (const i of kinds.keys()) set.remove(`y${i}`);
  const rest = kinds.flatMap((_, i) => [`x${i}`, `z${i}`]).sort();
  assert.deepEqual(set.match({ a: 1 }).sort(), rest);
});

test("the document is left as it was, and read anew by the next call", () => {
  const set = new FilterSet();
  set.add("one", parse({ and: [{ equals: { "a.b": 1 } }, { missing: "c" }] }));
  const document: { a: { b: number } } = Object.freeze({ a: Object.freeze({ b: 1 }) });
  assert.deepEqual(set.match(document), ["one"]);
  assert.deepEqual(set.match({ a: { b: 1 }, c: null }), []);
  assert.deepEqual(set.match({}), []);
  assert.deepEqual(set.match(document), ["one"]);
});

test("a hostile document costs no more than its size", { timeout: 60_000 }, () => {
  const set = new FilterSet();
  for (let i = 0; i < 200; i++) {
    set.add(`r${i}`, parse({ regexp: { text: `aaa${i}?` } }));
    set.add(`t${i}`, parse({ and: [{ exists: `tags["t${i}"]` }, { exists: `deep.${"a.".repeat(i % 60)}a` }] }));
  }
  let deep: JSONObject = {};
  for (let i = 0; i < 20_000; i++) deep = { a: deep };
  const tags = new Array<string>(200_000).fill("t1");
  assert.ok(set.match({ text: "a".repeat(500_000), deep, tags, ["a.".repeat(100_000)]: 1 }).length > 1);
});

test("finding one among many filters does not mean looking at all of them", { timeout: 60_000 }, () => {
  const set = new FilterSet();
  for (let i = 0; i < 20_000; i++) {
    set.add(`${i}`, parse({ and: [{ equals: { type: "order" } }, { equals: { customer: `c${i}` } }] }));
    set.add(`r${i}`, parse({ range: { total: { gte: i, lt: i + 1 } } }));
    set.add(`g${i}`, parse({ geoDistance: { at: [(i % 160) - 80, (i / 160) * 2 - 150], distance: "1 km" } }));
    set.add(`x${i}`, parse({ regexp: { name: `^item ${i}:` } }));
  }
  const document = { type: "order", customer: "c77", total: 99.5, at: [0, 0], name: "item 123: shoes" };
  for (let i = 0; i < 50; i++) set.match(document);
  for (let i = 0; i < 50; i++) assert.deepEqual(set.match(document).sort(), ["77", "r99", "x123"]);
});
