import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { JSONObject } from "../../../../../kernel/index.ts";
import { parseMappings } from "../../../mapping/parse-mappings.ts";
import { filled, finish } from "../people-fixture.ts";
import { TwinIndex } from "../twin-index.ts";

const texts = [
  "apple banana cabana kettle",
  "apple maple riddle",
  "banana kettle bottle",
  "riddle poodle noodle xylophone",
];
const titles: readonly unknown[] = [
  "Nevermind",
  ["Nevermind", "Nirvana"],
  { input: ["Nevermore", "Never again"], weight: 5 },
  [
    { input: "Never ever", weight: 3 },
    { input: "Nirvana live", weight: "7" },
  ],
];
const mappings = parseMappings({ properties: { t: { type: "text" }, title: { type: "completion" } } });
const documents = Array.from({ length: 12 }, (_, i): JSONObject => {
  const title = titles[i];
  return { t: texts[i % 4], ...(title === undefined ? {} : { title }) };
});
const index = filled(new TwinIndex(mappings), documents);
const ask = (suggest: JSONObject): JSONObject =>
  finish(index.search({ body: { suggest }, from: 0, size: 0, now: 0 })).suggest ?? {};
const options = (request: JSONObject): JSONObject[] => {
  const [first] = ask({ mine: request }).mine as { options: JSONObject[] }[];
  return first?.options ?? [];
};
const textsOf = (request: JSONObject): unknown[] => options(request).map(({ text }) => text);
const refused = (request: JSONObject, reason: RegExp): void => {
  assert.throws(() => ask({ mine: request }), reason);
};

