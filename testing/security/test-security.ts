import { createRequire } from "node:module";
import {
  ActionTable,
  createAuthController,
  createSecurityController,
  Pipeline,
  RequestQueue,
} from "../../src/api/index.ts";
import { type AuthenticatorClass, action, Events, type StrategyDefinition } from "../../src/events/index.ts";
import {
  BadRequestError,
  ClientConnection,
  type Clock,
  findRecorder,
  type JSONObject,
  KuzzleRequest,
  silentLogger,
  systemClock,
} from "../../src/kernel/index.ts";
import {
  createSecurity,
  defaultSecurityOptions,
  type KnownActions,
  type Security,
  type SecurityOptions,
} from "../../src/security/index.ts";
import { type Bus, createLocalBus } from "../../src/stores/bus/index.ts";
import { createEmbeddedStore, type DocumentStore } from "../../src/stores/documents/index.ts";

/** What a client sends, and from where. `jwt` and the arguments are members of the payload. */
export interface Sent {
  readonly connection?: ClientConnection;
  readonly headers?: JSONObject;
  readonly ips?: readonly string[];
}

/** A whole security room on the real engine, behind the real pipeline, with the controllers auth and security. */
export interface TestSecurity extends AsyncDisposable {
  readonly security: Security;
  readonly store: DocumentStore;
  readonly bus: Bus;
  readonly events: Events;
  readonly actions: ActionTable;
  readonly pipeline: Pipeline;
  readonly expired: string[];
  readonly revoked: string[];
  /** Runs one request and answers it, with its result or its error. */
  readonly send: (payload: JSONObject, sent?: Sent) => Promise<KuzzleRequest>;
  /** The result; throws the error. */
  readonly ask: (payload: JSONObject, sent?: Sent) => Promise<JSONObject>;
}

export interface TestSecurityOptions {
  readonly options?: Partial<SecurityOptions>;
  readonly clock?: Clock;
  readonly store?: DocumentStore;
  readonly bus?: Bus;
}

/** Of the controllers that are not here, what roles in tests name. */
const elsewhere: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["server", new Set(["now", "publicApi", "openapi"])],
  ["ms", new Set(["get", "set"])],
]);
const plugins: ReadonlyMap<string, ReadonlySet<string>> = new Map([["kitchen/oven", new Set(["bake"])]]);

const knownActionsOf = (table: ActionTable): KnownActions => ({
  find: (controller) => {
    const present = table.controllers().find(({ name }) => name === controller);
    const own = present === undefined ? elsewhere.get(controller) : new Set(present.actions);
    if (own !== undefined) return { native: true, actions: own };
    const foreign = plugins.get(controller);
    return foreign && { native: false, actions: foreign };
  },
  names: () => [...elsewhere.keys(), ...plugins.keys()],
  synonyms: (controller) => table.synonymsOf(controller),
});

export async function openTestSecurity(given: TestSecurityOptions = {}): Promise<TestSecurity> {
  const clock = given.clock ?? systemClock;
  const store = given.store ?? (await createEmbeddedStore({ directory: ":memory:", log: silentLogger, clock }));
  const bus = given.bus ?? createLocalBus(silentLogger);
  const events = new Events({ log: silentLogger, limits: { maxConcurrent: 50, bufferSize: 100 } });
  const expired: string[] = [];
  const revoked: string[] = [];
  const actions = new ActionTable();
  const security = await createSecurity({
    store,
    bus,
    clock,
    log: silentLogger,
    events,
    options: { ...defaultSecurityOptions, loginsPerSecond: 0, ...given.options },
    knownActions: knownActionsOf(actions),
    publicCollections: {
      hasIndex: (index) => index === "library",
      hasCollection: (index, collection) => index === "library" && collection === "books",
    },
    onTokenExpired: (ids) => expired.push(...ids),
    onTokenRevoked: (ids) => revoked.push(...ids),
  });
  actions.register(createAuthController(security));
  actions.register(
    createSecurityController(
      security,
      () => undefined,
      // No documents to look anything up in.
      (_, body) => Promise.resolve(body),
    ),
  );
  actions.register({
    name: "document",
    actions: {
      get: action({ summary: "Answers who asks", run: (_, request) => ({ kuid: request.getKuid() }) }),
      search: action({ summary: "Answers who asks", run: (_, request) => ({ kuid: request.getKuid() }) }),
    },
  });
  const limits = { concurrentRequests: 50, requestsBufferSize: 1_000, requestsBufferWarningThreshold: 1_000 };
  const pipeline = new Pipeline({
    recorder: findRecorder(),
    actions,
    events,
    access: security,
    queue: new RequestQueue(limits, () => {}),
    options: { isOriginAccepted: () => true, strictSdkVersion: true },
  });
  const send: TestSecurity["send"] = (payload, { connection, headers, ips = ["127.0.0.1"] } = {}) => {
    const link = connection ?? new ClientConnection("test", ips, headers);
    const misc = { id: link.id, protocol: link.protocol, ips: link.ips, headers: link.headers };
    return pipeline.run(new KuzzleRequest(payload, { connection: misc }), link);
  };
  return {
    security,
    store,
    bus,
    events,
    actions,
    pipeline,
    expired,
    revoked,
    send,
    ask: async (payload, sent) => {
      const { error, result } = await send(payload, sent);
      if (error !== null) throw error;
      return result as JSONObject;
    },
    [Symbol.asyncDispose]: async () => {
      await security.close();
      if (given.store === undefined) await store.close();
    },
  };
}

