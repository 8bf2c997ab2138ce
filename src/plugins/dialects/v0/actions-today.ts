const names: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "admin:adminExists": "server:adminExists",
    "admin:createFirstAdmin": "security:createFirstAdmin",
    "admin:createIndex": "index:create",
    "admin:deleteCollection": "collection:delete",
    "admin:deleteIndex": "index:delete",
    "admin:deleteIndexes": "index:mDelete",
    "admin:getAllStats": "server:getAllStats",
    "admin:getConfig": "server:getConfig",
    "admin:getLastStats": "server:getLastStats",
    "admin:getMapping": "collection:getMapping",
    "admin:getStats": "server:getStats",
    "admin:refreshIndex": "collection:refresh",
    "admin:truncateCollection": "collection:truncate",
    "admin:updateMapping": "collection:updateMapping",
    "read:listCollections": "collection:list",
    "read:listIndexes": "index:list",
    "read:now": "server:now",
    "read:serverInfo": "server:info",
    "security:createOrReplaceUser": "security:replaceUser",
    "subscribe:off": "realtime:unsubscribe",
    "subscribe:on": "realtime:subscribe",
    "write:createCollection": "collection:create",
    "write:createOrUpdate": "document:createOrReplace",
    "write:deleteCollection": "collection:delete",
    "write:publish": "realtime:publish",
  }),
);

const controllers: Readonly<Record<string, string>> = {
  __proto__: null as never,
  memoryStorage: "ms",
  read: "document",
  subscribe: "realtime",
  write: "document",
};

/** The controller and action of today behind those of the first generation. Source: contract/plugins/events.yaml, legacy.v0_actions. */
export function actionToday(controller: string, action: string): { controller: string; action: string } {
  const [today, name] = (
    names.get(`${controller}:${action}`) ?? `${controllers[controller] ?? controller}:${action}`
  ).split(":");
  return { controller: today ?? controller, action: name ?? action };
}
