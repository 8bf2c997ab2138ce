import type { PartOptions } from "../part-options.ts";
import { SynonymMap } from "./synonym-map.ts";

/** The words of a text as the filters before the synonyms leave them; undefined for a text that the rules skip. */
export type RuleAnalyzer = (text: string) => readonly string[] | undefined;

/** The words of a text; undefined where nothing is left that could be found. */
type Row = readonly string[] | undefined;

const maxRules = 100_000;

/** Reads `synonyms` in one of the two formats: Solr's (`a, b => c`) and WordNet's (`s(1,1,'a',n,1,0).`). */
export function readSynonyms(options: PartOptions, analyze: RuleAnalyzer): SynonymMap {
  const rules = options.raw("synonyms");
  options.refuseFile("synonyms_path", "synonyms");
  if (!Array.isArray(rules)) throw options.wrong("synonyms", "a list of rules");
  if (rules.length > maxRules) throw options.wrong("synonyms", `more than ${maxRules} rules`);
  const expand = options.flag("expand", true);
  const format = options.text("format", "solr");
  const lines = rules.map((rule) => {
    if (typeof rule !== "string") throw options.wrong("synonyms", "a rule that is not a text");
    return rule;
  });
  const map = new SynonymMap();
  if (format === "wordnet") readWordnet(lines, expand, analyze, map, options);
  else for (const line of lines) readRule(line, expand, analyze, map, options);
  return map;
}

function readRule(line: string, expand: boolean, analyze: RuleAnalyzer, map: SynonymMap, options: PartOptions): void {
  if (line === "" || line[0] === "#") return;
  const sides = splitAt(line, "=>");
  if (sides.length > 2) throw options.wrong("synonyms", `"${line}"`);
  const [left = "", right] = sides;
  const inputs = rows(left, analyze);
  if (right === undefined) {
    addEqual(inputs, expand, map);
    return;
  }
  const outputs = rows(right, analyze);
  for (const input of inputs) for (const output of outputs) add(input, output, false, map);
}

function rows(text: string, analyze: RuleAnalyzer): Row[] {
  return splitAt(text, ",").map((one) => analyze(one.replace(/\\([\s\S])/g, "$1").trim()));
}

function addEqual(all: readonly Row[], expand: boolean, map: SynonymMap): void {
  const [first] = all;
  for (const [i, input] of all.entries()) {
    if (expand) {
      for (const [k, output] of all.entries()) if (i !== k) add(input, output, true, map);
    } else add(input, first, false, map);
  }
}

function add(input: Row, output: Row, keepsOriginal: boolean, map: SynonymMap): void {
  if (input !== undefined && output !== undefined) map.add(input, output, keepsOriginal);
}

/** Splits where a separator stands that no backslash stands before. */
function splitAt(text: string, separator: string): string[] {
  const parts: string[] = [];
  let part = "";
  for (let i = 0; i < text.length; i++) {
    if (text.startsWith(separator, i)) {
      if (part !== "") parts.push(part);
      part = "";
      i += separator.length - 1;
    } else if (text[i] === "\\") {
      part += `\\${text[++i] ?? ""}`;
    } else part += text[i];
  }
  if (part !== "") parts.push(part);
  return parts;
}

/** Words of one synset, `s(ID,NUMBER,'word',...)`, are equal. */
function readWordnet(
  lines: readonly string[],
  expand: boolean,
  analyze: RuleAnalyzer,
  map: SynonymMap,
  options: PartOptions,
): void {
  let set = "";
  let words: Row[] = [];
  for (const line of lines) {
    const match = /^s\((\d+),[^']*'((?:[^']|'')*)'(?!')/.exec(line);
    if (match === null) throw options.wrong("synonyms", `"${line}"`);
    if (match[1] !== set) {
      addEqual(words, expand, map);
      words = [];
      set = match[1] as string;
    }
    words.push(analyze((match[2] as string).replaceAll("''", "'")));
  }
  addEqual(words, expand, map);
}
