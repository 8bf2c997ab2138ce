import type { JSONObject } from "../../../../kernel/index.ts";
import { filterSource, parseSourceFilter } from "../search/source-filter.ts";

/** Makes the text of an answered source from the stored text; undefined answers no source at all. */
export type TextFilter = (text: string) => string | undefined;

const everything: TextFilter = (text) => text;
const nothing: TextFilter = () => undefined;

/** The `_source` filters of a search body, for stored texts: a text is parsed only when part of it is asked for. */
export function textFilterOf(body: JSONObject): TextFilter {
  const filter = parseSourceFilter(body);
  if (!filter.enabled) return nothing;
  if (filter.includes.length === 0 && filter.excludes.length === 0) return everything;
  return (text) => JSON.stringify(filterSource(JSON.parse(text), filter) ?? {});
}
