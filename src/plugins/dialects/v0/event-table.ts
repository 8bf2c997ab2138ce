/** How the payload of an event of today becomes that of a former event, and back. See `conversions.ts`. */
export type ConversionName =
  | "req"
  | "res"
  | "ctxreq"
  | "conn"
  | "percent"
  | "none"
  | "error"
  | "raw"
  | "join"
  | "message";

export interface FormerEvent {
  /** Names of today that it is fired for. */
  readonly today: readonly string[];
  readonly conversion: ConversionName;
  /** `hook`: pipes never run, whatever the event of today allows. */
  readonly kind: "both" | "hook";
}

/**
 * Former action and action of today: `<scope>:before<Action>` has the request, `<scope>:after<Action>` the answer, and the bare
 * `<scope>:<action>` of the very first releases is fired before, too.
 */
const actions: Readonly<Record<string, string>> = {
  "admin:AdminExists": "server:AdminExists",
  "admin:CreateFirstAdmin": "security:CreateFirstAdmin",
  "auth:CheckToken": "auth:CheckToken",
  "auth:GetCurrentUser": "auth:GetCurrentUser",
  "auth:GetMyRights": "auth:GetMyRights",
  "auth:Login": "auth:Login",
  "auth:Logout": "auth:Logout",
  "auth:UpdateSelf": "auth:UpdateSelf",
  "data:BulkImport": "bulk:Import",
  "data:Count": "document:Count",
  "data:Create": "document:Create",
  "data:CreateCollection": "collection:Create",
  "data:CreateIndex": "index:Create",
  "data:CreateOrReplace": "document:CreateOrReplace",
  "data:Delete": "document:Delete",
  "data:DeleteByQuery": "document:DeleteByQuery",
  "data:DeleteCollection": "collection:Delete",
  "data:DeleteIndex": "index:Delete",
  "data:DeleteIndexes": "index:MDelete",
  "data:Get": "document:Get",
  "data:GetAllStats": "server:GetAllStats",
  "data:GetAutoRefresh": "index:GetAutoRefresh",
  "data:GetConfig": "server:GetConfig",
  "data:GetLastStats": "server:GetLastStats",
  "data:GetMapping": "collection:GetMapping",
  "data:GetStats": "server:GetStats",
  "data:ListCollections": "collection:List",
  "data:ListIndexes": "index:List",
  "data:Now": "server:Now",
  "data:Publish": "realtime:Publish",
  "data:RefreshIndex": "collection:Refresh",
  "data:Replace": "document:Replace",
  "data:Search": "document:Search",
  "data:ServerInfo": "server:Info",
  "data:SetAutoRefresh": "index:SetAutoRefresh",
  "data:TruncateCollection": "collection:Truncate",
  "data:Update": "document:Update",
  "data:UpdateMapping": "collection:UpdateMapping",
  "security:CreateOrReplaceProfile": "security:CreateOrReplaceProfile",
  "security:CreateOrReplaceRole": "security:CreateOrReplaceRole",
  "security:CreateOrReplaceUser": "security:ReplaceUser",
  "security:CreateProfile": "security:CreateProfile",
  "security:CreateRole": "security:CreateRole",
  "security:CreateUser": "security:CreateUser",
  "security:DeleteProfile": "security:DeleteProfile",
  "security:DeleteRole": "security:DeleteRole",
  "security:DeleteUser": "security:DeleteUser",
  "security:GetProfile": "security:GetProfile",
  "security:GetProfileRights": "security:GetProfileRights",
  "security:GetRole": "security:GetRole",
  "security:GetUser": "security:GetUser",
  "security:GetUserRights": "security:GetUserRights",
  "security:MGetProfiles": "security:MGetProfiles",
  "security:MGetRoles": "security:MGetRoles",
  "security:SearchProfiles": "security:SearchProfiles",
  "security:SearchRole": "security:SearchRoles",
  "security:SearchUsers": "security:SearchUsers",
  "security:UpdateProfile": "security:UpdateProfile",
  "security:UpdateRole": "security:UpdateRole",
  "security:UpdateUser": "security:UpdateUser",
  "subscription:Count": "realtime:Count",
  "subscription:Join": "realtime:Join",
  "subscription:List": "realtime:List",
  "subscription:Off": "realtime:Unsubscribe",
  "subscription:On": "realtime:Subscribe",
  "subscription:RemoveRooms": "subscription:RemoveRooms", // fired around the action of old, which is emulated
};

/** What else an event is fired for: actions that came later and do the same. */
const also: Readonly<Record<string, string>> = {
  "security:CreateOrReplaceUser": "security:UpsertUser",
};

/** Those whose listeners get the connection beside the request. */
const withContext = ["auth:beforeLogin"].concat(
  ["CreateOrReplaceRole", "CreateRole", "UpdateRole", "CreateOrReplaceProfile", "CreateProfile", "UpdateProfile"].map(
    (action) => `security:before${action}`,
  ),
);

/** Fired by the server's start and by loading and deleting of whole sets of data, under their own names. */
const dataTasks: Readonly<Record<string, ConversionName>> = {
  "cleanDb:deleteIndexes": "req",
  "prepareDb:createFixturesIndex": "req",
  "prepareDb:createInternalIndex": "req",
  "prepareDb:error": "error",
  "prepareDb:importFixtures": "req",
  "prepareDb:importMapping": "req",
  "prepareDb:updateMappingProfiles": "req",
  "prepareDb:updateMappingRoles": "req",
  "prepareDb:updateMappingUsers": "req",
};

