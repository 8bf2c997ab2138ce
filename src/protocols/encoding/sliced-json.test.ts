import assert from "node:assert/strict";
import { test } from "node:test";
import { isLongJson, parseJson } from "./sliced-json.ts";

const documents = (count: number): unknown[] =>
  Array.from({ length: count }, (_, i) => ({
    title: `"é" \\ ]},{[ ${i}`,
    n: i,
    list: [1, [], { a: "],}" }],
    o: { x: null },
  }));

const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

async function assertSame(text: string | Buffer): Promise<void> {
  let expected: unknown;
  let message: string | undefined;
  try {
    expected = JSON.parse(text.toString());
  } catch (error) {
    ({ message } = error as Error);
  }
  if (message === undefined) assert.deepEqual(await parseJson(text), expected);
  else await assert.rejects(parseJson(text), { name: "SyntaxError", message });
}

test("what JSON.parse answers: short, long, with several long arrays, with none", async () => {
  const many = documents(4_000);
  const texts = [
    { a: 1 },
    { before: [1], documents: many, after: { more: [2] } },
    { documents: many, empty: [], others: documents(3_000), last: "x" },
    many,
    [many, 1, many],
    { one: "x".repeat(300_000), two: [] },
    { one: ["x".repeat(300_000), "y".repeat(200_000)], two: [3] },
    { nested: { documents: many } },
    Array.from({ length: 100_000 }, (_, i) => i),
    { numbers: Array.from({ length: 100_000 }, (_, i) => i) },
  ].map(bytesOf);
  assert.equal(texts.filter(isLongJson).length, texts.length - 1);
  for (const text of texts) await assertSame(text);
  await assertSame(String(texts[1]));
  await assertSame(Buffer.from(JSON.stringify({ documents: many }, null, 2)));
});

test("a member that comes twice has its last value, and __proto__ is a member like others", async () => {
  const many = JSON.stringify(documents(3_000));
  await assertSame(`{"a":${many},"a":[1]}`);
  await assertSame(`{"a":[1],"a":${many}}`);
  await assertSame(`{"a":${many},"a":${many.replace("[", "[0,")}}`);
  const parsed = (await parseJson(`{"__proto__":${many},"constructor":${many}}`)) as object;
  assert.deepEqual(Object.keys(parsed), ["__proto__", "constructor"]);
  assert.equal(Object.getPrototypeOf(parsed), Object.prototype);
});

test("a long text that is no JSON is refused with the words of JSON.parse", async () => {
  const many = JSON.stringify(documents(4_000));
  const inner = many.slice(1, -1);
  const texts = [
    `{"a":[${inner},],"b":1}`,
    `{"a":[${inner},,1],"b":1}`,
    `{"a":[,${inner}]}`,
    `{"a":[${inner}`,
    `{"a":[${inner}}`,
    `{"a":[${inner}},"b":[2],"c":3}`,
    `{"a":[${inner}]]}`,
    `{"a":[${inner}]`,
    `{"a":[${inner}]} {"b":${many}}`,
    `{"a" ${many}}`,
    `${many} ${many}`,
    `{"a":["${"x".repeat(200_000)}]}`,
    "[".repeat(200_000),
  ];
  for (const text of texts) {
    assert.throws(() => JSON.parse(text));
    await assertSame(text);
  }
});

test("a character too much, too few or another one: the same as JSON.parse", async () => {
  const text = JSON.stringify({ a: documents(2_500), b: documents(1_500) });
  const step = 12_347; // each slice is met somewhere
  const others = ['"', "\\", "[", "]", "{", "}", ",", ":", "0", " "];
  for (let at = 0, turn = 0; at < text.length; at += step, turn++) {
    const other = others[turn % others.length] as string;
    await assertSame(text.slice(0, at) + other + text.slice(at));
    await assertSame(text.slice(0, at) + text.slice(at + 1));
    await assertSame(text.slice(0, at) + other + text.slice(at + 1));
  }
});

test("others have their turn between two slices", async () => {
  const text = bytesOf({ documents: documents(10_000) });
  let isParsed = false;
  const parsing = parseJson(text).then(() => {
    isParsed = true;
  });
  let turns = 0;
  for (; !isParsed; turns++) await new Promise((resolve) => setImmediate(resolve));
  await parsing;
  assert.ok(turns >= Math.floor(text.length / (64 * 1_024)) - 1, `${turns} turns`);
});
