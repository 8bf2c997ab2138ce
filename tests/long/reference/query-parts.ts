import type { JSONObject } from "../../../src/kernel/index.ts";
import { words } from "./collection.ts";
import type { Random } from "./random.ts";

export type Make = (random: Random) => JSONObject;

export const textFields = [
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
export const keywordFields = ["k", "kn", "kl", "kv", "tags", "t.raw", "o.k"];
export const numberFields = ["i", "l", "s", "by", "f", "hf", "d", "sf", "al", "o.i"];
export const dateFields = ["at", "day", "stamp"];

export const phrase = (random: Random, most: number): string =>
  random.list(random.between(1, most), () => random.pick(words)).join(" ");
export const number = (random: Random): number =>
  random.pick([0, 1, -1, 7, random.between(-60, 60), Math.round(random.next() * 5000) / 100]);
export const whole = (random: Random): number => random.between(-60, 60);
export const boosted = (random: Random, body: JSONObject): JSONObject =>
  random.chance(0.15) ? { ...body, boost: random.pick([2, 0.5, 0]) } : body;
export const centre = { lat: 43.6, lon: 3.88 };

export function dateOf(random: Random, field: string): unknown {
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

export function rangeOf(random: Random, make: () => unknown): JSONObject {
  const low = random.pick(["gt", "gte"]);
  const high = random.pick(["lt", "lte"]);
  const kind = random.below(3);
  return { ...(kind !== 1 ? { [low]: make() } : {}), ...(kind !== 0 ? { [high]: make() } : {}) };
}
