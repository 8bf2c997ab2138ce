import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Configuration } from "../config/index.ts";
import type { Events } from "../events/index.ts";
import {
  findRecorder,
  isPlainObject,
  type JSONObject,
  KuzzleError,
  kerror,
  type Logger,
  systemClock,
  uuid,
} from "../kernel/index.ts";
import {
  type EmbeddedSDK,
  type PluginHost,
  provideExports,
  type UsedPlugin,
  type UseOptions,
  usePlugin,
  withLogEvents,
} from "../plugins/index.ts";
import { Application, type ControllerContent, type EventHandler } from "./application.ts";
import { BackendImport } from "./backend-import.ts";
import { createLog } from "./log.ts";
import type { Server } from "./server.ts";
import { openStores } from "./stores.ts";
import { readSecrets } from "./vault.ts";

export interface BackendOptions {
  /** Root of the application: `plugins/`, `protocols/`, `config/`, `.kuzzlerc`, `data/`. The working directory unless given. */
  readonly root?: string;
  /** Command line arguments that are configuration keys. */
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly home?: string | undefined;
  /** ":memory:" keeps nothing, for tests. */
  readonly data?: string;
  readonly log?: Logger;
}

const validName = /^[a-z\-\d]+$/;

/**
 * An application: what is registered before `start` becomes part of the server (contract/plugins/framework.md).
 *
 * ```ts
 * const app = new Backend("my-app");
 * app.pipe.register("document:beforeCreate", async (request) => request);
 * await app.start();
 * ```
 */
export class Backend {
  readonly name: string;
  readonly config: Configuration;
  readonly #options: BackendOptions;
  readonly #root: string;
  readonly #application: Application;
  readonly #plugins: UsedPlugin[] = [];
  readonly #stopped = Promise.withResolvers<void>();
  readonly #latePipes = new Map<string, () => void>();
  #server: Server | undefined;
  /** There before the server is open: installations use the SDK. */
  #host: PluginHost | undefined;
  #sdk: EmbeddedSDK | undefined;
  #log: Logger | undefined;
  #isStarting = false;

