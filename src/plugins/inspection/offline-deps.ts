import { Events } from "../../events/index.ts";
import type { JSONObject, Logger } from "../../kernel/index.ts";
import type { PluginHostDeps, PluginsCommon } from "../deps.ts";
import { createLocalLocks } from "../realm/locks.ts";

/** What is known of an application whose plugins are looked at while no server runs. */
export interface OfflineApplication {
  readonly root: string;
  /** The version that plugins are told. */
  readonly version: string;
  /** The whole configuration. */
  readonly config: JSONObject;
  readonly common: PluginsCommon;
  readonly configOf: (plugin: string) => JSONObject | undefined;
  readonly bundled: PluginHostDeps["bundled"];
}

/** What a plugin host needs to load plugins, and no more: whatever asks for a part of the server is told that there is none. */
export function offlineDeps(application: OfflineApplication, log: Logger): PluginHostDeps {
  return {
    ...application,
    nodeId: "knode-offline",
    environment: "",
    log,
    events: new Events({ log, limits: { maxConcurrent: 1, bufferSize: 1 } }),
    secrets: {},
    store: absent("document store"),
    commonMappings: {},
    discoverCollections: () => refuse("document store"),
    locks: createLocalLocks(),
    cluster: absent("cluster"),
    subscriptions: absent("realtime engine"),
    validation: absent("validation"),
    used: [],
    alsoEnabled: [],
    application: () => undefined,
    state: () => 1,
    rereadConfig: () => {}, // it has just been read
    replaceControllers: () => refuse("action table"),
    idle: () => Promise.reject(missing("server")),
    applyImports: () => Promise.reject(missing("server")),
    registerFormerAction: () => {}, // every plugin of the first generation brings the same ones, and none of its own
    registerStrategy: () => refuse("login"),
    unregisterStrategy: () => refuse("login"),
    execute: () => Promise.reject(missing("server")),
    findUser: () => refuse("user directory"),
    removeRooms: () => refuse("realtime engine"),
    rolesOf: () => refuse("user directory"),
    tokens: absent("user directory"),
  };
}

const missing = (part: string): Error => new Error(`There is no ${part} before the server has started.`);

const refuse = (part: string): never => {
  throw missing(part);
};

/** A part of the server whose every member says so when it is called. */
const absent = <T extends object>(part: string): T => new Proxy({} as T, { get: () => () => refuse(part) }); // the members of these parts are functions
