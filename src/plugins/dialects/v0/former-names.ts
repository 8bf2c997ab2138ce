/**
 * Former name and name of today, where they differ. Where one of today had two former names, the later comes first: it is the one that is shown.
 * Source: contract/plugins/events.yaml, legacy.v0_actions.
 */
const names: Readonly<Record<string, string>> = {
  "admin:adminExists": "server:adminExists",
  "admin:createFirstAdmin": "security:createFirstAdmin",
  "admin:createIndex": "index:create",
  "admin:deleteCollection": "collection:delete",
  "admin:deleteIndex": "index:delete",
  "admin:deleteIndexes": "index:mDelete",
  "admin:getAllStats": "server:getAllStats",
  "admin:getAutoRefresh": "index:getAutoRefresh",
  "admin:getConfig": "server:getConfig",
  "admin:getLastStats": "server:getLastStats",
  "admin:getMapping": "collection:getMapping",
  "admin:getStats": "server:getStats",
  "admin:refreshIndex": "index:refresh",
  "admin:setAutoRefresh": "index:setAutoRefresh",
  "admin:truncateCollection": "collection:truncate",
  "admin:updateMapping": "collection:updateMapping",
  "read:count": "document:count",
  "read:get": "document:get",
  "read:listCollections": "collection:list",
  "read:listIndexes": "index:list",
  "read:now": "server:now",
  "read:scroll": "document:scroll",
  "read:search": "document:search",
  "read:serverInfo": "server:info",
  "security:createOrReplaceUser": "security:replaceUser",
  "subscribe:count": "realtime:count",
  "subscribe:join": "realtime:join",
  "subscribe:list": "realtime:list",
  "subscribe:off": "realtime:unsubscribe",
  "subscribe:on": "realtime:subscribe",
  "write:create": "document:create",
  "write:createCollection": "collection:create",
  "write:createOrReplace": "document:createOrReplace",
  "write:createOrUpdate": "document:createOrReplace",
  "write:delete": "document:delete",
  "write:deleteByQuery": "document:deleteByQuery",
  "write:deleteCollection": "collection:delete",
  "write:publish": "realtime:publish",
  "write:replace": "document:replace",
  "write:update": "document:update",
};

/** Former controllers whose other actions kept their names. */
const controllers: Readonly<Record<string, string>> = {
  __proto__: null as never,
  memoryStorage: "ms",
  read: "document",
  subscribe: "realtime",
  write: "document",
};

const today: ReadonlyMap<string, string> = new Map(Object.entries(names));
const former = new Map<string, string>();
for (const [then, now] of today) if (!former.has(now)) former.set(now, then);

export interface ActionName {
  readonly controller: string;
  readonly action: string;
}

const split = (name: string): ActionName => {
  const colon = name.indexOf(":");
  return { controller: name.slice(0, colon), action: name.slice(colon + 1) };
};

/** The controller and action of today behind those of the first generation; names of today stay. */
export function nameToday(controller: string, action: string): ActionName {
  const known = today.get(`${controller}:${action}`);
  return known === undefined ? { controller: controllers[controller] ?? controller, action } : split(known);
}

/** What plugins of the first generation call an action of today; those that they do not know keep their names. */
export function formerName(controller: unknown, action: unknown): { controller: unknown; action: unknown } {
  const known = former.get(`${String(controller)}:${String(action)}`);
  return known === undefined ? { controller, action } : split(known);
}
