import type {
  ChangeFeed,
  Collections,
  ContentValidator,
  Documents,
  OperationStart,
  Operations,
  QueryLanguage,
  Searches,
} from "../../../data/index.ts";
import type { Events } from "../../../events/index.ts";
import { type Clock, type JSONObject, JsonText, type KuzzleRequest } from "../../../kernel/index.ts";
import type { CollectionRef, SearchOptions, StoredDocument } from "../../../stores/documents/index.ts";

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
  /** Aborts when the connection goes that a request came over. */
  readonly leavingOf: (connectionId: string | null) => AbortSignal | undefined;
  /** `services.storageEngine.defaults.onUpdateConflictRetries`. */
  readonly conflictRetries: number;
}

export type { CollectionRef, QueryLanguage };

/** `{ _id, _source, _version }` as text, with further members. */
export function documentText({ id, source, version }: StoredDocument, more = ""): JsonText {
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
  const signal = leavingOf(request.context.connectionId);
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
  leaving: leavingOf(request.context.connectionId),
});

/** The present instant and who asks, for metadata. */
export const stamp = (
  { clock }: DocumentControllerDeps,
  request: KuzzleRequest,
): [kuid: string | null, now: number] => [request.getKuid(), clock.now()];
