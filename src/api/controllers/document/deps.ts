import {
  type ChangeFeed,
  type Collections,
  type ContentValidator,
  cutDocument,
  type Documents,
  type HeldRule,
  type OperationStart,
  type Operations,
  type QueryLanguage,
  resolveLookups,
  type Searches,
} from "../../../data/index.ts";
import { type Events, isThenable, type MaybePromise } from "../../../events/index.ts";
import { type Clock, type JSONObject, JsonText, type KuzzleRequest, kerror } from "../../../kernel/index.ts";
import type { CollectionRef, SearchOptions, StoredDocument } from "../../../stores/documents/index.ts";
import type { LeavingOf } from "../../connections.ts";

/**
 * What the user of a request is held to in a collection, by the policies that allow its action, or another one of its controller. At once in the
 * usual case.
 */
export type RuleOf = (
  request: KuzzleRequest,
  index: string,
  collection: string,
  action?: string,
) => MaybePromise<HeldRule | undefined>;

/** An action on one collection, with what its user is held to there. Nothing is awaited where that is known at once. */
export const underRule =
  <A extends { readonly index: string; readonly collection: string }>(
    { ruleOf }: { readonly ruleOf: RuleOf },
    run: (args: A, request: KuzzleRequest, held: HeldRule | undefined) => unknown,
  ) =>
  (args: A, request: KuzzleRequest): unknown => {
    const rule = ruleOf(request, args.index, args.collection);
    return isThenable(rule) ? rule.then((held) => run(args, request, held)) : run(args, request, rule);
  };

/** What the actions on documents share. */
export interface DocumentControllerDeps {
  readonly documents: Documents;
  readonly searches: Searches;
  readonly operations: Operations;
  readonly collections: Collections;
  readonly feed: ChangeFeed;
  readonly validator: ContentValidator;
  readonly events: Events;
  readonly clock: Clock;
  readonly leavingOf: LeavingOf;
  /** `services.storageEngine.defaults.onUpdateConflictRetries`. */
  readonly conflictRetries: number;
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

export type { CollectionRef, QueryLanguage };

/** `{ _id, _source, _version }` as text, with further members; as much of the source as may be seen. */
export function documentText(document: StoredDocument, more = "", held?: HeldRule): JsonText {
  const { id, source, version } = held === undefined ? document : cutDocument(document, held);
  return new JsonText(`{"_id":${JSON.stringify(id)},"_source":${source},"_version":${version}${more}}`);
}

/** Metadata as the pipe `generic:document:injectMetadata` leaves it; nothing is awaited when nobody listens. */
export async function injectMetadata(
  { events }: DocumentControllerDeps,
  request: KuzzleRequest,
  metadata: JSONObject,
  defaultMetadata?: JSONObject,
): Promise<{ metadata: JSONObject; defaultMetadata: JSONObject }> {
  const injection = defaultMetadata === undefined ? { request, metadata } : { request, metadata, defaultMetadata };
  const answer = await events.pipe("generic:document:injectMetadata", injection);
  return { metadata: answer.metadata, defaultMetadata: answer.defaultMetadata ?? {} };
}

/** Stops searching when the client is gone. */
export function searchOptions({ leavingOf }: DocumentControllerDeps, request: KuzzleRequest): SearchOptions {
  const signal = leavingOf(request);
  return signal === undefined ? {} : { signal };
}

/** An operation that only the client of the request is interested in. */
export const operationOf = (
  { leavingOf }: DocumentControllerDeps,
  request: KuzzleRequest,
  action: string,
  { index, collection }: CollectionRef,
): OperationStart => ({
  ...{ action, index, collection, user: request.getKuid(), unit: "documents" },
  leaving: leavingOf(request),
});

/** The present instant and who asks, for metadata. */
export const stamp = (
  { clock }: DocumentControllerDeps,
  request: KuzzleRequest,
): [kuid: string | null, now: number] => [request.getKuid(), clock.now()];

/**
 * A search body, or a query, with the terms and documents to percolate that it looks up: those that the user of the request could read with `document:get`.
 * Error: `security.rights.forbidden` (403) where it may not get documents.
 */
export const withLookups = (
  { documents, ruleOf, isAllowed }: DocumentControllerDeps,
  request: KuzzleRequest,
  body: JSONObject,
): Promise<JSONObject> =>
  resolveLookups(body, async (target, id) => {
    const { index, collection } = target;
    if (!(await isAllowed(request, "document", "get", index, collection))) {
      const hint = `get (a search looks up what is in "${index}/${collection}")`;
      throw kerror("security.rights.forbidden", "document", hint, request.getKuid());
    }
    const [found] = await documents.mFind(target, [id], await ruleOf(request, index, collection, "get"));
    if (found === undefined) return undefined;
    return { content: JSON.parse(found.source) as JSONObject, version: found.version };
  });
