import { isPlainObject, type JSONObject } from "../../kernel/index.ts";

/** Who writes, and when: epoch milliseconds. */
export interface Author {
  readonly kuid: string | null;
  readonly at: number;
}

/** The fields of a body that clients may choose. */
export function ownFields(body: JSONObject): JSONObject {
  const { _kuzzle_info: _info, _id, ...fields } = body;
  return fields;
}

/** A new document: `_kuzzle_info` says who made it. */
export const stampCreated = (body: JSONObject, { kuid, at }: Author): JSONObject => ({
  ...ownFields(body),
  _kuzzle_info: { author: kuid, createdAt: at, updatedAt: null, updater: null },
});

/** A document in the place of `before`: who made that one stays known. */
export function stampReplaced(body: JSONObject, before: JSONObject, { kuid, at }: Author): JSONObject {
  const info = isPlainObject(before._kuzzle_info) ? before._kuzzle_info : {};
  const { author = null, createdAt = null } = info;
  return { ...ownFields(body), _kuzzle_info: { author, createdAt, updatedAt: at, updater: kuid } };
}

/** A partial document, to be merged. */
export const stampUpdated = (partial: JSONObject, { kuid, at }: Author): JSONObject => ({
  ...ownFields(partial),
  _kuzzle_info: { updatedAt: at, updater: kuid },
});
