import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../../kernel/index.ts";
import { checkDocument } from "./check-document.ts";
import { compileMapping } from "./compile-mapping.ts";
import { mergeMappings } from "./merge-mappings.ts";
import { parseMappings } from "./parse-mappings.ts";

const refuses = (mappings: unknown, id: string, props?: readonly unknown[]) =>
  assert.throws(
    () => parseMappings(mappings),
    (error: { id?: string; props?: readonly unknown[] }) => {
      assert.equal(error.id, `services.storage.${id}`);
      if (props !== undefined) assert.deepEqual(error.props, props);
      return true;
    },
  );

const check = (mappings: unknown, source: JSONObject) => checkDocument(compileMapping(parseMappings(mappings)), source);

test("a mapping keeps its fields, and a boolean dynamic becomes text at every level", () => {
  const mappings = { dynamic: true, properties: { a: { dynamic: false, properties: { b: { type: "keyword" } } } } };
  assert.deepEqual(parseMappings(mappings), {
    dynamic: "true",
    properties: { a: { dynamic: "false", properties: { b: { type: "keyword" } } } },
  });
});

test("a dotted name is an object, and may stand beside the object it belongs to", () => {
  const mappings = parseMappings({
    properties: { "a.b": { type: "long" }, a: { properties: { c: { type: "date" } } } },
  });
  assert.deepEqual(mappings.properties, { a: { properties: { b: { type: "long" }, c: { type: "date" } } } });
});

test("a definition that the engine cannot use is refused with the error that says why", () => {
  refuses({ settings: {} }, "invalid_mapping");
  refuses({ dynamic: "maybe" }, "invalid_mapping");
  refuses({ properties: { a: { type: "nope" } } }, "invalid_mapping_type", ["nope"]);
  refuses({ properties: { a: { type: "keyword", analyzer: "standard" } } }, "unexpected_properties", ["analyzer", "a"]);
  refuses({ properties: { a: { type: "keyword", ignore_above: "x" } } }, "wrong_mapping_property", ["a.ignore_above"]);
  refuses({ properties: { a: { type: "text", analyzer: "nope" } } }, "wrong_mapping_property", [
    'a.analyzer ("nope" is no analyzer of the settings)',
  ]);
  refuses({ properties: { a: { type: "date", format: "JJ" } } }, "wrong_mapping_property", [
    'a.format ("JJ" is no date format)',
  ]);
  refuses({ properties: { a: { type: "scaled_float" } } }, "wrong_mapping_property", ["a.scaling_factor (is needed)"]);
  refuses({ properties: { a: { type: "ip", null_value: "x" } } }, "wrong_mapping_property", [
    "a.null_value (not an IP address)",
  ]);
  refuses({ properties: { a: { type: "text", term_vector: "all" } } }, "wrong_mapping_property", ["a.term_vector"]);
  for (const wrong of [true, { min_chars: 0 }, { min_chars: 5, max_chars: 2 }, { max_chars: 20 }, { min: 2 }])
    refuses({ properties: { a: { type: "text", index_prefixes: wrong } } }, "wrong_mapping_property");
  refuses({ properties: { a: {} } }, "wrong_mapping_property", ["a.type"]);
  refuses({ properties: { "a.b": { type: "long" }, a: { type: "long" } } }, "duplicate_field_mapping", ["a"]);
  refuses({ properties: { a: { type: "shape" } } }, "unexpected_bad_request");
});

test("beginnings of words are kept between 2 and 5 characters unless the mapping says otherwise", () => {
  for (const index_prefixes of [{}, { min_chars: 1, max_chars: "10" }, null])
    assert.ok(parseMappings({ properties: { a: { type: "text", index_prefixes, term_vector: "yes" } } }));
});

test("a mapping grows by new fields, and refuses to change the type of one", () => {
  const current = parseMappings({
    _meta: { v: 1 },
    properties: { a: { type: "keyword" }, o: { properties: { b: { type: "long" } } } },
  });
  const grown = mergeMappings(
    current,
    parseMappings({ _meta: { w: 2 }, properties: { o: { properties: { c: { type: "ip" } } } } }),
  );
  assert.deepEqual(grown, {
    _meta: { w: 2 },
    properties: { a: { type: "keyword" }, o: { properties: { b: { type: "long" }, c: { type: "ip" } } } },
  });
  const clash = (properties: JSONObject, path: string) =>
    assert.throws(() => mergeMappings(current, parseMappings({ properties })), {
      id: "services.storage.cannot_change_mapping",
      props: [path],
    });
  clash({ a: { type: "text" } }, "a");
  clash({ o: { type: "nested", properties: {} } }, "o");
  clash({ "o.b": { type: "double" } }, "o.b");
  clash({ a: { properties: { x: { type: "long" } } } }, "a");
});