describe("suggestions", () => {
  test("each word of a text gets the words that are like it, with likeness and number of documents", () => {
    assert.deepEqual(ask({ text: "aple ketle the", mine: { term: { field: "t" } } }), {
      mine: [
        {
          text: "aple",
          offset: 0,
          length: 4,
          options: [{ text: "apple", score: 0.75, freq: 6 }],
        },
        { text: "ketle", offset: 5, length: 5, options: [{ text: "kettle", score: Math.fround(0.8), freq: 6 }] },
        { text: "the", offset: 11, length: 3, options: [] },
      ],
    });
  });

  test("a word may begin differently if no common beginning is asked for; of what is as like, the frequent comes first", () => {
    assert.deepEqual(textsOf({ text: "aple", term: { field: "t", prefix_length: 0 } }), ["apple", "maple"]);
    assert.deepEqual(textsOf({ text: "aple", term: { field: "t", prefix_length: 0, size: 1 } }), ["apple"]);
  });

  test("a word that is there is corrected only when corrections are always wanted, or more popular", () => {
    const request = (mode: string): JSONObject => ({
      text: "poodle",
      term: { field: "t", suggest_mode: mode, prefix_length: 0, max_term_freq: 0.9 },
    });
    assert.deepEqual(textsOf(request("missing")), []);
    assert.deepEqual(textsOf(request("always")), ["noodle"]);
    assert.deepEqual(textsOf(request("popular")), []);
  });

  test("how probable a phrase is depends on the words and on the documents, in one segment and in many", () => {
    const few = filled(
      new TwinIndex(mappings),
      ["apple banana", "apple bananas cherry", "noble apple noodle"].map((t) => ({ t })),
    );
    const generator = { field: "t", min_word_length: 3 };
    const phrase = { field: "t", confidence: 0, gram_size: 2, direct_generator: [generator] };
    const scores = (smoothing: JSONObject): unknown => {
      const suggest = { mine: { text: "aple banan", phrase: { ...phrase, smoothing } } };
      const found = finish(few.search({ body: { suggest }, from: 0, size: 0, now: 0 })).suggest?.mine;
      const [first] = found as { options: { text: string; score: number }[] }[];
      return first?.options.map(({ text, score }) => [text, score.toFixed(6)]);
    };
    assert.deepEqual(scores({ stupid_backoff: {} }), [
      ["apple banan", "0.131878"],
      ["aple banana", "0.100371"],
      ["aple bananas", "0.088583"],
      ["aple banan", "0.080036"],
    ]);
    assert.deepEqual(scores({ laplace: { alpha: 0.7 } }), [
      ["apple banan", "0.235556"],
      ["aple banan", "0.186207"],
      ["aple banana", "0.172815"],
      ["aple bananas", "0.152518"],
    ]);
  });

  test("a phrase gets the phrases that are more probable, with the changed words marked", () => {
    const phrase = { field: "t", size: 2, highlight: { pre_tag: "<b>", post_tag: "</b>" } };
    const [best, second] = options({ text: "aple bnana ketle", phrase });
    assert.equal(best?.text, "aple banana kettle");
    assert.equal(best?.highlighted, "aple <b>banana kettle</b>");
    assert.ok(Number(best?.score) >= Number(second?.score));
    assert.deepEqual(textsOf({ text: "aple bnana ketle", phrase: { field: "t", max_errors: 3, size: 1 } }), [
      "apple banana kettle",
    ]);
    assert.deepEqual(options({ text: "apple banana kettle", phrase: { field: "t" } }), []);
  });

  test("on a field of shingles a phrase is made of words, and of the neighbours that the field joins", () => {
    const shingled = {
      analysis: {
        analyzer: { three: { tokenizer: "standard", filter: ["lowercase", "joined"] } },
        filter: { joined: { type: "shingle", min_shingle_size: 2, max_shingle_size: 3 } },
      },
    };
    const hotels = ["grand hotel amsterdam", "hotel paris", "luxury grand hotel paris", "hostel amsterdam"];
    const towns = filled(
      new TwinIndex(parseMappings({ properties: { t: { type: "text", analyzer: "three" } } }, shingled), shingled),
      hotels.map((t) => ({ t })),
    );
    const best = (phrase: JSONObject): unknown => {
      const suggest = { mine: { text: "luxury grand htel paris", phrase: { field: "t", size: 1, ...phrase } } };
      const found = finish(towns.search({ body: { suggest }, from: 0, size: 0, now: 0 })).suggest?.mine;
      return (found as { options: JSONObject[] }[])[0]?.options[0];
    };
    const option = best({});
    assert.deepEqual(option, best({ gram_size: 3 }));
    assert.notDeepEqual(option, best({ gram_size: 1 }));
    assert.equal((option as JSONObject).text, "luxury grand hotel paris");
  });

  test("words that a generator looks for backwards are as frequent as they are there, and as likely as written ones", () => {
    const turned = {
      analysis: { analyzer: { back: { tokenizer: "standard", filter: ["lowercase", "reverse"] } } },
    };
    const properties = { t: { type: "text", fields: { back: { type: "text", analyzer: "back" } } } };
    const towns = filled(
      new TwinIndex(parseMappings({ properties }, turned), turned),
      ["grand hotel", "hotel paris", "luxury hotel"].map((t) => ({ t })),
    );
    const generator = { field: "t.back", suggest_mode: "always", pre_filter: "back", post_filter: "back" };
    const phrase = { field: "t", confidence: 0, gram_size: 2, size: 1, direct_generator: [generator] };
    const suggest = { mine: { text: "grand htel", phrase } };
    const found = finish(towns.search({ body: { suggest }, from: 0, size: 0, now: 0 })).suggest?.mine;
    const [best] = (found as { options: { text: string; score: number }[] }[])[0]?.options ?? [];
    assert.equal(best?.text, "grand hotel");
    assert.ok(Number(best?.score) < 1, `${best?.score} is no probability`);
  });

  test("AUTO is for completions what it is for a word of five letters, and their analyzer is that of the field", () => {
    const fuzzy = (fuzziness: string): unknown[] =>
      textsOf({ prefix: "nxvxr", completion: { field: "title", fuzzy: { fuzziness } } });
    assert.equal(fuzzy("AUTO").length, 0);
    assert.ok(fuzzy("AUTO:2,4").length > 0);
    assert.deepEqual(textsOf({ prefix: "NIRVANA L", completion: { field: "title", analyzer: "keyword" } }), [
      "Nirvana live",
    ]);
  });

  test("a beginning is completed by the heaviest inputs, one for each document", () => {
    assert.deepEqual(options({ prefix: "nev", completion: { field: "title" } }), [
      { text: "Never again", _id: "d2", _score: 5 },
      { text: "Never ever", _id: "d3", _score: 3 },
      { text: "Nevermind", _id: "d0", _score: 1 },
      { text: "Nevermind", _id: "d1", _score: 1 },
    ]);
    assert.deepEqual(textsOf({ text: "never a", completion: { field: "title" } }), ["Never again"]);
    assert.deepEqual(textsOf({ prefix: "", completion: { field: "title" } }), []);
    const once = { field: "title", skip_duplicates: true };
    assert.deepEqual(textsOf({ prefix: "n", completion: once }), [
      "Nirvana live",
      "Never again",
      "Nevermind",
      "Nirvana",
    ]);
  });

  test("completions forgive a slip, or follow a regular expression", () => {
    assert.deepEqual(options({ prefix: "nevr", completion: { field: "title", fuzzy: { fuzziness: 1 }, size: 2 } }), [
      { text: "Never again", _id: "d2", _score: 15 },
      { text: "Never ever", _id: "d3", _score: 9 },
    ]);
    assert.deepEqual(textsOf({ regex: "n[ei]r.*", completion: { field: "title" } }), ["Nirvana live", "Nirvana"]);
  });

  test("removed documents complete nothing", () => {
    const own = filled(new TwinIndex(mappings), documents);
    own.remove(2 * 3 + 1);
    const answer = finish(
      own.search({
        body: { suggest: { x: { prefix: "never a", completion: { field: "title" } } } },
        from: 0,
        size: 0,
        now: 0,
      }),
    );
    assert.deepEqual(answer.suggest, { x: [{ text: "never a", offset: 0, length: 7, options: [] }] });
  });

  test("what cannot be suggested is refused by name", () => {
    refused({ text: "x", terms: { field: "t" } }, /"terms" is no suggester/);
    refused({ text: "x", term: { field: "nope" } }, /"nope" is not in the mapping/);
    refused({ text: "x", term: { field: "t", fuzziness: 1 } }, /does not support "fuzziness"/);
    refused({ text: "x", term: { field: "t", max_edits: 3 } }, /max_edits\] must lie between 1 and 2/);
    refused({ text: "x", phrase: { field: "t", collate: {} } }, /scripts are not supported/);
    refused({ text: "x", phrase: { field: "t", max_errors: 0 } }, /max_errors\] must be more than 0/);
    refused({ text: "x", phrase: { field: "t", smoothing: { kneser: {} } } }, /"kneser" is no model/);
    refused({ prefix: "x", completion: { field: "t" } }, /is of type text, not completion/);
    refused({ prefix: "x", completion: { field: "title", contexts: {} } }, /contexts\] the field has no contexts/);
    refused({ regex: "(", completion: { field: "title" } }, /is not a regular expression/);
    refused({ text: "x" }, /needs a suggester/);
  });
});
