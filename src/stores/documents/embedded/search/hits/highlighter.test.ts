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

test("parts of a query string mark what they ask of their fields", () => {
  const source = { name: "stone and pine", key: "pinecone" };
  assert.deepEqual(marked({ query_string: { query: "name:stone OR key:PINE* OR key:pinec*" } }, source), {
    name: ["<em>stone</em> and pine"],
    key: ["<em>pinecone</em>"],
  });
  const words = { name: ["stone <em>and</em> pine"] };
  assert.deepEqual(marked({ query_string: { query: "and AND NOT pine", default_field: "name" } }, source), words);
  assert.deepEqual(marked({ simple_query_string: { query: "and | -pine", fields: ["name"] } }, source), words);
  assert.deepEqual(marked({ query_string: { query: '"and pine" OR pien~', fields: ["name"] } }, source), {
    name: ["stone <em>and</em> <em>pine</em>"],
  });
});

test("tags and schemas replace each other in their order, those of a field both", () => {
  const run = (highlight: JSONObject): unknown =>
    new Highlighter(highlight, { match: { name: "pine" } }, mapping).run({ name: "pine" })?.name;
  const own = { pre_tags: ["<b>"], post_tags: "</b>" };
  assert.deepEqual(run({ tags_schema: "styled", ...own, fields: { name: {} } }), ["<b>pine</b>"]);
  assert.deepEqual(run({ ...own, tags_schema: "styled", fields: { name: {} } }), ['<em class="hlt1">pine</em>']);
  assert.deepEqual(run({ tags_schema: "styled", fields: { name: own } }), ["<b>pine</b>"]);
  assert.throws(() => run({ tags_schema: "other", fields: { name: {} } }), /must be one of default, styled/);
  assert.throws(() => run({ ...own, post_tags: [["]"]], fields: { name: {} } }), /post_tags\] must be a list of texts/);
});

test("what several patterns find counts for each of them, and values of terms for themselves and together", () => {
  const text =
    "Hill one two. Light three four. Light five six. Light seven eight. Road nine ten. Road eleven x. Hill light z. Hill hill y.";
  const first = (query: JSONObject): unknown => {
    const highlight = { fields: { name: {} }, order: "score", fragment_size: 8, number_of_fragments: 2 };
    const should = [{ term: { name: "road" } }, query];
    return new Highlighter(highlight, { bool: { should } }, mapping).run({ name: text })?.name;
  };
  assert.deepEqual(first({ terms: { name: ["hill", "light"] } }), [
    "<em>Hill</em> <em>light</em>",
    "<em>Hill</em> <em>hill</em>",
  ]);
  assert.deepEqual(first({ regexp: { name: "hill|light" } }), ["<em>Road</em> nine", "<em>Road</em> eleven"]);
});

test("type fvh marks a phrase as one thing", () => {
  const vectors = compileMapping({ properties: { name: { type: "text", term_vector: "with_positions_offsets" } } }, {});
  const highlight = { type: "fvh", fields: { name: {} } };
  assert.deepEqual(
    new Highlighter(highlight, { match_phrase: { name: "stone pine" } }, vectors).run({ name: "Stone, pine" }),
    { name: ["<em>Stone, pine</em>"] },
  );
});

test("words of phrases with a slop, and of such that end with a beginning, are marked where they stand near each other", () => {
  const text = { name: "the wi-fi birch wi-fi, a quick and red fox, oak by the sea, quick fires" };
  const marks = (query: JSONObject): unknown => marked(query, text)?.name;
  assert.deepEqual(marks({ match_phrase: { name: { query: "quick fox", slop: 2 } } }), [
    "the wi-fi birch wi-fi, a <em>quick</em> and red <em>fox</em>, oak by the sea, quick fires",
  ]);
  assert.equal(marks({ match_phrase: { name: { query: "quick fox", slop: 1 } } }), undefined);
  assert.deepEqual(marks({ match_phrase_prefix: { name: "quick fi" } }), [
    "the wi-fi birch wi-fi, a quick and red fox, oak by the sea, <em>quick</em> <em>fires</em>",
  ]);
  assert.deepEqual(marks({ match_phrase_prefix: { name: { query: "the w", slop: 1 } } }), [
    "<em>the</em> <em>wi</em>-fi birch wi-fi, a quick and red fox, oak by the sea, quick fires",
  ]);
  assert.deepEqual(marks({ match_phrase_prefix: { name: "bir" } }), [
    "the wi-fi <em>birch</em> wi-fi, a quick and red fox, oak by the sea, quick fires",
  ]);
});

const everyday = compileMapping(
  {
    properties: {
      text: { type: "text" },
      headline: { type: "alias", path: "text" },
      folded: { type: "keyword", normalizer: "low" },
      code: { type: "keyword" },
    },
  },
  { analysis: { normalizer: { low: { type: "custom", filter: ["lowercase"] } } } },
);

