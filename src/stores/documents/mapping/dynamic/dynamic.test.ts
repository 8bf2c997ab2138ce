import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../../../kernel/index.ts";
import type { Settings } from "../../document-store.ts";
import { checkDocument } from "../check-document.ts";
import { compileMapping } from "../compile-mapping.ts";
import { parseMappings } from "../parse-mappings.ts";

/** The properties of a mapping after a document; a text when the document is refused. */
function grown(mappings: JSONObject, source: JSONObject, settings: Settings = {}): unknown {
  const check = checkDocument(compileMapping(parseMappings(mappings, settings), settings), source);
  return check.ok ? check.mappings?.properties : String(check.parameters[0]);
}

test("a template gives new fields its definition, by their type, name or path", () => {
  const dynamic_templates = [
    { keys: { match_mapping_type: "string", match: "k_*", unmatch: "*_t", mapping: { type: "keyword" } } },
    { inside: { path_match: "o.*", mapping: { type: "{dynamic_type}", meta: { was: "{name}" } } } },
    { numbered: { match_pattern: "regex", match: "^n\\d+$", mapping: { type: "keyword", copy_to: "all_{name}" } } },
    { nests: { match_mapping_type: "object", match: "list", mapping: { type: "nested" } } },
  ];
  const text = { type: "text", fields: { keyword: { type: "keyword", ignore_above: 256 } } };
  assert.deepEqual(
    grown(
      { dynamic: "true", dynamic_templates },
      { k_a: "x", k_t: "x", o: { a: 1 }, n12: "x", n1x: "x", list: [{ b: 1 }] },
    ),
    {
      k_a: { type: "keyword" },
      k_t: text,
      o: { properties: { a: { type: "long", meta: { was: "a" } } } },
      n12: { type: "keyword", copy_to: "all_n12" },
      n1x: text,
      list: { type: "nested", properties: { b: { type: "long" } } },
      all_n12: text,
    },
  );
});

test("texts are taken for dates and numbers as the mapping says", () => {
  const source = { a: "12/25/2020", b: "2020-01-01", c: "12", d: "1.5" };
  const detection = { dynamic: "true", numeric_detection: true, dynamic_date_formats: ["MM/dd/yyyy"] };
  const text = { type: "text", fields: { keyword: { type: "keyword", ignore_above: 256 } } };
  assert.deepEqual(grown(detection, source), {
    a: { type: "date", format: "MM/dd/yyyy" },
    b: text,
    c: { type: "long" },
    d: { type: "float" },
  });
  assert.deepEqual(grown({ dynamic: "true", date_detection: false }, { b: "2020-01-01" }), { b: text });
});

test("runtime fields are mapped with their plain types", () => {
  assert.deepEqual(grown({ dynamic: "runtime" }, { a: "x", b: 1, c: 1.5, d: true, e: "2020-01-01", f: { g: "y" } }), {
    a: { type: "keyword" },
    b: { type: "long" },
    c: { type: "double" },
    d: { type: "boolean" },
    e: { type: "date" },
    f: { properties: { g: { type: "keyword" } } },
  });
});

test("elements of a new field must be of one type, and names must have no empty part", () => {
  const open = { dynamic: "true" };
  assert.match(String(grown(open, { a: [1, 1.5] })), /not of one type/);
  assert.match(String(grown(open, { a: ["x", { b: 1 }] })), /not of one type/);
  assert.match(String(grown(open, { "a..b": 1 })), /empty part/);
  assert.match(String(grown({ dynamic: "false" }, { ".a": 1 })), /empty part/);
  assert.match(String(grown({ ...open, properties: { a: { type: "long" } } }, { "a.b": 1 })), /needs an object/);
  assert.match(String(grown({ ...open, properties: { a: { type: "nested" } } }, { "a.b": 1 })), /nested object/);
});

test("a template that cannot be used refuses the document that needs it, one that cannot be read the mapping", () => {
  const unusable = [{ t: { match: "*", mapping: { type: "nope" } } }];
  assert.match(String(grown({ dynamic: "true", dynamic_templates: unusable }, { a: 1 })), /cannot be used/);
  const refused = (template: JSONObject): void => {
    assert.throws(() => parseMappings({ dynamic_templates: [{ t: template }] }), /./, JSON.stringify(template));
  };
  refused({ mapping: { type: "keyword" } });
  refused({ match: "*" });
  refused({ match: "*", nope: 1, mapping: {} });
  refused({ match_mapping_type: "text", mapping: {} });
  refused({ match: "(", match_pattern: "regex", mapping: {} });
});

test("a mapping grows to the limits of its collection, and no further", () => {
  const limits = { index: { mapping: { total_fields: { limit: 4 }, "depth.limit": 2 } } };
  assert.deepEqual(grown({ dynamic: "true" }, { a: 1, b: { c: 1 } }, limits), {
    a: { type: "long" },
    b: { properties: { c: { type: "long" } } },
  });
  assert.match(
    String(grown({ dynamic: "true" }, { a: 1, b: { c: { d: 1 } }, e: 1 }, { mapping: { total_fields: { limit: 4 } } })),
    /total_fields.limit/,
  );
  assert.match(String(grown({ dynamic: "true" }, { a: { b: { c: 1 } } }, limits)), /depth.limit/);
});

test("the first value of a constant keyword is that of the mapping, and others are refused", () => {
  const mappings = { properties: { c: { type: "constant_keyword" } } };
  assert.deepEqual(grown(mappings, { c: "x" }), { c: { type: "constant_keyword", value: "x" } });
  assert.match(String(grown(mappings, { c: ["x", "y"] })), /all documents have "x"/);
});
