import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Kuzzle } from "kuzzle-sdk";
import { Backend } from "../../src/app/index.ts";
import type { JSONObject, ResponseContent } from "../../src/kernel/index.ts";
import type { EmbeddedSDK, PluginImports } from "../../src/plugins/index.ts";
import { connectHttp, connectWebSocket } from "../server/sdk.ts";
import { type CapturedEvents, EventCapture } from "./captured-events.ts";
import { type CapturedLog, captureLog } from "./captured-log.ts";
import { packagePaths, type TestPlugin, usePlugins } from "./test-plugins.ts";

export interface TestBackendOptions {
  readonly plugins?: readonly TestPlugin[];
  /** Configuration as a tree: `{ plugins: { greeter: { greeting: "Hi" } } }`. Files and variables are not read. */
  readonly config?: JSONObject;
  /** Loaded at the start: `{ mappings, profiles, roles, users, userMappings, onExistingUsers }`. */
  readonly imports?: PluginImports;
  /** Events that are kept from the very start, for `events.of`. */
  readonly records?: readonly string[];
  /** Root of an application, whose `plugins/enabled` and so on count then. None unless given. */
  readonly root?: string;
  /** Further preparation by code: pipes, controllers, installations. */
  readonly prepare?: (backend: Backend) => void;
}

/** Whom an SDK acts as: a user by its id, or somebody who has these profiles. */
export type ActingAs = string | { readonly profileIds: readonly string[] };

/** A server that runs in this process, in memory only. */
export interface TestBackend extends AsyncDisposable {
  /** Speaks to the server from inside: no rights are checked, and no event is fired unless a request has `triggerEvents: true`. */
  readonly sdk: EmbeddedSDK;
  /** The same in somebody's name: rights are checked, and events are fired. Error: for a user or a profile that does not exist. */
  as(who: ActingAs): Promise<EmbeddedSDK>;
  /** The official SDK over a real port of this machine, which is opened for the first who asks. Disconnected by `close`. */
  connect(protocol: "http" | "websocket"): Promise<Kuzzle>;
  /** `http://127.0.0.1:41233`; opens the port. */
  url(): Promise<string>;
  readonly events: CapturedEvents;
  readonly log: CapturedLog;
  /** What the author of a plugin wrote, by the name of the plugin. Error: `plugin.assert.plugin_not_found`. */
  plugin<T extends object = object>(name: string): T;
  /**
   * A request as a client sends it, answered as a client sees it: `{ controller: "greeter", action: "greet", body, jwt, … }` gives
   * `{ status, result, error, … }`. Rights are checked, events are fired, and it never rejects.
   */
  request(request: JSONObject): Promise<ResponseContent>;
  /** Ends the server; what is left of it does not keep the process. May be called twice. */
  close(): Promise<void>;
}

/**
 * Starts a whole server for a test: the real engine on memory, in the calling thread. No file is read or written, no thread is started, and no port is
 * opened until somebody asks for one. Any number of them live side by side.
 *
 * ```ts
 * await using backend = await createTestBackend({ plugins: [greeter], config: { plugins: { greeter: { greeting: "Hi" } } } });
 * const { status, result } = await backend.request({ controller: "greeter", action: "greet", name: "Ada" });
 * ```
 *
 * Errors: those of a start: what is wrong with the configuration or with a plugin. Nothing is left open then.
 */
export async function createTestBackend(options: TestBackendOptions = {}): Promise<TestBackend> {
  const { log, captured } = captureLog();
  const { plugins = [], records = [] } = options;
  const capture = Promise.withResolvers<EventCapture>();
  const backend = new Backend("test", {
    root: options.root ?? nowhere(),
    env: {},
    home: undefined,
    files: "none",
    data: ":memory:",
    listens: false,
    log,
    packages: packagePaths(plugins),
    onEvents: (fired) => {
      const events = new EventCapture(fired);
      events.record(...records);
      capture.resolve(events);
    },
  });
  backend.config.merge({
    server: { host: "127.0.0.1", port: 0 },
    security: { authToken: { secret: randomUUID() } }, // else the server says that it makes one up
  });
  backend.config.merge(options.config ?? {});
  load(backend, options.imports ?? {});
  usePlugins(backend, plugins);
  options.prepare?.(backend);
  await backend.start();
  return new RunningBackend(backend, await capture.promise, captured);
}

const withProfiles = ({ profileIds }: Exclude<ActingAs, string>) =>
  ({ content: { profileIds }, credentials: {} }) as unknown as Parameters<EmbeddedSDK["security"]["createUser"]>[1]; // its type wants credentials of a known strategy

/** A path at which there is nothing, and never will be. */
const nowhere = (): string => join(tmpdir(), `tenon-test-backend-${randomUUID()}`);

function load({ import: imports }: Backend, wanted: PluginImports): void {
  const { mappings, profiles, roles, userMappings, users, onExistingUsers } = wanted;
  if (mappings !== undefined) imports.mappings(mappings as Parameters<typeof imports.mappings>[0]); // checked there
  if (profiles !== undefined) imports.profiles(profiles);
  if (roles !== undefined) imports.roles(roles);
  if (userMappings !== undefined) imports.userMappings(userMappings);
  if (users === undefined) return;
  const isChoice = onExistingUsers === "skip" || onExistingUsers === "overwrite";
  imports.users(users, isChoice ? { onExistingUsers } : {});
}

class RunningBackend implements TestBackend {
  readonly log: CapturedLog;
  readonly #backend: Backend;
  readonly #events: EventCapture;
  readonly #clients: Kuzzle[] = [];
  #closing: Promise<void> | undefined;

  constructor(backend: Backend, events: EventCapture, log: CapturedLog) {
    this.#backend = backend;
    this.#events = events;
    this.log = log;
  }

  get sdk(): EmbeddedSDK {
    return this.#backend.sdk;
  }

  get events(): CapturedEvents {
    return this.#events;
  }

  async as(who: ActingAs): Promise<EmbeddedSDK> {
    const { security } = this.sdk;
    // Rights are those of a stored user.
    const user =
      typeof who === "string" ? security.getUser(who) : security.createUser(null as never, withProfiles(who));
    return this.sdk.as(await user, { checkRights: true, triggerEvents: true });
  }

  async connect(protocol: "http" | "websocket"): Promise<Kuzzle> {
    const address = await this.#listen();
    const client = await (protocol === "http" ? connectHttp(address) : connectWebSocket(address));
    this.#clients.push(client);
    return client;
  }

  async url(): Promise<string> {
    const { host, port } = await this.#listen();
    return `http://${host}:${port}`;
  }

  async #listen() {
    if (this.#closing !== undefined) throw new Error("This test backend is closed.");
    return this.#backend.listen();
  }

  plugin<T extends object>(name: string): T {
    return this.#backend.plugin.get<T>(name);
  }

  request(request: JSONObject): Promise<ResponseContent> {
    return this.#backend.execute(request);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    for (const client of this.#clients) client.disconnect();
    this.#events.close();
    await this.#backend.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