/** Fired from events that cannot be piped today: former event and event of today. */
export const relayed: Readonly<Record<string, string>> = { "server:overload": "core:overload" };

const others: Readonly<Record<string, readonly [ConversionName, ...string[]]>> = {
  "auth:beforeLogout": ["conn", "auth:beforeLogout"],
  "auth:logout": ["req", "auth:beforeLogout"],
  "cleanDb:done": ["none", "admin:afterResetDatabase"],
  "cleanDb:error": ["error", "admin:errorResetDatabase"],
  "data:createOrUpdate": ["req", "document:beforeCreateOrReplace"],
  "data:putMapping": ["req", "collection:beforeUpdateMapping"],
  "data:putRole": ["req", "security:beforeCreateOrReplaceRole"],
  "data:updateMappingProfiles": ["req", "prepareDb:updateMappingProfiles"],
  "data:updateMappingUsers": ["req", "prepareDb:updateMappingUsers"],
  "preparedb:error": ["error", "prepareDb:error"],
  "protocol:broadcast": ["raw", "protocol:broadcast"],
  "protocol:joinChannel": ["raw", "protocol:joinChannel"],
  "protocol:leaveChannel": ["raw", "protocol:leaveChannel"],
  "protocol:notify": ["raw", "protocol:notify"],
  "proxy:broadcast": ["raw", "proxy:broadcast"],
  "proxy:joinChannel": ["raw", "proxy:joinChannel"],
  "proxy:leaveChannel": ["raw", "proxy:leaveChannel"],
  "proxy:notify": ["raw", "proxy:notify"],
  "server:overload": ["percent", "server:overload"],
  "room:new": ["raw", "room:new"],
  "room:remove": ["raw", "room:remove"],
  "core:hotelClerk:addSubscription": ["raw", "core:hotelClerk:addSubscription"],
  "core:hotelClerk:join": ["join", "realtime:afterJoin"],
  "core:hotelClerk:removeRoomForCustomer": ["raw", "core:hotelClerk:removeRoomForCustomer"],
  "core:indexCache:add": ["raw", "core:storage:collection:create:after", "core:storage:index:create:after"],
  "core:indexCache:remove": ["raw", "core:storage:collection:delete:after"],
  "core:indexCache:reset": ["raw", "core:storage:index:delete:after"],
  "core:kuzzleStart": ["raw", "core:kuzzleStart"],
  "server:httpStarted": ["message", "kuzzle:state:ready"],
  "server:websocketStarted": ["message", "kuzzle:state:ready"],
  "websocket:disconnect": ["raw", "connection:remove"],
  "write:rest:start": ["raw", "document:beforeCreate"],
  "log:silly": ["raw", "log:silly"],
  "log:verbose": ["raw", "log:verbose"],
  "log:info": ["raw", "log:info"],
  "log:debug": ["raw", "log:debug"],
  "log:warn": ["raw", "log:warn"],
  "log:error": ["raw", "log:error"],
};

/** Emitted, and never piped. */
const onlyHooks = /^(protocol|proxy|room|log|core|write|websocket):|^server:(http|websocket)Started$/;

/**
 * Every event of the first generation that this server fires, by its name. A test compares it with the contract.
 * Source: contract/plugins/events.yaml, legacy.v0.
 */
export const formerEvents: ReadonlyMap<string, FormerEvent> = makeTable();

function makeTable(): Map<string, FormerEvent> {
  const table = new Map<string, FormerEvent>();
  const add = (name: string, conversion: ConversionName, today: readonly string[]): void => {
    table.set(name, { today, conversion, kind: onlyHooks.test(name) ? "hook" : "both" });
  };
  for (const [former, now] of Object.entries(actions)) {
    const [scope = "", action = ""] = former.split(":");
    const [controller = ""] = now.split(":");
    const sources = [now, also[former]].flatMap((source) => source?.split(":").slice(1) ?? []);
    const before = sources.map((source) => `${controller}:before${source}`);
    const isWithContext = withContext.includes(`${scope}:before${action}`);
    add(`${scope}:before${action}`, isWithContext ? "ctxreq" : "req", before);
    add(
      `${scope}:after${action}`,
      "res",
      sources.map((source) => `${controller}:after${source}`),
    );
    add(`${scope}:${action.charAt(0).toLowerCase()}${action.slice(1)}`, "req", before);
  }
  for (const [name, [conversion, ...today]] of Object.entries(others)) add(name, conversion, today);
  for (const [name, conversion] of Object.entries(dataTasks)) add(name, conversion, [name]);
  return table;
}

/** Told to a plugin directly while it starts: no events of the server's own. */
export const toldDirectly = /^auth:loadStrategies$|^passport:loadScope$/;

/** Heard from the connections that plugins speak with. */
export const ofProtocols = /^(protocol|proxy):/;

/** Known, optional in the contract, and never fired: what they told of is no part of this server. */
export const neverFired =
  /^(rabbit|internalBroker|profiling|workerGroup|filter|remsub|prepare):|^websocket:error$|^server:mqStarted$/;
