import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type JSONObject, silentLogger } from "../../src/kernel/index.ts";
import { createLocalLocks, LocalStrategyPlugin, localStrategyName, PluginHost } from "../../src/plugins/index.ts";
import { openTestSecurity, type TestSecurity } from "./test-security.ts";

/** A security room with the strategy `local`. */
export interface LocalServer extends TestSecurity {
  /** The refusal, as a client sees it. */
  readonly refusal: (payload: JSONObject) => Promise<JSONObject>;
  /** A token; undefined when refused. */
  readonly logIn: (username: string, password: string) => Promise<string | undefined>;
  /** What is stored under a user name, `{}` when nothing is. */
  readonly credentials: (username: string) => Promise<JSONObject>;
  /** Stores credentials as another release would have. */
  readonly plant: (username: string, record: JSONObject) => Promise<void>;
}

const collection = { index: `plugin-${localStrategyName}`, collection: "users" };

/** The plugin in the real host, registered by the calls that any plugin uses. */
export async function openLocalServer(config: JSONObject = {}): Promise<LocalServer> {
  const server = await openTestSecurity();
  const root = mkdtempSync(join(tmpdir(), "tenon-local-"));
  const plugin = new LocalStrategyPlugin();
  const nothing = async (): Promise<void> => {};
  const host = new PluginHost({
    root,
    version: "2.56.0",
    nodeId: "node",
    environment: "test",
    log: silentLogger,
    events: server.events,
    config: {},
    common: { include: [localStrategyName], failsafeMode: false, initTimeout: 5_000, pipeWarnTime: 0 },
    alsoEnabled: [],
    configOf: () => config,
    rereadConfig: () => {},
    secrets: {},
    store: server.store,
    commonMappings: { dynamic: "false" },
    discoverCollections: nothing,
    locks: createLocalLocks(),
    cluster: { broadcast: nothing, on: nothing, once: nothing, off: nothing, removeAllListeners: nothing },
    subscriptions: { register: () => ({ roomId: "", channel: "" }), unregister: nothing },
    validation: { addType: () => {}, replaceTypes: () => {}, validate: (request) => request },
    used: [],
    bundled: new Map([[localStrategyName, () => plugin]]),
    application: () => undefined,
    state: () => 2,
    replaceControllers: (before, after) => server.actions.replace(before, after),
    idle: async () => {},
    applyImports: async () => {},
    registerStrategy: (definition) => server.security.strategies.register(definition),
    unregisterStrategy: (owner, name) => server.security.strategies.remove(owner, name),
    execute: (request, options) => server.pipeline.runInternal(request, options),
    findUser: (kuid) => server.security.users.find(kuid),
    registerFormerAction: () => {},
    removeRooms: () => {},
    rolesOf: () => [],
    tokens: {
      create: (kuid, expiresIn) => server.security.tokens.create(kuid, expiresIn),
      verify: (jwt) => server.security.tokens.verify(jwt),
      revoke: async (jwt) => server.security.tokens.revoke(await server.security.tokens.verify(jwt)),
    },
  });
  await host.load();
  await host.start();
  const send = server.send;
  return {
    ...server,
    refusal: async (payload) => {
      const { error, result } = await send(payload);
      assert.ok(error, `not refused: ${JSON.stringify(result)}`);
      const { status, id, message, ...others } = error.toJSON();
      return { status, id, message, ...others };
    },
    logIn: async (username, password) => {
      const body = { username, password };
      const { result } = await send({ controller: "auth", action: "login", strategy: "local", body });
      return (result as JSONObject | null)?.jwt as string | undefined;
    },
    credentials: async (username) =>
      JSON.parse((await server.store.find(collection, username))?.source ?? "{}") as JSONObject,
    plant: async (username, record) => {
      await server.store.write(collection, [{ kind: "index", id: username, source: JSON.stringify(record) }], {
        refresh: true,
      });
    },
    [Symbol.asyncDispose]: async () => {
      await plugin.close();
      await host.close();
      await server[Symbol.asyncDispose]();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** A login as clients send it. */
export const login = (username: unknown, password: unknown): JSONObject => ({
  controller: "auth",
  action: "login",
  strategy: "local",
  body: { username, password },
});

/** A user of this name and password. */
export async function createLocalUser(
  { ask }: LocalServer,
  _id: string,
  password: string,
  profileIds = ["default"],
): Promise<void> {
  const body = { content: { profileIds }, credentials: { local: { username: _id, password } } };
  await ask({ controller: "security", action: "createUser", _id, body });
}
