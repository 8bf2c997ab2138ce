/** Highlights mark what the clause of the query finds; the expected marks are those of Elasticsearch 7.10.2. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../../../../kernel/index.ts";
import { compileMapping } from "../../../mapping/compile-mapping.ts";
import { Highlighter } from "./highlighter.ts";

const mapping = compileMapping({ properties: { name: { type: "text" }, key: { type: "keyword" } } }, {});

function marked(query: JSONObject, source: JSONObject): JSONObject | undefined {
  return new Highlighter({ fields: { "*": {} } }, query, mapping).run(source);
}

test("patterns without regard to case mark words in any case", () => {
  const name = { name: ["<em>Castelli</em>"] };
  assert.deepEqual(marked({ prefix: { name: { value: "Cast", case_insensitive: true } } }, { name: "Castelli" }), name);
  assert.deepEqual(
    marked({ wildcard: { name: { value: "CAS*L?I", case_insensitive: true } } }, { name: "Castelli" }),
    name,
  );
  assert.deepEqual(
    marked({ regexp: { name: { value: "CAS.*", case_insensitive: true } } }, { name: "Castelli" }),
    name,
  );
  assert.deepEqual(marked({ term: { key: { value: "red", case_insensitive: true } } }, { key: "RED" }), {
    key: ["<em>RED</em>"],
  });
  assert.equal(marked({ prefix: { name: "Cast" } }, { name: "Castelli" }), undefined);
});

test("a question mark in a pattern marks any letter, and only one", () => {
  assert.deepEqual(marked({ wildcard: { name: "p?ne" } }, { name: "pine plane pne" }), {
    name: ["<em>pine</em> plane pne"],
  });
});

test("fuzzy clauses mark words with exchanged letters, and none that the beginning excludes", () => {
  assert.deepEqual(marked({ fuzzy: { name: { value: "raşaad" } } }, { name: "Ramada" }), {
    name: ["<em>Ramada</em>"],
  });
  assert.equal(marked({ fuzzy: { name: { value: "raşaad", prefix_length: 3 } } }, { name: "Ramada" }), undefined);
  assert.deepEqual(marked({ match: { name: { query: "pien", fuzziness: "AUTO" } } }, { name: "pine" }), {
    name: ["<em>pine</em>"],
  });
});

test("options that would change how a text is cut or read are refused, their defaults are not", () => {
  const vectors = compileMapping({ properties: { name: { type: "text", term_vector: "with_positions_offsets" } } }, {});
  const open = (options: JSONObject): Highlighter =>
    new Highlighter({ fields: { name: options } }, { match: { name: "pine" } }, vectors);
  for (const refused of [
    { type: "fvh", boundary_chars: "-" },
    { type: "fvh", boundary_max_scan: 5 },
    { type: "fvh", fragment_offset: 3 },
    { type: "fvh", phrase_limit: 1 },
    { type: "fvh", matched_fields: ["name"] },
    { type: "plain", fragmenter: "simple" },
    { max_analyzed_offset: 10 },
  ])
    assert.throws(() => open(refused), /is not supported with type/);
  open({ type: "fvh", boundary_max_scan: 20, fragment_offset: 0, phrase_limit: "256" });
  open({ type: "plain", fragmenter: "span" });
  open({ fragmenter: "simple", boundary_chars: "-" });
});
