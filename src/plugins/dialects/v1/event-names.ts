/**
 * Events that the second generation knows by another name. All others kept theirs.
 * Source: contract/plugins/events.yaml, legacy.v1.
 */
const renamed: ReadonlyMap<string, readonly string[]> = new Map([
  ["index:beforeRefresh", ["collection:beforeRefresh"]],
  ["index:afterRefresh", ["collection:afterRefresh"]],
  ["index:beforeRefreshInternal", ["security:beforeRefresh"]],
  ["index:afterRefreshInternal", ["security:afterRefresh"]],
  ["collection:beforeGetUserMapping", ["security:beforeGetUserMapping"]],
  ["collection:afterGetUserMapping", ["security:afterGetUserMapping"]],
  ["security:beforeCreateOrReplaceUser", ["security:beforeReplaceUser", "security:beforeUpsertUser"]],
  ["security:afterCreateOrReplaceUser", ["security:afterReplaceUser", "security:afterUpsertUser"]],
  ["core:indexCache:add", ["core:storage:collection:create:after"]],
  ["core:indexCache:remove", ["core:storage:collection:delete:after"]],
  ["core:hotelClerk:join", ["realtime:afterJoin"]],
]);

/** Events of the first generation, which have payloads of their own. */
const ofFirstGeneration =
  /^(data|read|write|subscription|memoryStorage|cleanDb|prepareDb|protocol):|^auth:loadStrategies$|^server:overload$|^security:formatUserForSerialization$/;

/** Under which names of today an event is heard. */
export const namesToday = (event: string): readonly string[] => renamed.get(event) ?? [memoryStorageOf(event)];

export const isOfFirstGeneration = (event: string): boolean => ofFirstGeneration.test(event);

const memoryStorageOf = (event: string): string => event.replace(/^memoryStorage:/, "ms:");