  constructor(name: string, options: BackendOptions = {}) {
    if (!validName.test(name)) throw kerror("plugin.assert.invalid_application_name", name);
    this.name = name;
    this.#options = options;
    this.#root = options.root ?? process.cwd();
    this.#application = new Application(name);
    this.import = new BackendImport(this.#application, (what) => this.#assertNotStarted(what));
    this.config = new Configuration({
      argv: options.argv ?? [],
      env: options.env ?? process.env,
      root: this.#root,
      home: options.home,
    });
  }

  get started(): boolean {
    return this.#server !== undefined;
  }

  /** Of the running node. Error: `plugin.runtime.unavailable_before_start`. */
  get nodeId(): string {
    return this.#running("nodeId").nodeId;
  }

  /** Of `package.json` at the root. */
  get version(): string | undefined {
    try {
      const { version } = JSON.parse(readFileSync(join(this.#root, "package.json"), "utf8")) as { version?: string };
      return version;
    } catch {
      return undefined;
    }
  }

  get log(): Logger {
    this.#log ??= this.#options.log ?? this.#createLog("info");
    return this.#log;
  }

  /** Where the server listens: `{ host: "::", port: 7512 }`. */
  get address(): Server["address"] {
    return this.#running("address").address;
  }

  /** An SDK that speaks to this server from inside. */
  get sdk(): EmbeddedSDK {
    // One for all: subscriptions are kept in it.
    this.#sdk ??= (this.#host ?? this.#running("sdk").host).createSdk();
    return this.#sdk;
  }

  readonly pipe = {
    /** The handler answers the payload that goes on, or refuses by throwing. After the start: an id to unregister it by. */
    register: (event: string, handler: EventHandler): string | undefined => {
      if (this.#server === undefined) {
        this.#add("pipes", event, handler);
        return undefined;
      }
      const pipeId = uuid();
      this.#latePipes.set(pipeId, this.#server.host.addPipe(this.name, event, handler));
      return pipeId;
    },
    /** Error: `plugin.runtime.unknown_pipe`. */
    unregister: (pipeId: string): void => {
      const unregister = this.#latePipes.get(pipeId);
      if (unregister === undefined) throw kerror("plugin.runtime.unknown_pipe", pipeId);
      this.#latePipes.delete(pipeId);
      unregister();
    },
  };

  readonly hook = {
    /** The handler observes; it can neither slow nor fail what it observes. */
    register: (event: string, handler: EventHandler): void => this.#add("hooks", event, handler),
  };

  /** What is loaded at the start. */
  readonly import: BackendImport;

  /** Runs once in the life of the database, after the imports. Error: `validation.assert.invalid_type` (412). */
  install(id: string, handler: () => unknown, description?: string): void {
    this.#assertNotStarted("install");
    if (typeof id !== "string" || id === "") throw kerror("validation.assert.invalid_type", "id", "a text");
    if (typeof handler !== "function") throw kerror("validation.assert.invalid_type", "handler", "a function");
    if (description !== undefined && typeof description !== "string") {
      throw kerror("validation.assert.invalid_type", "description", "a text");
    }
    this.#application.installations.push({ id, handler, description });
  }

  /** Whole files to load at the start: `{ mappings, fixtures, securities }`, in the forms of the actions `admin:load…`. */
  get _support(): JSONObject {
    return this.#application.support;
  }

  set _support(content: JSONObject) {
    this.#assertNotStarted("_support");
    if (!isPlainObject(content)) throw kerror("validation.assert.invalid_type", "_support", "an object");
    this.#application.support = content;
  }

  readonly controller = {
    register: (name: string, definition: ControllerContent): void => {
      this.#assertNotStarted("controller.register");
      if (Object.hasOwn(this.#application.api, name)) {
        throw kerror("plugin.assert.invalid_controller_definition", name, "it is registered already");
      }
      this.#application.api[name] = definition;
    },
  };

  readonly plugin = {
    use: (plugin: object, options: UseOptions = {}): void => {
      this.#assertNotStarted("plugin.use");
      const used = usePlugin(plugin, options);
      if (this.#plugins.some(({ name }) => name === used.name)) {
        throw kerror("plugin.assert.name_already_exists", used.name, "both given in code (app.plugin.use)");
      }
      this.#plugins.push(used);
    },
    get: (name: string): object => this.#running("plugin.get").host.get(name),
    list: (): readonly string[] => this.#server?.host.names ?? this.#plugins.map(({ name }) => name),
  };

  /** Fires an event of the application's own, and answers the payload after its pipes. */
  async trigger(event: string, ...payload: unknown[]): Promise<unknown> {
    return this.#running("trigger").events.pipe(event, ...payload);
  }

  /**
   * Starts the server. Errors: those of configuration, storage and plugins, each naming what is wrong and what to do; what was opened is
   * closed again.
   */
  async start(): Promise<void> {
    this.#assertNotStarted("start");
    this.#isStarting = true;
    try {
      await this.#open();
    } catch (error) {
      if (error instanceof KuzzleError && error.id !== undefined) findRecorder()?.error(error.id);
      throw error;
    }
  }

  async #open(): Promise<void> {
    const startedAt = performance.now();
    const loaded = this.config.freeze();
    const { config } = loaded;
    let heard: Events | undefined;
    const log = withLogEvents(this.#options.log ?? this.#createLog(config.server.appLogs.level), () => heard);
    this.#log = log;
    for (const { code, message, from } of loaded.warnings) log.warn(`config.${code}`, { message, from });
    const { NODE_ENV: environment = "", DEBUG: debug = "" } = this.#options.env ?? process.env;
    const directory = this.#options.data ?? resolve(this.#root, config.tenon.data);
    // The engines' threads start while the rest of the code is loaded.
    const stores = openStores({ directory, log, clock: systemClock });
    stores.catch(() => {}); // awaited by whoever opens the server
    const { openServer } = await import("./server.ts");
    this.#server = await openServer({
      root: this.#root,
      loaded,
      log,
      clock: systemClock,
      environment,
      debug,
      stores,
      onEvents: (events) => {
        heard = events;
      },
      onHost: (host) => {
        this.#host = host;
      },
      onShutdown: () => {
        this.stop().catch((err: unknown) => log.error("server.stop_failed", { err }));
      },
      plugins: this.#plugins,
      application: this.#application,
      backend: this,
      secrets: readSecrets(this.#root, this.#options.env ?? process.env),
    });
    const { host, port } = this.#server.address;
    const durationMs = Math.round(performance.now() - startedAt);
    log.info("server.ready", {
      http: `http://${hostName(host)}:${port}`,
      websocket: `ws://${hostName(host)}:${port}`,
      durationMs,
      phases: this.#server.phases,
    });
  }

  /** Finishes running requests, closes everything; resolves when done. May be called twice. */
  async stop(): Promise<void> {
    await this.#server?.close();
    this.#log?.info("server.stopped");
    this.#stopped.resolve();
  }

  /** Resolves once the server has stopped, whoever stopped it. */
  get whenStopped(): Promise<void> {
    return this.#stopped.promise;
  }

  #add(kind: "pipes" | "hooks", event: string, handler: EventHandler): void {
    this.#assertNotStarted(`${kind === "pipes" ? "pipe" : "hook"}.register`);
    if (typeof handler !== "function") {
      throw kerror(
        kind === "pipes" ? "plugin.assert.invalid_pipe" : "plugin.assert.invalid_hook",
        this.name,
        event,
        "",
      );
    }
    const handlers = this.#application[kind][event] ?? [];
    this.#application[kind][event] = [...handlers, handler];
  }

  #assertNotStarted(what: string): void {
    if (this.#isStarting) throw kerror("plugin.runtime.already_started", what);
  }

  #running(what: string): Server {
    if (this.#server === undefined) throw kerror("plugin.runtime.unavailable_before_start", what);
    return this.#server;
  }

  #createLog(level: string): Logger {
    const { stdout } = process;
    return createLog({ level, readable: stdout.isTTY === true, write: (text) => void stdout.write(text) });
  }
}

/** An address as a person types it: every address is reachable as localhost. */
function hostName(host: string): string {
  if (host === "::" || host === "0.0.0.0") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

// What `require("kuzzle").Backend` is for plugins and applications.
provideExports({ Backend });
