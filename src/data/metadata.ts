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

/** What a client sends as `_kuzzle_info` is never stored, nor what would be found as a part of it: `{"_kuzzle_info.author": …}`. */
export function withMetadata(content: JSONObject, metadata: JSONObject): JSONObject {
  const stored: JSONObject = { ...content, _kuzzle_info: metadata };
  for (const name in stored) if (name.startsWith("_kuzzle_info.")) delete stored[name];
  return stored;
}
