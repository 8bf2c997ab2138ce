import { isPlainObject, type JSONObject, type KuzzleRequest } from "../../../kernel/index.ts";

/** An event of this server behind one of the first generation. */
export interface EventToday {
  readonly event: string;
  /** What a listener gets in place of the payload; undefined: this time it is not called. What a pipe answers does not count then. */
  readonly show?: (payload: unknown) => unknown;
}

const under = (...events: readonly string[]): readonly EventToday[] => events.map((event) => ({ event }));

/**
 * Events that the second generation knows by another name or with another payload. All others kept theirs. Those of `index:…` are also fired
 * around the actions that only plugins can still ask for.
 * Source: contract/plugins/events.yaml, legacy.v1.
 */
const changed: ReadonlyMap<string, readonly EventToday[]> = new Map([
  ["index:beforeRefresh", under("collection:beforeRefresh", "index:beforeRefresh")],
  ["index:afterRefresh", under("collection:afterRefresh", "index:afterRefresh")],
  ["index:beforeRefreshInternal", under("security:beforeRefresh", "index:beforeRefreshInternal")],
  ["index:afterRefreshInternal", under("security:afterRefresh", "index:afterRefreshInternal")],
  ["collection:beforeGetUserMapping", under("security:beforeGetUserMapping")],
  ["collection:afterGetUserMapping", under("security:afterGetUserMapping")],
  ["security:beforeCreateOrReplaceUser", under("security:beforeReplaceUser", "security:beforeUpsertUser")],
  ["security:afterCreateOrReplaceUser", under("security:afterReplaceUser", "security:afterUpsertUser")],
  // The action is there no more: what it did is part of another.
  ["admin:beforeResetKuzzleData", under("admin:beforeResetDatabase")],
  ["admin:afterResetKuzzleData", under("admin:afterResetDatabase")],
  ["core:indexCache:add", under("core:storage:collection:create:after")],
  ["core:indexCache:remove", under("core:storage:collection:delete:after")],
  ["core:notify:dispatch", under("core:realtime:notification:dispatch:before")],
  ["core:hotelClerk:join", [{ event: "realtime:afterJoin", show: joined }]],
  ["core:roleRepository:save", savedBy("Role")],
  ["core:roleRepository:delete", [{ event: "security:afterDeleteRole", show: stored }]],
  ["core:profileRepository:save", savedBy("Profile")],
  ["core:profileRepository:delete", [{ event: "security:afterDeleteProfile", show: stored }]],
  ["validation:error", [{ event: "request:onError", show: whatIsInvalid }]],
]);

function savedBy(what: "Role" | "Profile"): readonly EventToday[] {
  return ["Create", "Update", "CreateOrReplace"].map((verb) => ({
    event: `security:after${verb}${what}`,
    show: stored,
  }));
}

/** `{ _id, …content }` of what an action has stored or deleted. */
function stored(payload: unknown): JSONObject {
  const { input, result } = payload as KuzzleRequest;
  const { _id, _source } = (isPlainObject(result) ? result : {}) as JSONObject;
  return { ...(isPlainObject(_source) ? _source : {}), _id: _id ?? input.args._id };
}

function joined(payload: unknown): JSONObject {
  const { input, result } = payload as KuzzleRequest;
  const { index, collection } = input.args;
  return { index, collection, roomId: isPlainObject(result) ? result.roomId : undefined };
}

function whatIsInvalid(payload: unknown): string | undefined {
  const { error } = payload as KuzzleRequest;
  return error?.id?.startsWith("validation.check.") === true ? error.message : undefined;
}

/** Events of the first generation, which have payloads of their own. */
const ofFirstGeneration =
  /^(data|read|write|subscription|memoryStorage|cleanDb|prepareDb|protocol):|^auth:loadStrategies$|^server:overload$|^security:formatUserForSerialization$/;

/** What they told of is not there any more. */
const neverFired = /^gc:(start|end)$|^core:indexCache:reset$/;

/** Under which names of today an event is heard; none when it is never fired. */
export function eventsToday(event: string): readonly EventToday[] {
  if (neverFired.test(event)) return [];
  return changed.get(event) ?? under(event);
}

export const isOfFirstGeneration = (event: string): boolean => ofFirstGeneration.test(event);
