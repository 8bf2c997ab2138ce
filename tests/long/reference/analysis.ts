import type { JSONObject } from "../../../src/kernel/index.ts";
import { words } from "./collection.ts";
import type { Random } from "./random.ts";

const filtered = (filter: unknown, tokenizer: unknown = "standard", charFilter?: unknown): JSONObject => ({
  type: "custom",
  tokenizer,
  filter,
  ...(charFilter === undefined ? {} : { char_filter: charFilter }),
});

/** A part of its own for each entry; the analyzer that holds it has the same name. */
const tokenizers: Readonly<Record<string, JSONObject>> = {
  gramTokens: { type: "ngram", min_gram: 2, max_gram: 3, token_chars: ["letter", "digit"] },
  anyGrams: { type: "ngram", min_gram: 1, max_gram: 3 },
  punctuationGrams: { type: "ngram", min_gram: 2, max_gram: 2, token_chars: ["punctuation", "symbol", "whitespace"] },
  customGrams: {
    type: "edge_ngram",
    min_gram: 1,
    max_gram: 5,
    token_chars: ["letter", "custom"],
    custom_token_chars: "_-",
  },
  startTokens: { type: "edge_ngram", min_gram: 1, max_gram: 4, token_chars: ["letter"] },
  wholeStarts: { type: "edge_ngram", min_gram: 2, max_gram: 20 },
  classicWords: { type: "classic" },
  shortStandard: { type: "standard", max_token_length: 5 },
  shortWhitespace: { type: "whitespace", max_token_length: 4 },
  patternWords: { type: "pattern" },
  patternComma: { type: "pattern", pattern: "\\s*[,/]\\s*" },
  patternGroup: { type: "pattern", pattern: "(\\w)(\\w+)", group: 2 },
  patternWhole: { type: "pattern", pattern: "[A-Z]+", group: 0, flags: "CASE_INSENSITIVE" },
  simplePattern: { type: "simple_pattern", pattern: "[a-z]{2,4}" },
  simpleDigits: { type: "simple_pattern", pattern: "[0123456789]+|[A-Z][a-z]+" },
  simpleWhole: { type: "simple_pattern_split" },
  simpleSplit: { type: "simple_pattern_split", pattern: "[ _\\-]+" },
  charGroup: { type: "char_group", tokenize_on_chars: ["whitespace", "-", "\\n", "punctuation"] },
  charGroupShort: { type: "char_group", tokenize_on_chars: ["digit", "symbol", " "], max_token_length: 6 },
  paths: { type: "path_hierarchy" },
  pathsReplaced: { type: "path_hierarchy", delimiter: "-", replacement: "/", skip: 1 },
  pathsReversed: { type: "path_hierarchy", delimiter: ".", reverse: true },
  urlEmail: { type: "uax_url_email" },
  urlEmailShort: { type: "uax_url_email", max_token_length: 30 },
  pathsReversedSkip: { type: "path_hierarchy", delimiter: " ", reverse: true, skip: 1 },
};