// passport-local is CommonJS: its class is the export's member.
const { Strategy: PassportLocal } = createRequire(import.meta.url)("passport-local") as {
  Strategy: AuthenticatorClass;
};

/** A strategy with credentials `{ username, password }` in plain text, in memory: for tests of what surrounds a strategy. */
export function plainStrategy(name = "plain", plugin = "plain-plugin"): StrategyDefinition {
  const byKuid = new Map<string, { username: string; password: string }>();
  return {
    name,
    plugin,
    authenticator: PassportLocal,
    strategyOptions: {},
    authenticateOptions: {},
    fields: ["username", "password"],
    methods: {
      create(_request, { username, password }, kuid) {
        byKuid.set(kuid, { username: String(username), password: String(password) });
        return { username, kuid };
      },
      update: (_request, { username }, kuid) => ({ username, kuid }),
      delete: (_request, kuid) => byKuid.delete(kuid),
      exists: (_request, kuid) => byKuid.has(kuid),
      validate(_request, { username }) {
        if (username === "forbidden") throw new BadRequestError("This username is forbidden.");
        if (username === "broken") throw new TypeError("cannot read properties of undefined");
        return true;
      },
      async verify(_request, username, password) {
        for (const [kuid, known] of byKuid) {
          if (known.username === username && known.password === password) return { kuid };
        }
        return { kuid: null, message: "wrong username or password" };
      },
      getInfo: (_request, kuid) => ({ username: byKuid.get(kuid)?.username }),
    },
  };
}

/** An administrator with the standard rights in place; answers its token. */
export async function withAdmin(server: TestSecurity): Promise<string> {
  await server.security.strategies.register(plainStrategy());
  const credentials = { plain: { username: "root", password: "secret" } };
  await server.ask({
    controller: "security",
    action: "createFirstAdmin",
    _id: "root",
    reset: true,
    body: { credentials },
  });
  return logIn(server, "root", "secret");
}

export async function logIn({ ask }: TestSecurity, username: string, password: string): Promise<string> {
  const body = { username, password };
  const { jwt } = await ask({ controller: "auth", action: "login", strategy: "plain", body });
  return jwt as string;
}

/** A user of profile default who may use the whole controller auth, logged in; its name is its id, its password "pass". */
export async function withUser(server: TestSecurity, _id = "ada"): Promise<{ admin: string; jwt: string }> {
  const admin = await withAdmin(server);
  const body = { controllers: { auth: { actions: { "*": true } } } };
  await server.ask({ controller: "security", action: "createOrReplaceRole", _id: "default", body, jwt: admin });
  await createUser(server, admin, _id);
  return { admin, jwt: await logIn(server, _id, "pass") };
}

export async function createUser({ ask }: TestSecurity, admin: string, _id: string): Promise<void> {
  const credentials = { plain: { username: _id, password: "pass" } };
  const body = { content: { profileIds: ["default"] }, credentials };
  await ask({ controller: "security", action: "createUser", _id, body, jwt: admin });
}

/** Id of the error that a request is answered; undefined when it succeeds. */
export async function errorIdOf(
  { send }: TestSecurity,
  payload: JSONObject,
  headers: JSONObject = {},
): Promise<string | undefined> {
  return (await send(payload, { headers })).error?.id;
}

export interface AdminSession {
  readonly admin: string;
  /** Runs an action of the controller security. */
  readonly ask: (action: string, args?: JSONObject) => Promise<JSONObject>;
  /** Id of the error, or its status when it has none; undefined when the action succeeds. */
  readonly refusal: (action: string, args?: JSONObject) => Promise<string | number | undefined>;
}

export async function asAdmin(server: TestSecurity): Promise<AdminSession> {
  const admin = await withAdmin(server);
  const full = (action: string, args: JSONObject = {}): JSONObject => ({
    controller: "security",
    jwt: admin,
    ...args,
    action,
  });
  return {
    admin,
    ask: (action, args) => server.ask(full(action, args)),
    refusal: async (action, args) => {
      const { error } = await server.send(full(action, args));
      return error?.id ?? error?.status;
    },
  };
}
