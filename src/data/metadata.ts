import type { JSONObject } from "../kernel/index.ts";

/** `_kuzzle_info` of each kind of write (contract/search.md section 5.1). `kuid` is null without a user. */
export const created = (kuid: string | null, now: number): JSONObject => ({
  author: kuid,
  createdAt: now,
  updatedAt: null,
  updater: null,
});

export const replaced = (kuid: string | null, now: number): JSONObject => ({
  author: kuid,
  createdAt: now,
  updatedAt: now,
  updater: kuid,
});

export const updated = (kuid: string | null, now: number): JSONObject => ({ updatedAt: now, updater: kuid });

/** What a client sends as `_kuzzle_info` is never stored. */
export function withMetadata(content: JSONObject, metadata: JSONObject): JSONObject {
  return { ...content, _kuzzle_info: metadata };
}
