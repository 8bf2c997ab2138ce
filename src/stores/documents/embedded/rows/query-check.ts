import type { Mappings } from "../../document-store.ts";
import type { CompiledMapping } from "../../mapping/compile-mapping.ts";

/** Why a query (as JSON) cannot be stored for a field of type `percolator`; undefined when it can. */
export type FindQueryFault = (text: string, mapping: CompiledMapping) => string | undefined;

/** Whether a mapping has a field for queries, or a template that would make one. */
export const takesQueries = (mappings: Mappings | string): boolean =>
  (typeof mappings === "string" ? mappings : JSON.stringify(mappings)).includes('"percolator"');

/**
 * The check of stored queries, which needs all that compiles queries. Few collections have such fields, so it is loaded when a mapping has the first
 * one: who writes sees to it before the next document.
 */
export class QueryCheck {
  #find: FindQueryFault | undefined;

  get isLoaded(): boolean {
    return this.#find !== undefined;
  }

  async load(): Promise<void> {
    const { findQueryFault } = await import("../search/percolate/check-stored-query.ts");
    this.#find = findQueryFault;
  }

  readonly find: FindQueryFault = (text, mapping) =>
    this.#find === undefined ? "what checks queries could not be loaded." : this.#find(text, mapping);
}
