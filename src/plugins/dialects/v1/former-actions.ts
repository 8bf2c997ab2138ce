import { isPlainObject, type JSONObject, KuzzleRequest } from "../../../kernel/index.ts";
import type { PluginScope } from "../dialect.ts";

type Emulation = (request: KuzzleRequest, run: (data: JSONObject) => Promise<JSONObject>) => Promise<unknown>;

/** Actions that the second generation has split. Source: contract/plugins/events.yaml, legacy.v1_actions. */
const emulations: Readonly<Record<string, Emulation>> = {
  __proto__: null as never,
  "index:refresh": async ({ input }, run) => {
    const { index } = input.args;
    const { collections } = await run({ controller: "collection", action: "list", index, type: "stored" });
    const names = (Array.isArray(collections) ? collections : []) as readonly { readonly name: string }[];
    for (const { name } of names) await run({ controller: "collection", action: "refresh", index, collection: name });
    return { _shards: { total: names.length, successful: names.length, failed: 0 } };
  },
  "index:refreshInternal": async (_, run) => {
    for (const collection of ["users", "profiles", "roles"]) {
      await run({ controller: "security", action: "refresh", collection });
    }
    return { acknowledged: true };
  },
};

/** Runs an action that is not there any more by those that took its place; undefined for all others. Rejects with their errors. */
export function emulate({ deps }: PluginScope, request: unknown): Promise<KuzzleRequest> | undefined {
  if (!KuzzleRequest.isOwn(request)) return undefined;
  const emulation = emulations[`${request.input.controller}:${request.input.action}`];
  if (emulation === undefined) return undefined;
  const run = async (data: JSONObject): Promise<JSONObject> => {
    const { result, error } = await deps.execute(new KuzzleRequest(data), { checkRights: false });
    if (error !== null) throw error;
    return isPlainObject(result) ? result : {};
  };
  return emulation(request, run).then((result) => {
    request.setResult(result);
    return request;
  });
}
