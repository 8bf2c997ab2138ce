import { FieldList } from "../../../../filters/index.ts";
import { parseClientObject } from "../../client-json.ts";
import type { CollectionView, SearchOptions } from "../../document-store.ts";
import type { Visibilities } from "../search/index.ts";

/** What may be seen of the targets of a search, from its text. */
export function parseVisible(text: string | undefined): Visibilities | undefined {
  if (text === undefined) return undefined;
  // The cast: the store wrote it; what was undefined there is null here.
  const { views } = parseClientObject(text) as { readonly views: readonly (CollectionView | null)[] };
  return views.map((view) => {
    if (view === null) return undefined;
    return { filter: view.filter, fields: view.fields === undefined ? undefined : new FieldList(view.fields) };
  });
}

/** The views of the targets as {@link parseVisible} reads them; undefined when everything may be seen. */
export function visibleText(visible: SearchOptions["visible"]): string | undefined {
  return visible?.some((one) => one !== undefined) === true ? JSON.stringify({ views: visible }) : undefined;
}
