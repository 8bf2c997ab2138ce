import { isPlainObject, type JSONObject, KuzzleError, KuzzleRequest, kerror } from "../../../kernel/index.ts";
import type { PluginScope } from "../dialect.ts";

interface Emulated {
  readonly scope: PluginScope;
  /** Runs an action of today, without rights and events; rejects with its error. */
  readonly run: (data: JSONObject) => Promise<JSONObject>;
}

type Emulation = (request: KuzzleRequest, emulated: Emulated) => Promise<unknown>;

/** Actions that the second generation has split or given up. Source: contract/plugins/events.yaml, legacy.v1_actions. */
const emulations: Readonly<Record<string, Emulation>> = {
  __proto__: null as never,
  "index:refresh": async (request, { run }) => {
    const index = request.getIndex();
    const { collections } = await run({ controller: "collection", action: "list", index, type: "stored" });
    const names = (Array.isArray(collections) ? collections : []) as readonly { readonly name: string }[];
    for (const { name } of names) await run({ controller: "collection", action: "refresh", index, collection: name });
    return { _shards: { total: names.length, successful: names.length, failed: 0 } };
  },
  "index:refreshInternal": async (_, { run }) => {
    for (const collection of ["users", "profiles", "roles"]) {
      await run({ controller: "security", action: "refresh", collection });
    }
    return { acknowledged: true };
  },
  "index:getAutoRefresh": async (request, { scope }) => {
    const { autoRefresh } = scope.first;
    await autoRefresh.open();
    return autoRefresh.has(request.getIndex());
  },
  "index:setAutoRefresh": async (request, { scope }) => {
    const { autoRefresh: isOn } = request.getBody();
    if (typeof isOn !== "boolean") throw kerror("api.assert.invalid_type", "body.autoRefresh", "boolean");
    const { autoRefresh } = scope.first;
    await autoRefresh.open();
    await autoRefresh.set(request.getIndex(), isOn);
    return isOn;
  },
  "security:createOrReplaceUser": async (request, { run }) => {
    const _id = request.getId();
    const body = request.getBody();
    const content = isPlainObject(body.content) ? body.content : body;
    const security = { controller: "security", _id };
    if (await exists(run({ ...security, action: "getUser" }))) {
      return run({ ...security, action: "replaceUser", body: content });
    }
    const { credentials = {} } = body;
    return run({ ...security, action: "createUser", body: { content, credentials } });
  },
};

async function exists(found: Promise<unknown>): Promise<boolean> {
  try {
    await found;
    return true;
  } catch (error) {
    if (error instanceof KuzzleError && error.status === 404) return false;
    throw error;
  }
}

/**
 * Runs an action that is not there any more by those that took its place; undefined for all others. Its own events are fired around it when the
 * request asks for events. Rejects with their errors.
 */
export async function emulate(scope: PluginScope, request: KuzzleRequest): Promise<KuzzleRequest | undefined> {
  const { controller, action, triggerEvents } = request.input;
  const emulation = emulations[`${controller}:${action}`];
  if (emulation === undefined) return undefined;
  const { deps } = scope;
  const run = async (data: JSONObject): Promise<JSONObject> => {
    const { result, error } = await deps.execute(new KuzzleRequest(data), { checkRights: false });
    if (error !== null) throw error;
    return isPlainObject(result) ? result : {};
  };
  const fire = async (phase: "before" | "after", subject: KuzzleRequest): Promise<KuzzleRequest> => {
    if (!triggerEvents || action === null) return subject;
    const event = `${controller}:${phase}${action.charAt(0).toUpperCase()}${action.slice(1)}`;
    return (await deps.events.pipe(event, subject)) as KuzzleRequest; // pipes of requests answer requests: their dialects check it
  };
  const subject = await fire("before", request);
  subject.setResult(await emulation(subject, { scope, run }));
  return fire("after", subject);
}
