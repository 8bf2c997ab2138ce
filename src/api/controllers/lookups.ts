import { type Documents, resolveLookups } from "../../data/index.ts";
import { type JSONObject, type KuzzleRequest, kerror } from "../../kernel/index.ts";
import type { RuleOf } from "./document/deps.ts";

/**
 * A search body, or a query, with what it looks up in other documents (docs/search.md): those that the user of the request could read with
 * `document:get`. Errors: `security.rights.forbidden` (403) where it may not get documents, and those of `resolveLookups`.
 */
export type WithLookups = (request: KuzzleRequest, body: JSONObject) => Promise<JSONObject>;

export interface LookupDeps {
  readonly documents: Documents;
  readonly ruleOf: RuleOf;
  /** Whether the user of a request may do something; calls from inside without a user may do everything. */
  readonly isAllowed: (
    request: KuzzleRequest,
    controller: string,
    action: string,
    index: string,
    collection: string,
  ) => Promise<boolean>;
}

export const createLookups =
  ({ documents, ruleOf, isAllowed }: LookupDeps): WithLookups =>
  (request, body) =>
    resolveLookups(body, async (target, id) => {
      const { index, collection } = target;
      if (!(await isAllowed(request, "document", "get", index, collection))) {
        const hint = `get (the search looks something up in "${index}/${collection}")`;
        throw kerror("security.rights.forbidden", "document", hint, request.getKuid());
      }
      const [found] = await documents.mFind(target, [id], await ruleOf(request, index, collection, "get"));
      return found && { content: JSON.parse(found.source) as JSONObject, version: found.version };
    });
