import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import type { IndexSearchRequest } from "../collection-index.ts";
import type { SearchPart } from "../hits/finish-hits.ts";
import { malformed, textOf } from "../query/parameters.ts";
import { refuseHidden } from "../visibility.ts";
import { completionSuggester } from "./completion-suggester.ts";
import { phraseSuggester } from "./phrase-suggester.ts";
import type { SuggestRequest } from "./suggest-text.ts";
import { termSuggester } from "./term-suggester.ts";

type Suggester = (
  request: SuggestRequest,
  collections: readonly (readonly SearchPart[])[],
  search: IndexSearchRequest,
) => Generator<void, JSONObject[]>;

const suggesters: ReadonlyMap<string, Suggester> = new Map<string, Suggester>([
  ["term", termSuggester],
  ["phrase", phraseSuggester],
  ["completion", completionSuggester],
]);

/** Suggesters of one search; each goes through the terms of its field. */
const maxSuggesters = 50;
const maxText = 10_000;

/** `{text: "for all", mine: {text, term: {field}}}`: answers, by name, one entry for each word or text. */
export function* suggest(
  body: JSONObject,
  parts: readonly SearchPart[],
  search: IndexSearchRequest,
): Generator<void, JSONObject> {
  const collections = byCollection(parts);
  const { text: shared, ...named } = body;
  const names = Object.keys(named);
  if (names.length > maxSuggesters) throw malformed(`[suggest] takes at most ${maxSuggesters} suggesters.`);
  const answers: [string, JSONObject[]][] = [];
  for (const name of names) {
    const { kind, request } = readRequest(name, named[name], shared);
    const run = suggesters.get(kind);
    if (run === undefined)
      throw malformed(`[suggest.${name}] "${kind}" is no suggester: "term", "phrase" and "completion" are.`);
    if (kind !== "completion")
      refuseHidden(search.visible, `[suggest.${name}.${kind}]`, 'a "completion" suggester can be asked');
    answers.push([name, yield* run(request, collections, search)]);
  }
  return Object.fromEntries(answers);
}

function readRequest(name: string, value: unknown, shared: unknown): { kind: string; request: SuggestRequest } {
  const place = `suggest.${name}`;
  if (!isPlainObject(value)) throw malformed(`[${place}] must be an object.`);
  const { text, prefix, regex, ...rest } = value;
  const [kind, ...others] = Object.keys(rest);
  if (kind === undefined) throw malformed(`[${place}] needs a suggester: "term", "phrase" or "completion".`);
  if (others.length > 0) throw malformed(`[${place}] has more than one suggester: "${kind}", "${others[0]}".`);
  const options = rest[kind];
  if (!isPlainObject(options)) throw malformed(`[${place}.${kind}] must be an object.`);
  const request: SuggestRequest = {
    name,
    options,
    text: optional(text ?? shared, `${place}.text`),
    prefix: optional(prefix, `${place}.prefix`),
    regex: optional(regex, `${place}.regex`),
  };
  return { kind, request };
}

function optional(value: unknown, place: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  const text = textOf(value, place);
  if (text.length > maxText) throw malformed(`[${place}] may have ${maxText} characters at most.`);
  return text;
}

function byCollection(parts: readonly SearchPart[]): readonly (readonly SearchPart[])[] {
  const groups = new Map<number, SearchPart[]>();
  for (const part of parts) {
    const group = groups.get(part.index) ?? [];
    group.push(part);
    groups.set(part.index, group);
  }
  return [...groups.values()];
}
