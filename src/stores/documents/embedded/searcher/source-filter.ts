import { type JSONObject, kerror } from "../../../../kernel/index.ts";
import { filterSource, parseSourceFilter } from "../search/source-filter.ts";

/** Makes the text of an answered source from the stored text; undefined answers no source at all. */
export type TextFilter = (text: string) => string | undefined;

const everything: TextFilter = (text) => text;
const nothing: TextFilter = () => undefined;

/** `stored_fields: "_none_"`. Fields of any other name are not stored apart: `services.storage.invalid_search_query`. */
export function withoutSource(storedFields: unknown): TextFilter {
  const names = Array.isArray(storedFields) ? storedFields : [storedFields];
  if (names.length === 1 && names[0] === "_none_") return nothing;
  throw kerror("services.storage.invalid_search_query", "stored_fields");
}

/** The `_source` filters of a search body, for stored texts: a text is parsed only when part of it is asked for. */
export function textFilterOf(body: JSONObject): TextFilter {
  const filter = parseSourceFilter(body);
  if (!filter.enabled) return nothing;
  if (filter.includes.length === 0 && filter.excludes.length === 0) return everything;
  return (text) => JSON.stringify(filterSource(JSON.parse(text), filter) ?? {});
}
