import type { CollectionRef, CollectionView, DocumentStore } from "../../stores/documents/index.ts";
import type { HeldRule } from "./held-rule.ts";
import { NotSearchable, ruleQuery } from "./rule-query.ts";

/**
 * What a search may see of a collection under a rule. Error: `security.rights.forbidden` (403) when the mapping does not let searches be held to
 * it exactly.
 */
export async function viewOf(store: DocumentStore, target: CollectionRef, held: HeldRule): Promise<CollectionView> {
  const { filter, readable } = held.rule;
  const fields = readable === undefined ? {} : { fields: readable.patterns };
  if (filter === undefined) return fields;
  try {
    return { ...fields, filter: ruleQuery(filter, await store.getMappings(target)) };
  } catch (error) {
    if (!(error instanceof NotSearchable)) throw error;
    const { index, collection } = target;
    throw held.refusal(
      `a policy hides documents of ${index}/${collection} by a field that is not searched for exactly; ${error.message}`,
    );
  }
}
