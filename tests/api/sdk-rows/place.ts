/** Where one row of the tables in this folder does its work: a collection of its own, and the official client on one protocol. */
import type { BaseRequest, Kuzzle } from "kuzzle-sdk";
import type { JSONObject } from "../../../src/kernel/index.ts";
import type { TestServer } from "../../../testing/index.ts";

export interface Place {
  readonly sdk: Kuzzle;
  readonly server: TestServer;
  readonly protocol: "http" | "websocket";
  /** An index of this row alone, with the collection `books`: documents `a` (1969), `b` and `c` (1974). */
  readonly index: string;
  readonly collection: "books";
}

/** One action, through the client, with what it answers and what it leaves behind. */
export type Row = (place: Place) => Promise<void>;

/** Every action of one controller. */
export type Rows = Readonly<Record<string, Row>>;

export const bookProperties = { title: { type: "text" }, year: { type: "integer" }, tag: { type: "keyword" } } as const;

export const bookDocuments = [
  { _id: "a", body: { title: "the left hand", year: 1969, tag: "novel" } },
  { _id: "b", body: { title: "the dispossessed", year: 1974, tag: "novel" } },
  { _id: "c", body: { title: "the day before", year: 1974, tag: "story" } },
] as const;

/** What is stored under an id, without metadata; undefined when there is nothing. */
export async function storedIn({ server, index, collection }: Place, _id: string): Promise<JSONObject | undefined> {
  const { sdk } = server.backend;
  const { result } = await sdk.query({
    controller: "document",
    action: "mGet",
    index,
    collection,
    body: { ids: [_id] },
  });
  const [found] = (result as { successes: { _source: JSONObject }[] }).successes;
  if (found === undefined) return undefined;
  const { _kuzzle_info: _, ...content } = found._source;
  return content;
}

/** The result of an action for which the client has no method of its own. */
export async function ask<R>({ sdk }: Place, controller: string, action: string, args: JSONObject = {}): Promise<R> {
  const { result } = await sdk.query<BaseRequest, R>({ ...args, controller, action });
  return result;
}

export const idsOf = (documents: readonly { readonly _id: string }[]): string[] =>
  documents.map(({ _id }) => _id).sort();
