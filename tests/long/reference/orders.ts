import type { JSONObject } from "../../../src/kernel/index.ts";
import { everyCompound } from "./compounds.ts";
import { everyField } from "./every-clause.ts";
import { centre } from "./query-parts.ts";
import type { Random } from "./random.ts";
import type { Search } from "./searches.ts";
import type { Values } from "./values.ts";

const sortable = Object.entries(everyField).filter(([, { kind }]) => kind !== "text");
const numericTypes = ["long", "double", "date", "LONG", "DOUBLE"];
const numeric = new Set(["number", "date", "boolean"]);

function key(random: Random, values: Values): unknown {
  const order = random.pick(["asc", "desc", "ASC"]);
  const special = random.below(12);
  if (special === 0) return "_score";
  if (special === 1) return { _score: { order } };
  if (special === 2)
    return random.pick<unknown>([
      { nothing: { unmapped_type: "long", order } },
      { nothing: { unmapped_type: "keyword" } },
      { nothing: { unmapped_type: "double", missing: 1.5, order } },
      { nothing: { unmapped_type: "integer", missing: 7.9 } },
      { nothing: { unmapped_type: "keyword", missing: "tag3", order } },
      { nothing: { unmapped_type: "long", numeric_type: "double", missing: "2.5" } },
      { nothing: { unmapped_type: random.pick(["nonsense", "text", "geo_point"]) } },
    ]);
  if (special === 3) {
    const { lat, lon } = centre;
    return {
      _geo_distance: {
        g: random.pick<unknown>([
          centre,
          [lon, lat],
          `${lat},${lon}`,
          [centre, { lat: 0, lon: 0 }],
          { lat: random.between(42, 45), lon: 3.5 },
        ]),
        order,
        ...(random.chance(0.5) ? { unit: random.pick(["m", "km", "mi", "ft", "nmi"]) } : {}),
        ...(random.chance(0.3) ? { mode: random.pick(["min", "max", "avg", "median"]) } : {}),
        ...(random.chance(0.3) ? { distance_type: "arc" } : {}),
        ...(random.chance(0.2) ? { ignore_unmapped: true } : {}),
      },
    };
  }
  if (special === 4) {
    const field = random.pick(["n.i", "n.k", "n.at"]);
    return {
      [field]: {
        order,
        nested: {
          path: "n",
          ...(random.chance(0.4) ? { filter: { term: { "n.k": values.pick(random, "n.k") } } } : {}),
        },
        ...(random.chance(0.3) ? { missing: random.pick(["_first", "_last"]) } : {}),
        ...(random.chance(0.3) ? { mode: random.pick(["min", "max"]) } : {}),
        ...(field !== "n.k" && random.chance(0.3) ? { numeric_type: random.pick(numericTypes) } : {}),
      },
    };
  }
  if (special === 5) return { "n.m.i": { order, nested: { path: "n", nested: { path: "n.m" } } } };
  const [field, { from, kind }] = random.pick(sortable);
  const form = random.below(6);
  if (form === 0) return field;
  if (form === 1) return { [field]: order };
  // The values of `scaled_float` differ in their last digits.
  const modes = numeric.has(kind) && field !== "sf" ? ["min", "max", "sum", "avg", "median"] : ["min", "max"];
  const value =
    kind === "boolean" || kind === "ip" ? "_first" : kind === "date" ? 1_600_000_000_000 : values.pick(random, from);
  return {
    [field]: {
      order,
      ...(random.chance(0.4)
        ? { missing: random.pick<unknown>(["_first", "_last", kind === "keyword" ? String(value) : value]) }
        : {}),
      ...(random.chance(0.4) ? { mode: random.pick(modes) } : {}),
      ...(random.chance(0.1) ? { unmapped_type: "long" } : {}),
      ...(numeric.has(kind) && random.chance(0.3) ? { numeric_type: random.pick(numericTypes) } : {}),
    },
  };
}

/** Every way to sort, two keys at most before the one that no two documents share. */
export function everyOrder(random: Random, count: number, values: Values): Search[] {
  return everyCompound(random, count, values).map(({ body, from, size }) => {
    const keys = random.list(random.between(1, 2), () => key(random, values));
    const continues = random.chance(0.4);
    const query = random.chance(0.6) ? body : {};
    const sort = [...keys, { uid: random.pick(["asc", "desc"]) }];
    return { body: { ...query, sort }, continues, from: continues ? 0 : from, size };
  });
}

const innerHits = (random: Random, name: string): JSONObject => ({
  name,
  ...(random.chance(0.6) ? { size: random.between(0, 4) } : {}),
  ...(random.chance(0.2) ? { from: 1 } : {}),
  sort: random.pick<unknown>([[{ uid: "desc" }], ["s1", "uid"], [{ i: { order: "desc", missing: "_first" } }, "uid"]]),
  ...(random.chance(0.4) ? { _source: random.pick<unknown>([false, ["uid", "k"], { excludes: ["n"] }]) } : {}),
});

/** One hit of each group, with others of the group beside it. */
export function everyCollapse(random: Random, count: number, values: Values): Search[] {
  return everyCompound(random, count, values).map(({ body, size }) => {
    const inner = random.below(3);
    const isPlain = random.chance(0.5);
    return {
      body: {
        ...body,
        collapse: {
          field: random.pick(["s1", "g1"]),
          ...(inner === 1 ? { inner_hits: innerHits(random, "others") } : {}),
          ...(inner === 2 ? { inner_hits: [innerHits(random, "some"), innerHits(random, "more")] } : {}),
          ...(inner > 0 && random.chance(0.2) ? { max_concurrent_group_searches: 2 } : {}),
        },
        sort: random.pick<unknown>([["uid"], [{ uid: "desc" }], [{ by: { order: "desc", missing: -1 } }, "uid"]]),
        ...(isPlain ? {} : { post_filter: { bool: { must_not: { term: { k: values.pick(random, "k") } } } } }),
      },
      from: random.chance(0.3) ? random.below(4) : 0,
      size,
    };
  });
}

const patterns = [
  "uid",
  "k",
  "n",
  "n.*",
  "*.k",
  "o",
  "o.k",
  "t*",
  "nothing",
  "*",
  "n.m",
  "off",
  "off.any",
  "*i*",
  "g.lat",
];

/** Parts of sources, in every form. */
export function everySource(random: Random, count: number): Search[] {
  const some = (): string[] => random.list(random.between(1, 3), () => random.pick(patterns));
  return random.list(count, () => ({
    body: {
      sort: ["uid"],
      _source: random.pick<unknown>([
        true,
        false,
        random.pick(patterns),
        some(),
        { includes: some() },
        { excludes: some() },
        { includes: some(), excludes: some() },
        { include: some(), exclude: some() },
        { includes: random.pick(patterns) },
        {},
      ]),
    },
    from: random.below(250),
    size: 10,
  }));
}