const plainFilters: Readonly<Record<string, JSONObject>> = {
  short: { type: "length", min: 2, max: 5 },
  cut: { type: "truncate", length: 4 },
  grams: { type: "ngram", min_gram: 2, max_gram: 3 },
  gramsKept: { type: "ngram", min_gram: 2, max_gram: 3, preserve_original: true },
  starts: { type: "edge_ngram", min_gram: 1, max_gram: 3 },
  startsKept: { type: "edge_ngram", min_gram: 2, max_gram: 3, preserve_original: true },
  ends: { type: "edge_ngram", min_gram: 1, max_gram: 3, side: "back" },
  foldedKept: { type: "asciifolding", preserve_original: true },
  stopsAnyCase: { type: "stop", stopwords: ["the", "été", "_french_"], ignore_case: true },
  stopsNotLast: { type: "stop", stopwords: "_english_", remove_trailing: false },
  stopsNone: { type: "stop", stopwords: "_none_" },
  elidedOwn: { type: "elision", articles: ["L", "O"], articles_case: true },
  shingled: { type: "shingle" },
  shingledOnly: { type: "shingle", min_shingle_size: 2, max_shingle_size: 3, output_unigrams: false },
  shingledThree: { type: "shingle", min_shingle_size: 3, max_shingle_size: 4, token_separator: "+", filler_token: "*" },
  shingledOrNot: { type: "shingle", output_unigrams: false, output_unigrams_if_no_shingles: true },
  firstTwo: { type: "limit", max_token_count: 2 },
  uniqueAtPlace: { type: "unique", only_on_same_position: true },
  kept: { type: "keep", keep_words: ["the", "search", "été", "1,234.56"] },
  keptAnyCase: { type: "keep", keep_words: ["The", "Search"], keep_words_case: true },
  numbers: { type: "keep_types", types: ["<NUM>", "<HANGUL>", "<EMOJI>"] },
  noNumbers: { type: "keep_types", types: ["<NUM>", "<IDEOGRAPHIC>"], mode: "exclude" },
  replaced: { type: "pattern_replace", pattern: "([aeiou])(.)", replacement: "$2$1" },
  replacedOnce: { type: "pattern_replace", pattern: "[a-e]+", replacement: "", all: false },
  captured: { type: "pattern_capture", patterns: ["(\\p{L}+)", "([0-9]+)"] },
  capturedOnly: { type: "pattern_capture", patterns: ["(([a-z]+)\\d*)", "e(.)"], preserve_original: false },
  delimited: { type: "word_delimiter" },
  delimitedJoined: { type: "word_delimiter", catenate_words: true, catenate_numbers: true, preserve_original: true },
  delimitedAll: { type: "word_delimiter", catenate_all: true, generate_number_parts: false },
  delimitedOnlyAll: {
    type: "word_delimiter",
    catenate_all: true,
    generate_word_parts: false,
    generate_number_parts: false,
  },
  delimitedPlain: {
    type: "word_delimiter",
    split_on_case_change: false,
    split_on_numerics: false,
    stem_english_possessive: false,
  },
  delimitedTyped: {
    type: "word_delimiter",
    type_table: ["# => ALPHA", "@ => ALPHANUM", "$ => DIGIT"],
    protected_words: ["C++", "AT&T"],
  },
  delimitedGraph: { type: "word_delimiter_graph" },
  delimitedGraphJoined: {
    type: "word_delimiter_graph",
    catenate_words: true,
    catenate_numbers: true,
    preserve_original: true,
  },
  delimitedGraphAll: { type: "word_delimiter_graph", catenate_all: true, generate_word_parts: false },
  delimitedGraphEvery: {
    type: "word_delimiter_graph",
    catenate_all: true,
    catenate_words: true,
    adjust_offsets: false,
  },
  print: { type: "fingerprint" },
  printShort: { type: "fingerprint", separator: "+", max_output_size: 30 },
  commonPairs: { type: "common_grams", common_words: ["the", "of", "été"], ignore_case: true },
  commonQuery: { type: "common_grams", common_words: ["the", "of", "été", "search"], query_mode: true },
  multiplexed: { type: "multiplexer", filters: ["lowercase", "lowercase, porter_stem", "asciifolding"] },
  multiplexedOnly: { type: "multiplexer", filters: ["starts", "uppercase"], preserve_original: false },
  overridden: { type: "stemmer_override", rules: ["searches, searching => search", "the => THE"] },
  greekLower: { type: "lowercase", language: "greek" },
  turkishLower: { type: "lowercase", language: "turkish" },
  irishLower: { type: "lowercase", language: "irish" },
  compounds: {
    type: "dictionary_decompounder",
    word_list: ["straße", "sea", "search", "arch", "foot", "ball"],
    min_subword_size: 3,
  },
  compoundsLongest: {
    type: "dictionary_decompounder",
    word_list: ["straße", "sea", "search", "arch"],
    only_longest_match: true,
  },
  bigrams: { type: "cjk_bigram" },
  bigramsToo: { type: "cjk_bigram", output_unigrams: true },
  hanBigrams: { type: "cjk_bigram", ignored_scripts: ["hangul", "katakana"] },
  paid: { type: "delimited_payload", delimiter: "_", encoding: "identity" },
};

