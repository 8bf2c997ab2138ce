import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import type { Analyzer } from "../../../mapping/analysis/analysis.ts";
import type { FieldNode } from "../../../mapping/compile-mapping.ts";
import { completionForms, formsOf } from "../../../mapping/types/completion.ts";
import { readFuzziness } from "../query/fuzzy/fuzzy.ts";
import { flagOf, malformed, onlyKnown } from "../query/parameters.ts";
import { toRe2 } from "../query/syntax/lucene-regexp.ts";
import { count } from "./spell-options.ts";
import type { SuggestRequest } from "./suggest-text.ts";

/** Which analysed forms a request asks for. */
export interface CompletionLookup {
  /** All forms that fit begin with one of these. */
  readonly prefixes: readonly string[];
  /** What a form's weight is multiplied by, 0 when it counts as it is; undefined when the form does not fit. */
  match(form: string): number | undefined;
}

export function completionLookup(
  request: SuggestRequest,
  node: FieldNode,
  analyzer: Analyzer | undefined,
  place: string,
): CompletionLookup {
  const { options } = request;
  const { regex } = request;
  if (regex !== undefined) return regexLookup(regex, options.regex, place);
  const prefix = request.prefix ?? request.text;
  if (prefix === undefined) throw malformed(`[suggest.${request.name}] needs a "prefix", a "regex" or a "text".`);
  const forms = analyzer === undefined ? [prefix] : formsOf(prefix, analyzer, completionForms(node.definition));
  const { fuzzy } = options;
  if (fuzzy === undefined || fuzzy === false) {
    const plain = forms.filter((form) => form !== "");
    return { prefixes: plain, match: (form) => (plain.some((one) => form.startsWith(one)) ? 0 : undefined) };
  }
  return fuzzyLookup(forms, isPlainObject(fuzzy) ? fuzzy : {}, `${place}.fuzzy`);
}

function regexLookup(pattern: string, value: unknown, place: string): CompletionLookup {
  const options = isPlainObject(value) ? value : {};
  onlyKnown(options, ["flags", "flags_value", "max_determinized_states"], `${place}.regex`);
  if (pattern === "") return { prefixes: [], match: () => undefined };
  // The whole pattern fits a beginning of the form.
  const compiled = toRe2(pattern);
  return { prefixes: [""], match: (form) => (compiled.matcher(form).lookingAt() ? 0 : undefined) };
}

/** AUTO means here what it means for a word of this length, whatever was typed. */
const autoLength = 5;

function fuzzyLookup(forms: readonly string[], options: JSONObject, place: string): CompletionLookup {
  onlyKnown(
    options,
    ["fuzziness", "transpositions", "min_length", "prefix_length", "unicode_aware", "max_determinized_states"],
    place,
  );
  const transpositions = flagOf(options.transpositions, true, `${place}.transpositions`);
  const minLength = count(options.min_length, 3, 0, `${place}.min_length`);
  const prefixLength = count(options.prefix_length, 1, 0, `${place}.prefix_length`);
  const { fuzziness = "AUTO" } = options;
  const edits = readFuzziness(fuzziness, place)(autoLength);
  const isUnicode = flagOf(options.unicode_aware, false, `${place}.unicode_aware`);
  const unitsOf = isUnicode ? codePoints : bytes;
  const wanted = forms
    .filter((form) => form !== "")
    .map((form) => {
      const units = unitsOf(form);
      const isExact = units.length <= prefixLength || units.length < minLength;
      return new PrefixDistance(units, Math.min(prefixLength, units.length), isExact ? 0 : edits, {
        transpositions,
        isUnicode,
      });
    });
  return {
    prefixes: wanted.length === 0 ? [] : [""],
    match(form) {
      const units = unitsOf(form);
      let best: number | undefined;
      for (const one of wanted) {
        const common = one.commonBefore(units);
        if (common !== undefined && (best === undefined || common > best)) best = common;
      }
      return best;
    },
  };
}

const codePoints = (text: string): readonly number[] => Array.from(text, (char) => char.codePointAt(0) ?? 0);
const bytes = (text: string): readonly number[] => [...Buffer.from(text)];

/** Looks for the shortest beginning of a form that is a few edits from a text. */
class PrefixDistance {
  readonly #wanted: readonly number[];
  readonly #exact: number;
  readonly #edits: number;
  readonly #transpositions: boolean;
  readonly #isUnicode: boolean;

  constructor(
    wanted: readonly number[],
    exact: number,
    edits: number,
    { transpositions, isUnicode }: { readonly transpositions: boolean; readonly isUnicode: boolean },
  ) {
    this.#isUnicode = isUnicode;
    this.#wanted = wanted;
    this.#exact = exact;
    this.#edits = edits;
    this.#transpositions = transpositions;
  }

  /** How many characters the beginning that fits shares with the text, from the first on; undefined when none fits. */
  commonBefore(form: readonly number[]): number | undefined {
    for (let i = 0; i < this.#exact; i++) if (form[i] !== this.#wanted[i]) return undefined;
    const text = this.#wanted.slice(this.#exact);
    const rest = form.slice(this.#exact);
    const length = this.#shortest(text, rest);
    if (length === undefined) return undefined;
    let common = 0;
    // Only the characters of ASCII count, as those of the reference engine compare code points with bytes.
    while (common < length && rest[common] === text[common] && (!this.#isUnicode || (text[common] as number) < 128))
      common++;
    return this.#exact + common;
  }

  #shortest(text: readonly number[], rest: readonly number[]): number | undefined {
    const width = text.length + 1;
    let before: number[] = [];
    let above = Array.from({ length: width }, (_, j) => j);
    if ((above[width - 1] as number) <= this.#edits) return 0;
    for (let i = 1; i <= rest.length; i++) {
      const row = [i];
      for (let j = 1; j < width; j++) {
        const same = rest[i - 1] === text[j - 1] ? 0 : 1;
        let cost = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + same);
        const isSwap = i > 1 && j > 1 && rest[i - 1] === text[j - 2] && rest[i - 2] === text[j - 1];
        if (this.#transpositions && isSwap) cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
        row.push(cost);
      }
      if ((row[width - 1] as number) <= this.#edits) return i;
      if (Math.min(...row) > this.#edits + 1) return undefined;
      [before, above] = [above, row];
    }
    return undefined;
  }
}
