import { createHmac } from "node:crypto";
import { canonicalForm } from "./canonical-form.ts";
import type { Filter } from "./filter.ts";

/** Never change it: the same subscription would get another identifier from one version to the next. */
const seed = "tenon filter identity 1";

/**
 * Identifies a filter on a collection: 64 hexadecimal characters (HMAC-SHA256), the same on every node and after every
 * restart.
 *
 * Equivalent spellings have one identity: whatever is equal after negations are pushed to the conditions, `and` is
 * distributed over `or`, and repetitions, contradictions and implied alternatives are dropped. Where distributing would
 * take more than a few hundred alternatives, only order and repetitions are evened out.
 *
 * Source: contract/koncorde.md, section 8.
 */
export function filterId(filter: Filter, index: string, collection: string): string {
  const target = JSON.stringify([index, collection]);
  return createHmac("sha256", seed).update(target).update(canonicalForm(filter.root)).digest("hex");
}
