import type { SearchHit, SearchPage } from "../../document-store.ts";

/** What few hits have. */
type Extras = Pick<SearchHit, "version" | "sort" | "highlight" | "fields" | "explanation" | "seqNo" | "innerHits">;

/**
 * A page on its way between threads: the hits as one flat array, five slots each (place of the collection in `names`, id, score, source,
 * extras), because a structured clone of ten objects costs more than reading their rows.
 */
export interface FlatPage {
  readonly page: Omit<SearchPage, "hits">;
  /** Index and collection in turn. */
  readonly names: readonly string[];
  readonly hits: readonly unknown[];
}

const width = 5;

export function encodePage({ hits, ...page }: SearchPage): FlatPage {
  const names: string[] = [];
  const flat: unknown[] = [];
  let place = -2;
  for (let i = 0; i < hits.length; i++) {
    const hit = hits[i] as SearchHit; // within bounds
    if (names[place] !== hit.index || names[place + 1] !== hit.collection) place = placeOf(names, hit);
    flat.push(place, hit.id, hit.score, hit.source, extrasOf(hit));
  }
  return { page, names, hits: flat };
}

function placeOf(names: string[], hit: SearchHit): number {
  for (let i = 0; i < names.length; i += 2) if (names[i] === hit.index && names[i + 1] === hit.collection) return i;
  return names.push(hit.index, hit.collection) - 2;
}

function extrasOf({ version, sort, highlight, fields, explanation, seqNo, innerHits }: SearchHit): Extras | undefined {
  if (
    version === undefined &&
    sort === undefined &&
    highlight === undefined &&
    fields === undefined &&
    explanation === undefined &&
    seqNo === undefined &&
    innerHits === undefined
  ) {
    return undefined;
  }
  return {
    ...(version === undefined ? undefined : { version }),
    ...(sort === undefined ? undefined : { sort }),
    ...(highlight === undefined ? undefined : { highlight }),
    ...(fields === undefined ? undefined : { fields }),
    ...(explanation === undefined ? undefined : { explanation }),
    ...(seqNo === undefined ? undefined : { seqNo }),
    ...(innerHits === undefined ? undefined : { innerHits }),
  };
}

/** The casts: {@link encodePage} wrote the array. */
export function decodePage({ page, names, hits: flat }: FlatPage): SearchPage {
  const hits: SearchHit[] = [];
  for (let i = 0; i < flat.length; i += width) {
    const place = flat[i] as number;
    const source = flat[i + 3] as string | undefined;
    const extras = flat[i + 4] as Extras | undefined;
    const hit = {
      index: names[place] ?? "",
      collection: names[place + 1] ?? "",
      id: flat[i + 1] as string,
      score: flat[i + 2] as number | null,
    };
    if (source === undefined) hits.push(extras === undefined ? hit : { ...hit, ...extras });
    else hits.push(extras === undefined ? { ...hit, source } : { ...hit, source, ...extras });
  }
  return { ...page, hits };
}