const synonymRules = [
  "quick, fast, speedy",
  "wi fi, wifi, wireless network",
  "usa, united states, united states of america => usa, america",
  "sea biscuit => seabiscuit",
  "dns => domain name system",
  "a b c, abc",
  "search => search, find, look up",
];
const synonymFilters: Readonly<Record<string, JSONObject>> = {
  synonyms: { type: "synonym", synonyms: synonymRules },
  synonymsNotExpanded: { type: "synonym", synonyms: synonymRules, expand: false },
  synonymGraph: { type: "synonym_graph", synonyms: synonymRules },
  synonymGraphNotExpanded: { type: "synonym_graph", synonyms: synonymRules, expand: false },
  synonymsWordnet: {
    type: "synonym",
    format: "wordnet",
    synonyms: [
      "s(100000001,1,'quick',n,1,0).",
      "s(100000001,2,'fast food',n,1,0).",
      "s(100000002,1,'search',v,1,0).",
      "s(100000002,2,'look up',v,1,0).",
    ],
  },
};

export const languageAnalyzers: readonly string[] = (
  "english french german spanish italian portuguese dutch swedish norwegian danish finnish russian hungarian romanian turkish catalan basque " +
  "armenian irish arabic persian cjk bulgarian czech"
).split(" ");

export const stemmers: readonly string[] = (
  "arabic armenian basque catalan danish dutch english porter2 possessive_english minimal_english finnish french light_french minimal_french " +
  "german light_german minimal_german hungarian irish italian light_italian norwegian portuguese light_portuguese romanian russian light_russian " +
  "spanish light_spanish swedish light_swedish turkish bulgarian czech"
).split(" ");

const stopLists: readonly string[] = (
  "arabic armenian basque bengali brazilian bulgarian catalan czech danish dutch english estonian finnish french galician german greek hindi " +
  "hungarian indonesian irish italian latvian lithuanian norwegian persian portuguese romanian russian sorani spanish swedish thai turkish"
).split(" ");

const named: readonly string[] = (
  "apostrophe decimal_digit classic remove_duplicates cjk_width arabic_normalization persian_normalization german_normalization " +
  "scandinavian_normalization scandinavian_folding porter_stem elision edge_ngram ngram truncate limit shingle snowball stemmer word_delimiter " +
  "word_delimiter_graph keyword_repeat length trim unique uppercase reverse dutch_stem french_stem russian_stem arabic_stem czech_stem"
).split(" ");

const charFilters: Readonly<Record<string, JSONObject>> = {
  mapped: {
    type: "mapping",
    mappings: ["é => e", "ß => ss", "& => \\u0020and\\u0020", "www. => ", "qu => k", "quick => swift", "à=>aaaa"],
  },
  digitsGone: { type: "pattern_replace", pattern: "[0-9]+", replacement: "" },
  digitsLonger: { type: "pattern_replace", pattern: "(\\d)", replacement: "<$1>" },
  joinedDashes: { type: "pattern_replace", pattern: "(\\w+)-(?=)?(\\w)", replacement: "$1_$2" },
  stripped: { type: "html_strip" },
  strippedButBold: { type: "html_strip", escaped_tags: ["b"] },
};
delete (charFilters as Record<string, JSONObject>).joinedDashes;

const byName = <T>(names: readonly string[], make: (name: string) => T): Record<string, T> =>
  Object.fromEntries(names.map((name) => [name, make(name)]));
const prefixed = (
  prefix: string,
  names: readonly string[],
  make: (name: string) => JSONObject,
): Record<string, JSONObject> => Object.fromEntries(names.map((name) => [`${prefix}_${name}`, make(name)]));

