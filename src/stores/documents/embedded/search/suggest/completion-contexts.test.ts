import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { JSONObject } from "../../../../../kernel/index.ts";
import { checkDocument } from "../../../mapping/check-document.ts";
import { compileMapping } from "../../../mapping/compile-mapping.ts";
import { parseMappings } from "../../../mapping/parse-mappings.ts";
import { finish, indexOf } from "../people-fixture.ts";

const contexts = [
  { name: "place", type: "category" },
  { name: "loc", type: "geo", precision: 4 },
];
const mappings = parseMappings({
  properties: {
    tag: { type: "keyword" },
    at: { type: "geo_point" },
    c: { type: "completion", contexts },
    d: {
      type: "completion",
      contexts: [
        { name: "tag", type: "category", path: "tag" },
        { name: "at", type: "geo", path: "at", precision: 3 },
      ],
    },
    o: { properties: { e: { type: "completion", contexts: { name: "tag", type: "category", path: "o.kind" } } } },
    plain: { type: "completion" },
  },
});
const index = indexOf(
  [
    {
      c: { input: ["alpha", "alps"], weight: 3, contexts: { place: ["a", "b"], loc: [{ lat: 43, lon: 4 }] } },
      d: "delta",
      tag: "x",
    },
    {
      c: { input: "alto", contexts: { place: "b", loc: { lat: 43.5, lon: 4 } } },
      d: { input: "delve", weight: 4, contexts: { tag: "z" } },
      tag: ["x", "y"],
      at: [4, 43],
    },
    { c: { input: "alien", contexts: { place: "zz" } } },
    { c: { input: "alibi", weight: 0, contexts: { place: 5 } } },
    { o: { kind: "k", e: ["east", { input: "eaten", weight: 2 }] } },
  ],
  mappings,
);
const ask = (completion: JSONObject, prefix = "al"): unknown => {
  const { suggest } = finish(
    index.search({ body: { suggest: { s: { prefix, completion } } }, from: 0, size: 0, now: 0 }),
  );
  const [first] = (suggest?.s ?? []) as { options: JSONObject[] }[];
  return first?.options.map(({ text, _score, contexts: matched }) => [text, _score, matched]);
};
const refused = (completion: JSONObject, reason: RegExp): void => {
  assert.throws(() => ask(completion), reason);
};

// Frozen answers of the reference engine.
describe("completions in contexts", () => {
  test("only inputs in one of the contexts complete, and say in which; a boost multiplies their weight", () => {
    assert.deepEqual(ask({ field: "c", contexts: { place: "b" } }), [
      ["alpha", 3, { place: ["b"] }],
      ["alto", 1, { place: ["b"] }],
    ]);
    assert.deepEqual(ask({ field: "c", contexts: { place: [{ context: "a", boost: 3 }, "b"] } }), [
      ["alpha", 9, { place: ["a", "b"] }],
      ["alto", 1, { place: ["b"] }],
    ]);
    assert.deepEqual(ask({ field: "c", contexts: { place: { context: "z", prefix: true } } }), [
      ["alien", 1, { place: ["zz"] }],
    ]);
    assert.deepEqual(ask({ field: "c", contexts: { place: 5 } }), [["alibi", 1, { place: ["5"] }]]);
  });

  test("places are contexts by the cells that they lie in", () => {
    const at = (context: unknown, more: JSONObject = {}): unknown =>
      ask({ field: "c", contexts: { loc: { context, ...more } } });
    const [alpha, alto] = [{ loc: ["spdu"] }, { loc: ["spdz"] }];
    assert.deepEqual(ask({ field: "c", contexts: { loc: { lat: 43, lon: 4 } } }), [["alpha", 3, alpha]]);
    assert.deepEqual(at([4, 43]), [["alpha", 3, alpha]]);
    assert.deepEqual(at({ lat: 43, lon: 4 }, { precision: 3, boost: 2 }), [
      ["alpha", 6, alpha],
      ["alto", 2, alto],
    ]);
    assert.deepEqual(at({ lat: 43.17, lon: 4 }), [["alpha", 3, alpha]]);
    assert.deepEqual(at({ lat: 50, lon: 4 }, { neighbours: [3] }), []);
    assert.deepEqual(ask({ field: "c", contexts: { place: "b", loc: { lat: 43, lon: 4 } } }), [
      ["alpha", 3, { loc: ["spdu"], place: ["b"] }],
      ["alto", 1, { place: ["b"] }],
    ]);
  });

  test("other fields of the document are contexts too, beside those that are given", () => {
    assert.deepEqual(ask({ field: "d", contexts: { tag: "x" } }, "de"), [
      ["delve", 4, { tag: ["x"] }],
      ["delta", 1, { tag: ["x"] }],
    ]);
    assert.deepEqual(ask({ field: "d", contexts: { tag: "z" } }, "de"), [["delve", 4, { tag: ["z"] }]]);
    assert.deepEqual(ask({ field: "d", contexts: { at: { lat: 43, lon: 4 } } }, "de"), [["delve", 4, { at: ["spd"] }]]);
    assert.deepEqual(ask({ field: "o.e", contexts: { tag: "k" } }, "ea"), [["eaten", 2, { tag: ["k"] }]]);
  });

  test("what is wrong is refused, and its place is named", () => {
    refused({ field: "c" }, /the field has contexts: name those/);
    refused({ field: "c", contexts: {} }, /the field has contexts: name those/);
    refused({ field: "c", contexts: { nope: "b" } }, /contexts.nope\] the field has the contexts place, loc only/);
    refused({ field: "c", contexts: { place: { foo: 5 } } }, /must be a text, a number or a boolean/);
    refused({ field: "c", contexts: { place: { context: "a", boost: 0 } } }, /boost\] must be a whole number/);
    refused({ field: "c", contexts: { loc: { context: [4, 43], precision: 13 } } }, /from 1 to 12/);
    refused({ field: "plain", contexts: { place: "a" } }, /has no contexts/);
    refused({ field: "c", contexts: JSON.parse('{"__proto__": "a"}') }, /contexts.__proto__\]/);
    const compiled = compileMapping(mappings);
    const write = (document: JSONObject): string => JSON.stringify(checkDocument(compiled, document));
    assert.match(write({ c: "alone" }), /the field has contexts, so an input needs one/);
    assert.match(write({ c: { input: "a", contexts: { nope: "b" } } }), /is none of its contexts place, loc/);
    assert.match(write({ c: { input: "a", contexts: { place: { a: 1 } } } }), /a text, a number or a boolean/);
    assert.match(write({ plain: { input: "a", contexts: { place: "a" } } }), /the field has no contexts/);
    for (const wrong of [
      [],
      {},
      [{ name: "a" }],
      [{ name: "a", type: "nope" }],
      [{ name: "a", type: "geo", precision: 0 }],
    ])
      assert.throws(() => parseMappings({ properties: { c: { type: "completion", contexts: wrong } } }));
  });
});
