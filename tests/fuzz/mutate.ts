import { isPlainObject, type JSONObject } from "../../src/kernel/index.ts";
import type { Random } from "../long/reference/random.ts";

const deep = (levels: number, open: string, close: string, inner: string): string =>
  open.repeat(levels) + inner + close.repeat(levels);

/** JSON texts of what does not belong where it is put. */
const hostile: readonly string[] = [
  ..."null true false 0 -1 1 0.5 -0 1e308 -1e308 5e-324 9007199254740993 2147483648 1e21 4294967296".split(" "),
  ...['""', '" "', '"*"', '"?"', '"NaN"', '"Infinity"', '"1e999"', '"now"', '"now+999999999y/d"', '"2020-13-45"'],
  ...['"__proto__"', '"constructor"', '"toString"', '"hasOwnProperty"', '"_id"', '"_source"', '"_score"', '"n"'],
  ...['"\\u0000"', '"\\ud800"', '"\\udc00x"', '"🎉"', '"../.."', '"$where"', '"a.b.c.d"', '"."', '".."', '"-1"'],
  JSON.stringify("x".repeat(20_000)),
  JSON.stringify("*a".repeat(300)),
  JSON.stringify("(".repeat(400)),
  JSON.stringify("(a|b)*".repeat(30)),
  JSON.stringify(".*.*.*.*.*.*x"),
  JSON.stringify("(((a{1,30}){1,30}){1,30}){1,30}"),
  JSON.stringify("a OR ".repeat(500)),
  JSON.stringify("word ".repeat(2_000)),
  JSON.stringify("oak ".repeat(1_000)),
  JSON.stringify("[^~@&<1-9999999>#"),
  "[]",
  "{}",
  "[null]",
  "[[]]",
  '[{"a":1},2,"3",null,[4]]',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"toString":1,"valueOf":2}',
  '{"match_all":{}}',
  '{"field":"i"}',
  '{"lat":1e9,"lon":"x"}',
  '{"gte":1,"gt":2,"lt":"x","format":"yyyy"}',
  JSON.stringify(Array.from({ length: 3_000 }, (_, i) => i)),
  JSON.stringify(Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`key${i}`, i]))),
  deep(60, "[", "]", "1"),
  deep(60, '{"a":', "}", "1"),
  deep(300, '{"bool":{"must":', "}}", '{"match_all":{}}'),
  deep(40, '{"bool":{"should":[{"match_all":{}},', "]}}", '{"match_all":{}}'),
  deep(2_000, "[", "]", ""),
  deep(2_000, '{"a":', "}", "{}"),
];

const names: readonly string[] = [
  "__proto__",
  "constructor",
  "toString",
  "",
  " ",
  "a.b",
  "field",
  "query",
  "size",
  "boost",
];

const maxText = 500_000;

/** Where something may be changed: a member of an object or an array. */
interface Place {
  readonly holder: JSONObject | unknown[];
  readonly key: string | number;
}

/** Deeper than this nothing is changed. */
const deepest = 50;

function placesOf(value: unknown, found: Place[] = [], depth = 0): Place[] {
  if (depth > deepest) return found;
  if (Array.isArray(value)) {
    for (const [key, member] of value.entries()) {
      found.push({ holder: value, key });
      placesOf(member, found, depth + 1);
    }
  } else if (isPlainObject(value)) {
    for (const key of Object.keys(value)) {
      found.push({ holder: value, key });
      placesOf(value[key], found, depth + 1);
    }
  }
  return found;
}

/** The text of a body with some members replaced, renamed, left out, wrapped, repeated, or exchanged with those of another body. */
export function mutate(random: Random, body: JSONObject, other: JSONObject): JSONObject {
  let text = JSON.stringify(body);
  let changed = JSON.parse(text) as JSONObject;
  for (let i = random.between(1, 3); i > 0; i--) {
    const places = placesOf(changed);
    if (places.length === 0) break;
    mutateAt(random, random.pick(places), placesOf(other));
    const next = JSON.stringify(changed);
    // What was repeated is one object so far, and grows with each change; the API takes no larger bodies than this by far.
    if (next.length > maxText) return JSON.parse(text) as JSONObject;
    text = next;
    changed = JSON.parse(text) as JSONObject;
  }
  return changed;
}

function mutateAt(random: Random, { holder, key }: Place, others: readonly Place[]): void {
  const members = holder as JSONObject; // an array takes its numbers as names
  const value = members[key];
  const put = (name: string | number, member: unknown): void => {
    // As parsed JSON has it: an own member, whatever its name.
    Object.defineProperty(members, name, { value: member, enumerable: true, configurable: true, writable: true });
  };
  const kind = random.next();
  if (kind < 0.45) put(key, JSON.parse(random.pick(hostile)));
  else if (kind < 0.55) put(random.pick(names), value);
  else if (kind < 0.63) delete members[key];
  else if (kind < 0.7) put(key, [value]);
  else if (kind < 0.75) put(key, { [random.pick(names.slice(2))]: value });
  else if (kind < 0.8)
    put(
      key,
      Array.from({ length: random.pick([2, 50, 1_100]) }, () => value),
    );
  else if (kind < 0.85 && typeof value === "number") put(key, random.pick([-value, value * 1e9, String(value), -1]));
  else if (kind < 0.9) put(random.pick(names), JSON.parse(random.pick(hostile)));
  else if (others.length > 0) {
    const from = random.pick(others);
    put(key, structuredClone((from.holder as JSONObject)[from.key]));
  }
}
