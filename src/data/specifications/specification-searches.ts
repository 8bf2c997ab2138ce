import type { CollectionRef } from "../../stores/documents/index.ts";
import { Catalog } from "../catalog.ts";
import { Searches, type SearchesDeps } from "../searches.ts";

/** Searches that see one private collection and nothing else, with scrolls of their own: the stored specifications. */
export function createSpecificationSearches(deps: Omit<SearchesDeps, "catalog">, collection: CollectionRef): Searches {
  const catalog = new Catalog();
  catalog.add(collection, "public");
  return new Searches({ ...deps, catalog });
}