/** Settings with every tokenizer, token filter, character filter and normalizer that the embedded engine has. */
export const analysisSettings: JSONObject = {
  analysis: {
    analyzer: {
      folding: filtered(["lowercase", "asciifolding"]),
      upper: filtered(["uppercase"], "whitespace"),
      reversed: filtered(["reverse"], "letter"),
      trimmed: filtered(["trim", "lowercase"], "keyword"),
      once: filtered(["lowercase", "unique"]),
      stopped: filtered(["lowercase", "stop"]),
      ownStops: { type: "standard", stopwords: ["the", "été"] },
      shortTokens: { type: "standard", max_token_length: 4 },
      englishStops: { type: "stop", stopwords: "_english_" },
      ...byName(Object.keys(tokenizers), (name) => filtered([], name)),
      ...byName(Object.keys(plainFilters), (name) => filtered([name], "whitespace")),
      // A gap before shingles of three words and more: the reference engine may lose the last word.
      ...prefixed(
        "stopped",
        Object.keys(plainFilters).filter((name) => name !== "shingledThree"),
        (name) => filtered(["lowercase", "stop", name]),
      ),
      ...byName(Object.keys(synonymFilters), (name) => filtered(["lowercase", name])),
      ...prefixed("lenient", Object.keys(synonymFilters), (name) => filtered(["lowercase", "stop", `lenient_${name}`])),
      ...prefixed("stem", stemmers, (name) => filtered(["lowercase", `stem_${name}`])),
      ...prefixed("named", named, (name) => filtered([name], "whitespace")),
      ...prefixed("stops", stopLists, (name) => filtered(["lowercase", `stops_${name}`])),
      ...prefixed("chars", Object.keys(charFilters), (name) => filtered(["lowercase"], "standard", [name])),
      ...prefixed("charsWhole", Object.keys(charFilters), (name) => filtered([], "whitespace", [name])),
      charsTwice: filtered(["lowercase", "delimitedJoined"], "whitespace", ["html_strip", "mapped", "digitsLonger"]),
      charsGrams: filtered([], "gramTokens", ["mapped", "digitsGone"]),
      marked: filtered(["lowercase", "markedWords", "stem_english", "stem_light_french"]),
      markedPattern: filtered(["lowercase", "markedPattern", "porter_stem"]),
      repeated: filtered(["lowercase", "keyword_repeat", "porter_stem", "remove_duplicates"]),
      overriddenStems: filtered(["lowercase", "overridden", "porter_stem"]),
      shingledWithout: filtered(["lowercase", "delimited", "shingledOnly"], "whitespace"),
      classicFiltered: filtered(["classic", "lowercase"], "classicWords"),
      classicTyped: filtered(["cjk_width", "lowercase", "cjk_bigram", "unique"]),
      ownPattern: { type: "pattern", pattern: "[\\s\\-]+", lowercase: false, stopwords: ["the"] },
      ownPrint: { type: "fingerprint", separator: "_", stopwords: "_english_" },
      ...prefixed("own", languageAnalyzers, (name) => ({ type: name, stopwords: ["the", "search", "été"] })),
      ...prefixed(
        "excluding",
        languageAnalyzers.filter((name) => name !== "cjk" && name !== "persian"),
        (name) => ({ type: name, stem_exclusion: ["searching", "maisons", "häuser", "libros"] }),
      ),
    },
    filter: {
      ...plainFilters,
      ...synonymFilters,
      ...prefixed("lenient", Object.keys(synonymFilters), (name) => ({ ...synonymFilters[name], lenient: true })),
      ...prefixed("stem", stemmers, (name) => ({ type: "stemmer", language: name })),
      ...prefixed("stops", stopLists, (name) => ({ type: "stop", stopwords: `_${name}_` })),
      markedWords: { type: "keyword_marker", keywords: ["searching", "maisons"] },
      markedPattern: { type: "keyword_marker", keywords_pattern: "s.*ing" },
    },
    tokenizer: tokenizers,
    char_filter: charFilters,
    normalizer: {
      folded: { type: "custom", filter: ["lowercase", "asciifolding"] },
      upperCase: { type: "custom", filter: ["uppercase"] },
      mappedFirst: { type: "custom", char_filter: ["mapped"], filter: ["lowercase", "elision"] },
    },
  },
};

