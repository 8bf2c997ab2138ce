import assert from "node:assert/strict";
import { test } from "node:test";
import { createAnalysis } from "../analysis.ts";
import { stemBulgarian, stemCzech } from "./slavic-stemmers.ts";

/** The stems that the reference engine answered. */
const czech = {
  ženách: "žn",
  městech: "měst",
  kuřatům: "kuř",
  otcův: "otcov",
  matčin: "matk",
  praze: "prah",
  růžích: "růh",
  dobrého: "dobr",
  anglický: "anglick",
  němečtí: "německ",
  domů: "dom",
  pes: "ps",
  noze: "noh",
  kniha: "knih",
};
const bulgarian = {
  вълци: "вълц",
  градът: "град",
  подлози: "подлог",
  кожуси: "кожух",
  музеите: "муз",
  краища: "кра",
  учениците: "ученик",
  центъра: "центр",
  копринен: "копринн",
  братя: "брат",
  място: "мяст",
  кон: "кон",
};

test("Czech words lose the endings of cases and possession, and end as their relatives do", () => {
  for (const [word, stem] of Object.entries(czech)) assert.equal(stemCzech(word), stem, word);
});

test("Bulgarian words lose articles and plurals", () => {
  for (const [word, stem] of Object.entries(bulgarian)) assert.equal(stemBulgarian(word), stem, word);
});

test("both languages have an analyzer, with their stop words and words that stay", () => {
  const analysis = createAnalysis({
    analysis: { analyzer: { kept: { type: "czech", stem_exclusion: ["městech"] } } },
  });
  const terms = (name: string, text: string) => {
    const tokens = analysis.analyzer(name)?.tokens(text);
    return tokens?.terms.slice(0, tokens.count);
  };
  assert.deepEqual(terms("czech", "Byl v Městech a ženách"), ["měst", "žn"]);
  assert.deepEqual(terms("kept", "městech ženách"), ["městech", "žn"]);
  assert.deepEqual(terms("bulgarian", "Градът и вълци"), ["град", "вълц"]);
});
