import { isPlainObject, type JSONObject } from "../../../../kernel/index.ts";
import type { Analyzer } from "../analysis/analysis.ts";
import { Tokens } from "../analysis/tokens.ts";
import { InvalidValue } from "../invalid-value.ts";
import { type ContextTag, readContextMappings, tagsOf } from "./contexts/context-mapping.ts";
import { type FieldType, flag, isCount, isFlag, isText } from "./field-type.ts";

/** Stand between the words of an analysed input, and where a word was left out; inputs must not have them. */
const separator = "\u001f";
const hole = "\u001e";
const reserved = ["\u0000", hole, separator];
/** Words at one position (synonyms) multiply the forms of an input; more are not kept. */
const maxForms = 64;

const inputMembers = ["input", "weight", "contexts"];
const largestWeight = 2 ** 31 - 1;

/** A text that completes prefixes, as it is kept: its analysed form, its weight, and the text itself. */
export interface CompletionEntry {
  readonly form: string;
  readonly weight: number;
  readonly surface: string;
  /** Without contexts in the mapping there are none. */
  readonly tags: readonly ContextTag[];
}

/** How a completion field turns texts into forms. */
export interface CompletionForms {
  readonly keepsSeparators: boolean;
  readonly keepsHoles: boolean;
}

/** One term of the index: they sort by form, so that what begins with a prefix lies together. */
export function encodeEntry({ form, weight, surface, tags }: CompletionEntry): string {
  const entry = `${form}\u0000${weight}\u0000${surface}`;
  return tags.length === 0 ? entry : `${entry}\u0000${JSON.stringify(tags)}`;
}

const noTags: readonly ContextTag[] = [];

export function decodeEntry(term: string): CompletionEntry {
  const first = term.indexOf("\u0000");
  const second = term.indexOf("\u0000", first + 1);
  const third = term.indexOf("\u0000", second + 1);
  return {
    form: term.slice(0, first),
    weight: Number(term.slice(first + 1, second)),
    surface: third < 0 ? term.slice(second + 1) : term.slice(second + 1, third),
    // The cast: what encodeEntry has written.
    tags: third < 0 ? noTags : (JSON.parse(term.slice(third + 1)) as ContextTag[]),
  };
}

/**
 * The analysed forms of a text: one, or several where words stand at one position, or one word for several. None for a text without words.
 */
export function formsOf(text: string, analyzer: Analyzer, { keepsSeparators, keepsHoles }: CompletionForms): string[] {
  const tokens = new Tokens();
  const next = analyzer.analyze(text, tokens);
  const { count, isRich, lengths, positions, terms } = tokens;
  if (count === 0) return [];
  const between = keepsSeparators ? separator : "";
  /** By position: the forms that go on there. */
  const open = new Map([[0, [""]]]);
  for (let i = 0; i < count; i++) {
    const position = positions[i] as number;
    const from = lastUpTo(open.keys(), position);
    const holes = keepsHoles ? position - from : 0;
    const end = position + (isRich ? (lengths[i] as number) : 1);
    const forms = open.get(end) ?? [];
    open.set(end, forms);
    for (const form of open.get(from) ?? []) {
      const gap = `${form === "" ? "" : between}${`${hole}${between}`.repeat(holes)}`;
      if (forms.length < maxForms) forms.push(`${form}${gap}${terms[i]}`);
    }
  }
  const last = positions[count - 1] as number;
  const whole = [...open].filter(([end]) => end > last);
  // Words that were left out behind the last one say that it is whole.
  const behind = keepsHoles && whole.every(([end]) => next > end) ? between : "";
  return [...new Set(whole.flatMap(([, forms]) => forms))].slice(0, maxForms).map((form) => `${form}${behind}`);
}

function lastUpTo(positions: Iterable<number>, limit: number): number {
  let last = 0;
  for (const position of positions) if (position <= limit && position > last) last = position;
  return last;
}

export const completionForms = (definition: JSONObject): CompletionForms => ({
  keepsSeparators: flag(definition, "preserve_separators", true),
  keepsHoles: flag(definition, "preserve_position_increments", true),
});

export const completionType: FieldType = {
  name: "completion",
  parameters: {
    analyzer: isText,
    contexts: (value) => readContextMappings(value) !== undefined,
    search_analyzer: isText,
    preserve_separators: isFlag,
    preserve_position_increments: isFlag,
    max_input_length: (value) => isCount(value) && Number(value) > 0,
  },
  compile(definition, analysis) {
    const analyzer = analysis.analyzer(String(definition.analyzer ?? "simple"));
    const searchAnalyzer =
      definition.search_analyzer === undefined ? analyzer : analysis.analyzer(String(definition.search_analyzer));
    const longest = Number(definition.max_input_length ?? 50);
    const forms = completionForms(definition);
    const contexts = readContextMappings(definition.contexts) ?? [];
    const entriesOf = (value: unknown): string[] => {
      const { inputs, weight, contexts: given } = readInputs(value);
      if (contexts.length === 0 && given !== undefined) throw new InvalidValue("the field has no contexts");
      const tags = contexts.length === 0 ? noTags : tagsOf(contexts, given);
      return inputs.flatMap((input) => {
        const surface = shorten(input, longest);
        const found = analyzer === undefined ? [] : formsOf(surface, analyzer, forms);
        return found.map((form) => encodeEntry({ form, weight, surface, tags }));
      });
    };
    return {
      family: "keyword",
      docValues: false,
      ...(searchAnalyzer === undefined ? {} : { searchAnalyzer }),
      takesObjects: true,
      parse: (value) => entriesOf(value)[0],
      parseMany: (value) => ({ plain: entriesOf(value), keyed: [] }),
      parseQuery: (value) => String(value),
    };
  },
};

/** Longer inputs are cut, but no character in two. */
function shorten(text: string, longest: number): string {
  const cut = text.slice(0, longest);
  return text.length > longest && /[\ud800-\udbff]$/.test(cut) ? text.slice(0, longest + 1) : cut;
}

interface Inputs {
  readonly inputs: readonly string[];
  readonly weight: number;
  readonly contexts: unknown;
}

/** `"text"`, or `{input: "text" or [...], weight: 3, contexts: {...}}`. Throws `InvalidValue`. */
function readInputs(value: unknown): Inputs {
  if (typeof value === "string") return { inputs: [checked(value)], weight: 1, contexts: undefined };
  if (!isPlainObject(value)) throw new InvalidValue("expected a text, or an object with input and weight");
  const foreign = Object.keys(value).find((key) => !inputMembers.includes(key));
  if (foreign !== undefined) throw new InvalidValue(`"${foreign}" is not known; ${inputMembers.join(", ")} are`);
  const { input, weight = 1, contexts } = value;
  const inputs: readonly unknown[] = Array.isArray(input) ? input : input === undefined ? [] : [input];
  const number = typeof weight === "string" && /^\d{1,10}$/.test(weight) ? Number(weight) : weight;
  if (typeof number !== "number" || !Number.isInteger(number) || number < 0 || number > largestWeight)
    throw new InvalidValue(`a weight is a whole number from 0 to ${largestWeight}`);
  return { inputs: inputs.map(checked), weight: number, contexts };
}

function checked(input: unknown): string {
  if (typeof input !== "string") throw new InvalidValue("an input is a text");
  if (reserved.some((char) => input.includes(char)))
    throw new InvalidValue("an input has one of the characters U+0000, U+001E, U+001F");
  return input;
}