test("a value that its field cannot hold refuses the document, and names the field", () => {
  const refused = (definition: JSONObject, value: unknown) => {
    const answer = check({ properties: { f: definition } }, { f: value });
    assert.equal(answer.ok, false, JSON.stringify([definition, value]));
    if (!answer.ok) {
      assert.equal(answer.errorId, "services.storage.unexpected_bad_request");
      assert.match(String(answer.parameters[0]), /"f"/);
    }
  };
  refused({ type: "integer" }, "abc");
  refused({ type: "integer" }, 2 ** 31);
  refused({ type: "byte" }, [1, 200]);
  refused({ type: "integer" }, true);
  refused({ type: "date" }, "yesterday");
  refused({ type: "date" }, "2021-02-30");
  refused({ type: "boolean" }, "yes");
  refused({ type: "ip" }, "1.2.3.400");
  refused({ type: "geo_point" }, { lat: 91, lon: 0 });
  refused({ type: "geo_point" }, { lat: 1 });
  refused({ type: "keyword" }, { a: 1 });
  refused({ type: "text" }, { a: 1 });
  refused({ properties: { a: { type: "long" } } }, 5);
  refused({ type: "keyword" }, "x".repeat(40_000));
  refused({ type: "alias", path: "g" }, 1);
});

test("values that read as their field's type are taken", () => {
  const taken = (definition: JSONObject, ...values: unknown[]) => {
    for (const value of values)
      assert.deepEqual(check({ properties: { f: definition } }, { f: value }), { ok: true }, JSON.stringify(value));
  };
  taken({ type: "integer" }, 1, "1", 1.5, "", null, [1, null, "2"], []);
  taken({ type: "integer", ignore_malformed: true }, "abc");
  const open = { type: "Polygon", coordinates: [[[0, 0], [1, 0], [1, 1]]] }; // biome-ignore format: one ring
  taken({ type: "geo_shape", ignore_malformed: true }, open, { type: "blob" }, {}, "POINT (x y)", 7);
  taken({ type: "geo_point", ignore_malformed: true }, { lat: "x", lon: 0 }, {});
  taken(
    { type: "date" },
    "2021",
    "2021-05-06T07:08:09.123456Z",
    "2021-05-06T07:08:09+02:00",
    1_600_000_000_000,
    "1600000000000",
  );
  taken({ type: "date", format: "dd/MM/yyyy||epoch_second" }, "31/12/2020", 1_600_000_000);
  taken({ type: "boolean" }, true, "false", "");
  taken({ type: "ip" }, "::1", "10.0.0.1", "2001:db8::ff00:42:8329");
  taken(
    { type: "geo_point" },
    { lat: 1, lon: 2 },
    [2, 1],
    "1,2",
    "u09tvw0",
    "POINT (2 1)",
    [
      [2, 1],
      [3, 4],
    ],
    { type: "Point", coordinates: [2, 1] },
  );
  taken({ enabled: false }, 5, { a: { b: 1 } });
});

test("dynamic decides about unknown fields: left out, refused, or added with the type that fits", () => {
  assert.deepEqual(check({ dynamic: "false" }, { a: 1 }), { ok: true });
  assert.deepEqual(check({ dynamic: "strict", properties: { o: { properties: {} } } }, { o: { x: 1 } }), {
    ok: false,
    errorId: "services.storage.strict_mapping_rejection",
    parameters: ["o.x"],
  });
  const answer = check(
    { dynamic: "true", properties: { fixed: { dynamic: "false", properties: {} } } },
    {
      b: true,
      n: 1,
      f: 1.5,
      d: "2020-01-02",
      t: "some text",
      o: { deep: [null, [7]] },
      e: [],
      z: null,
      fixed: { x: 1 },
      "p.q": 1,
      list: [{ a: 1 }, { c: "2020" }],
    },
  );
  assert.ok(answer.ok);
  const text = { type: "text", fields: { keyword: { type: "keyword", ignore_above: 256 } } };
  assert.deepEqual(answer.mappings?.properties, {
    fixed: { dynamic: "false", properties: {} },
    b: { type: "boolean" },
    n: { type: "long" },
    f: { type: "float" },
    d: { type: "date" },
    t: text,
    o: { properties: { deep: { type: "long" } } },
    p: { properties: { q: { type: "long" } } },
    list: { properties: { a: { type: "long" }, c: text } },
  });
});

test("elements that contradict the type inferred from the first refuse the document", () => {
  const answer = check({ dynamic: "true" }, { list: [{ a: 1 }, { a: "x" }] });
  assert.equal(answer.ok, false);
});

test("hostile documents are refused or harmless: metadata names, __proto__, depth, thousands of new fields", () => {
  assert.deepEqual(check({}, { _routing: 1 }), { ok: false, errorId: "services.storage.no_routing", parameters: [] });
  assert.equal(check({}, { _id: "x" }).ok, false);
  const proto = check(
    { dynamic: "true" },
    JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": "x"}}'),
  );
  assert.ok(proto.ok);
  assert.deepEqual(Object.keys(proto.mappings?.properties ?? {}), ["__proto__", "constructor"]);
  assert.equal(({} as JSONObject).polluted, undefined);
  let deep: JSONObject = {};
  for (let i = 0; i < 1000; i++) deep = { a: deep };
  assert.equal(check({ dynamic: "true" }, deep).ok, false);
  assert.equal(check({ dynamic: "false" }, deep).ok, true);
  const arrays = JSON.parse(`{"a":${"[".repeat(20_000)}${"]".repeat(20_000)}}`);
  assert.equal(check({ dynamic: "true" }, arrays).ok, false);
  assert.equal(check({ properties: { a: { type: "keyword" } } }, arrays).ok, false);
  const wide = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`f${i}`, i]));
  assert.equal(check({ dynamic: "true" }, wide).ok, false);
  const nested = { properties: { n: { type: "nested", properties: {} } } };
  assert.equal(check(nested, { n: Array.from({ length: 10_001 }, () => ({})) }).ok, false);
});
