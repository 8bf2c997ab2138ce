import type { JSONObject } from "../../../src/kernel/index.ts";
import * as plain from "./collection.ts";
import type { Random } from "./random.ts";
import type { Search } from "./searches.ts";

export { mappings, settings } from "./collection.ts";
export { findDifference, isFilled } from "./rare-aggregations.ts";

/** One value at most in each field: of several the reference counts equal ones twice in `rare_terms`. */
export const newDocument = (random: Random, i: number): JSONObject =>
  Object.fromEntries(
    Object.entries(plain.newDocument(random, i)).map(([name, value]) => [
      name,
      Array.isArray(value) ? value[0] : value,
    ]),
  );

/** How keys of buckets are written: booleans, dates, addresses and numbers, as they are and with a `format`. */

const dateFormats = [
  "yyyy-MM-dd",
  "epoch_second",
  "YYYY-'W'ww",
  "strict_date_hour_minute",
  "dd/MM/yyyy||yyyy",
  "week_date",
];
const numberFormats = ["0.00", "#,##0.0", "000", "0%", "#"];
const fieldsOf = {
  boolean: ["bool"],
  date: ["at", "day", "stamp"],
  ip: ["ip"],
  whole: ["i", "l", "s", "by", "s1"],
  decimal: ["f", "hf", "d", "sf"],
  keyword: ["k", "tags", "g1"],
} as const;
type Kind = keyof typeof fieldsOf;
const kindsOfFields = Object.keys(fieldsOf) as Kind[];

const maybe = (random: Random, share: number, make: () => JSONObject): JSONObject =>
  random.chance(share) ? make() : {};

function formatFor(random: Random, kind: Kind): JSONObject {
  if (kind === "date") return maybe(random, 0.6, () => ({ format: random.pick(dateFormats) }));
  if (kind === "whole" || kind === "decimal") return maybe(random, 0.6, () => ({ format: random.pick(numberFormats) }));
  // Refused, where it is.
  return maybe(random, 0.1, () => ({ format: random.pick([...dateFormats, ...numberFormats]) }));
}

/** Which values, by texts and numbers as they come in requests. */
function chosen(random: Random, kind: Kind): JSONObject {
  const values: Partial<Record<Kind, readonly unknown[]>> = {
    boolean: [["true"], ["false"], ["true", "false"], [true], [1], ["yes"]],
    date: [["2020-01-02"], ["2020-03-05T00:00:00.000Z", "2020-06-01"], [1_577_836_800_000], ["1577836800"]],
    ip: [[random.pick(plain.ips)], ["::FFFF:10.0.0.1", "2001:DB8:0::1"], ["not an address"], ["10.0.0.0/8"]],
    whole: [
      [1, 2, 3],
      ["1", "2"],
      [0, -5],
    ],
  };
  const list = values[kind];
  if (list === undefined) return {};
  return maybe(random, 0.25, () => ({ [random.pick(["include", "exclude"])]: random.pick(list) }));
}

function missingFor(random: Random, kind: Kind): JSONObject {
  const values: Readonly<Record<Kind, readonly unknown[]>> = {
    boolean: [true, "false", "true"],
    date: ["2020-01-02", 1_577_836_800_000],
    ip: ["1.2.3.4", "::2"],
    whole: [7, "8"],
    decimal: [1.5, "2.5"],
    keyword: ["N/A"],
  };
  return maybe(random, 0.25, () => ({ missing: random.pick(values[kind]) }));
}

const pick = (random: Random, kinds: readonly Kind[] = kindsOfFields): { kind: Kind; field: string } => {
  const kind = random.pick(kinds);
  return { kind, field: random.pick(fieldsOf[kind]) };
};

const search = (random: Random, aggregation: JSONObject): Search => ({
  body: {
    query: random.pick<JSONObject>([{ match_all: {} }, { range: { i: { gte: -10 } } }, { term: { bool: true } }]),
    aggs: { a: random.chance(0.8) ? aggregation : { filter: { exists: { field: "k" } }, aggs: { a: aggregation } } },
  },
  from: 0,
  size: 0,
});

const terms = (random: Random): Search => {
  const { kind, field } = pick(random);
  // Those of sf lie a little beside what is written, there.
  const format = field === "sf" ? {} : formatFor(random, kind);
  // Numbers in a request must have the format of the answer there.
  const isFree = format.format === undefined || kind === "date";
  const options = isFree ? { ...chosen(random, kind), ...missingFor(random, kind) } : {};
  const order = random.pick<JSONObject>([{}, { order: { _key: "asc" } }, { order: { _key: "desc" } }]);
  return search(random, { terms: { field, size: 500, ...format, ...options, ...order } });
};

const rareTerms = (random: Random): Search => {
  const { kind, field } = pick(random, ["boolean", "date", "ip", "keyword"]);
  const options = { ...formatFor(random, kind), ...chosen(random, kind) };
  return search(random, { rare_terms: { field, max_doc_count: random.between(1, 100), ...options } });
};

const significantTerms = (random: Random): Search => {
  const { kind, field: any } = pick(random, ["boolean", "date", "ip", "whole", "keyword"]);
  // Not with a format that says less than the value: the reference reads back what it has written.
  const field = kind === "date" ? "at" : any;
  const options = chosen(random, kind);
  return search(random, { significant_terms: { field, size: 1000, min_doc_count: 1, ...options } });
};

const composite = (random: Random): Search => {
  const sources = random
    .list(random.between(1, 2), () => random.next())
    .map((_, i) => {
      const { kind, field } = pick(random);
      const shared = random.pick<JSONObject>([{}, { order: "desc" }, { missing_bucket: true }]);
      const isSpaced = kind === "date" && random.chance(0.6);
      const source = isSpaced
        ? { date_histogram: { field, calendar_interval: "month", ...formatFor(random, kind), ...shared } }
        : { terms: { field, ...shared } };
      return { [`s${i}`]: source };
    });
  const { body, ...page } = search(random, {});
  return { ...page, body: { ...body, aggs: { a: { composite: { size: 1000, sources } } } } };
};

const dateRange = (random: Random): Search => {
  const ranges = [{ from: "2020-03-01||/M", to: "2020-06-01||/M" }, { from: 1_577_836_800_000 }];
  return search(random, { date_range: { field: "at", ranges, ...maybe(random, 0.3, () => ({ keyed: true })) } });
};

const histogram = (random: Random): Search => {
  const { kind, field } = pick(random, ["whole", "decimal"]);
  const keyed = maybe(random, 0.3, () => ({ keyed: true }));
  return search(random, { histogram: { field, interval: 5, min_doc_count: 1, ...formatFor(random, kind), ...keyed } });
};

export const kinds: Readonly<Record<string, (random: Random) => Search>> = {
  terms,
  rareTerms,
  significantTerms,
  composite,
  dateRange,
  histogram,
};