const sections = analysisSettings.analysis as Readonly<Record<string, JSONObject>>;
export const analyzers = [
  ...["standard", "simple", "whitespace", "keyword", "stop", "pattern", "fingerprint"],
  ...languageAnalyzers,
  ...Object.keys(sections.analyzer ?? {}),
];
export const normalizers = ["lowercase", ...Object.keys(sections.normalizer ?? {})];

const pieces = [
  ...words,
  ..."can't l'été L’AVION O’Brien 1,234.56 3.14.15 a.b.c www.example.com user@example.com C++ C# .NET AT&T #tag @name _x_ a_b 10€ £5 50% 2021-05-06T10:00 ½ ² Ⅷ x² H₂O".split(
    " ",
  ),
  ..."ΑΒΓ Σίσυφος Привет мир שלום ד״ר مرحبا हिन्दी ภาษาไทย 한국어 ひらがな カタカナ タワー ｶﾀｶﾅ ｶﾞ ﾊﾟ ｳﾞ 漢字 ℃ ﬁ Ǆ ß İstanbul ıı Ⓐ ａｂｃ １２３ é ñ ١٢٣".split(
    " ",
  ),
  ..."quick fast speedy wi fi wifi wireless network usa united states of america sea biscuit seabiscuit dns a b c abc search find look up food".split(
    " ",
  ),
  ..."wi fi united states".split(" "),
  ..."PowerShot SD500 wi-fi Wi-Fi-4000 O'Neil's fooBAR2000xp 500-42 i-pad --x-- AbcDEF a-1-b-2 XML's super-duper-2x".split(
    " ",
  ),
  ..."running libraries generalizations searching horses ponies maisons chevaux nationale Häuser schönsten quellen bücher libros ciudades nazionale città l'avion dell'arte coração animais книги красивые городами bøker husene flickorna talojen".split(
    " ",
  ),
  ..."ženách městech kuřatům otcův matčin praze růžích dobrého anglický němečtí domů ptáci bože pesem вълци градът подлози кожуси музеите краища учениците центъра копринен братя място".split(
    " ",
  ),
  ..."<b>bold</b> <p>para</p> <br/> &amp; &eacute;t&eacute; &#233; &nope; <!--c--> <a>link</a> <script>var</script> x<i>y</i>z <div>".split(
    " ",
  ),
  ..."/usr/local/lib a/b-c/d x.y.z key_value foo|bar".split(" "),
  "👍 👍🏽 👨‍👩‍👧 🇫🇷 ❤️ 1️⃣ 🎉🎉 😀a b😀".split(" "),
  ..."http://example.com/a?b=c#d https://u:p@h.org:8080/x%20y ftp://f.de/p;type=i file:///etc/x a.b@c-d.co.uk x@[1.2.3.4] .com .org/p".split(
    " ",
  ),
  ...'1.2.3.4 1.2.3.42 [::1]:80/ [1:2::3.4.5.6] example.museum example.comx :80 /p?q @b.de mailto: www. http:// "q"@x.fr ד\'א צה"ל'.split(
    " ",
  ),
  "\u00a0",
  "\u200b",
  "\u200c",
  "\u00ad",
  "soft\u00adhyphen",
  "tab\there",
  "line\nbreak",
  "—",
  "…",
  "«quoted»",
  "“double”",
  "a:b",
  "1:2",
  "1;2",
  "a;b",
  "x".repeat(300),
].flat();

/** Texts of many scripts, with all sorts of characters between the words. */
export function newText(random: Random): string {
  const between = [" ", " ", " ", "  ", "", "-", ", ", "/", "'", ".", "_", ":"];
  let text = "";
  for (let i = random.between(0, 7); i > 0; i--) text += random.pick(pieces) + random.pick(between);
  return text;
}