function markedIn(fields: JSONObject, query: JSONObject, source: JSONObject): JSONObject | undefined {
  return new Highlighter({ fields }, query, everyday).run(source);
}

test("an alias of a field is marked by what is asked of either, under the name that was asked for", () => {
  const source = { text: "quick brown fox" };
  const [brown, phrase] = [["quick <em>brown</em> fox"], ["<em>quick</em> <em>brown</em> fox"]];
  const both = { "*": {} };
  assert.deepEqual(markedIn({ text: {} }, { match: { headline: "brown" } }, source), { text: brown });
  assert.deepEqual(markedIn({ headline: {} }, { match: { text: "brown" } }, source), { headline: brown });
  assert.deepEqual(markedIn(both, { match: { text: "brown" } }, source), { text: brown, headline: brown });
  assert.deepEqual(markedIn({ text: {} }, { match_phrase: { headline: "quick brown" } }, source), { text: phrase });
});

test("keywords with a normalizer are marked whatever the case of what is asked", () => {
  const folded = ["<em>Apple</em>"];
  for (const query of [
    { match: { folded: "APPLE" } },
    { term: { folded: "APPLE" } },
    { terms: { folded: ["APPLE", "PEAR"] } },
    { prefix: { folded: "APP" } },
    { wildcard: { folded: "APP*" } },
    { range: { folded: { gte: "APPLE", lt: "B" } } },
  ])
    assert.deepEqual(markedIn({ folded: {} }, query, { folded: "Apple" }), { folded }, JSON.stringify(query));
});

test("ranges mark the words between their ends, also in query strings", () => {
  const source = { text: "ash elm fir", code: "e1" };
  const text = ["ash <em>elm</em> fir"];
  const code = ["<em>e1</em>"];
  assert.deepEqual(markedIn({ text: {} }, { range: { text: { gte: "b", lt: "fir" } } }, source), { text });
  assert.deepEqual(markedIn({ text: {} }, { query_string: { query: "text:[b TO fir}" } }, source), { text });
  assert.deepEqual(markedIn({ code: {} }, { range: { code: { gt: "d" } } }, source), { code });
  assert.equal(markedIn({ code: {} }, { range: { code: { gt: "e1" } } }, source), undefined);
  assert.equal(markedIn({ code: {} }, { range: { code: {} } }, source), undefined);
});

test("intervals mark their words wherever they stand, and not what they exclude", () => {
  const source = { text: "quick brown fox, lazy fox" };
  const intervals = (rule: JSONObject): JSONObject => ({ intervals: { text: rule } });
  assert.deepEqual(markedIn({ text: {} }, intervals({ match: { query: "quick fox", ordered: true } }), source), {
    text: ["<em>quick</em> brown <em>fox</em>, lazy <em>fox</em>"],
  });
  const rules = [{ prefix: { prefix: "qui" } }, { wildcard: { pattern: "l*y" } }, { fuzzy: { term: "brawn" } }];
  assert.deepEqual(markedIn({ text: {} }, intervals({ any_of: { intervals: rules } }), source), {
    text: ["<em>quick</em> <em>brown</em> fox, <em>lazy</em> fox"],
  });
  const filtered = (filter: JSONObject): JSONObject => intervals({ match: { query: "fox", filter } });
  assert.deepEqual(markedIn({ text: {} }, filtered({ after: { match: { query: "lazy" } } }), source), {
    text: ["quick brown <em>fox</em>, <em>lazy</em> <em>fox</em>"],
  });
  assert.deepEqual(markedIn({ text: {} }, filtered({ not_containing: { match: { query: "lazy" } } }), source), {
    text: ["quick brown <em>fox</em>, lazy <em>fox</em>"],
  });
});

test("what is asked with an analyzer of its own, or in a wrapper, is marked", () => {
  const source = { text: "the quick fox" };
  assert.deepEqual(markedIn({ text: {} }, { match: { text: { query: "The Fox", analyzer: "stop" } } }, source), {
    text: ["the quick <em>fox</em>"],
  });
  const query = Buffer.from('{"match":{"text":"fox"}}').toString("base64");
  assert.deepEqual(markedIn({ text: {} }, { wrapper: { query } }, source), { text: ["the quick <em>fox</em>"] });
});

test("a tag before words needs one behind them", () => {
  const name = "services.storage.unexpected_bad_request";
  for (const highlight of [{ fields: { text: {} }, pre_tags: ["<b>"] }, { fields: { text: { pre_tags: ["<b>"] } } }])
    assert.throws(() => new Highlighter(highlight, {}, everyday), { id: name });
});
