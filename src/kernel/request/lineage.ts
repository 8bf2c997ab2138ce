import type { KuzzleRequest } from "./request.ts";

/** Where a request stands among those that were made in each other's name. */
export interface Lineage {
  readonly origin: KuzzleRequest;
  readonly previous: KuzzleRequest | null;
  /** Events that were fired for any of them; one set for all. */
  readonly triggered: Set<string>;
}
