import { resolve } from "node:path";
import { Configuration } from "../config/index.ts";
import type { Events } from "../events/index.ts";
import {
  findRecorder,
  isPlainObject,
  type JSONObject,
  KuzzleError,
  KuzzleRequest,
  kerror,
  type Logger,
  type ResponseContent,
  randomName,
  systemClock,
} from "../kernel/index.ts";
import { type EmbeddedSDK, type PluginHost, withLogEvents } from "../plugins/index.ts";
import type { ListenerAddress } from "../protocols/index.ts";
import { Application } from "./application.ts";
import { ApplicationLog } from "./framework/application-log.ts";
import { BackendCluster } from "./framework/cluster.ts";
import { BackendController } from "./framework/controllers.ts";
import { BackendErrors } from "./framework/errors.ts";
import { BackendHook } from "./framework/hook.ts";
import { BackendImport } from "./framework/import.ts";
import { checkInstallation } from "./framework/install.ts";
import { currentLauncher, type Launcher } from "./framework/launch.ts";
import { Lifecycle } from "./framework/lifecycle.ts";
import { BackendOpenApi, checkOpenApi } from "./framework/open-api.ts";
import { readCommit, readPackage } from "./framework/package-facts.ts";
import { BackendPipe } from "./framework/pipe.ts";
import { BackendPlugin } from "./framework/plugin.ts";
import { serverErrors } from "./framework/server-errors.ts";
import { stopAtSignals } from "./framework/signals.ts";
import { BackendStorage } from "./framework/storage/storage.ts";
import { BackendSubscription } from "./framework/subscription.ts";
import { BackendVault } from "./framework/vault.ts";
import { createLog } from "./log.ts";
import { isLogLevel, type LogLevel, LogThreshold, withThreshold } from "./log-level.ts";
import { PluginSections } from "./plugin-sections.ts";
import { openStores } from "./stores.ts";
import type { LineOutput } from "./watchdog/watch-thread.ts";

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
  /** Log lines for people instead of JSON; unless given, only on a terminal. Says nothing about a `log` of one's own. */
  readonly readable?: boolean;
  /** Told of the plugins once they have all started, for whoever loads one of them again. */
  readonly onHost?: (host: PluginHost) => void;
  /** `"none"`: no configuration file is read. */
  readonly files?: "none";
  /** Folders of plugin packages, loaded after those of `plugins/enabled` as if they were there. */
  readonly packages?: readonly string[];
  /** False: no port is opened before `listen`. */
  readonly listens?: boolean;
  /** Told of the server's events before any of them is fired. */
  readonly onEvents?: (events: Events) => void;
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
  readonly nodeId = randomName("knode");
  /** Of `package.json` at the root, unless the application says otherwise. */
  version: string | undefined;
  /** Of the repository around the root. */
  readonly commit: string | null;

  readonly cluster: BackendCluster;
  readonly config: Configuration;
  readonly controller: BackendController;
  readonly errors = new BackendErrors();
  readonly hook: BackendHook;
  /** What is loaded at the start. */
  readonly import: BackendImport;
  readonly kerror = serverErrors;
  readonly log: ApplicationLog;
  readonly openApi: BackendOpenApi;
  readonly pipe: BackendPipe;
  readonly plugin: BackendPlugin;
  readonly storage: BackendStorage;
  readonly subscription: BackendSubscription;
  readonly vault: BackendVault;

  readonly #options: BackendOptions;
  readonly #launcher: Launcher | undefined;
  /** Nobody else runs this process: signals are its own to handle. */
  readonly #ownsProcess: boolean;
  readonly #root: string;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #application: Application;
  readonly #life = new Lifecycle();
  readonly #stopped = Promise.withResolvers<void>();
  readonly #threshold: LogThreshold;
  #level: LogLevel | undefined;
  #serverLog: Logger;
  #sdk: EmbeddedSDK | undefined;

  constructor(name: string, options?: BackendOptions) {
    if (!validName.test(name)) throw kerror("plugin.assert.invalid_application_name", name);
    this.name = name;
    this.#launcher = currentLauncher();
    this.#ownsProcess = options === undefined && this.#launcher === undefined;
    this.#options = { ...this.#launcher?.options, ...options };
    const { root = process.cwd(), env = process.env, argv = [], home, log, files } = this.#options;
    this.#root = root;
    this.#env = env;
    this.#threshold = new LogThreshold(log === undefined ? "info" : "trace");
    this.#serverLog = withThreshold(log ?? createOwnLog(this.#output), this.#threshold);
    this.#application = new Application(name);
    this.version = versionOf(root);
    this.commit = readCommit(root);
    this.config = new Configuration({ argv, env, root, home, ...(files === undefined ? {} : { files }) });

    const parts = [this.#application, this.#life] as const;
    this.cluster = new BackendCluster(...parts);
    this.controller = new BackendController(...parts);
    this.hook = new BackendHook(...parts);
    this.import = new BackendImport(...parts);
    this.log = new ApplicationLog({ log: () => this.#serverLog, setLevel: (level) => this.#setLevel(level) });
    this.openApi = new BackendOpenApi(...parts, root);
    this.pipe = new BackendPipe(...parts);
    this.plugin = new BackendPlugin(...parts);
    this.storage = new BackendStorage(...parts, this.config);
    this.subscription = new BackendSubscription(...parts);
    this.vault = new BackendVault(...parts, root, env);
    this.#launcher?.onMade(this);
  }

  /** True from just before `kuzzle:state:ready` on. */
  get started(): boolean {
    return this.#life.server !== undefined;
  }

  /** Where the server listens: `{ host: "::", port: 7512 }`. Error: `plugin.runtime.unavailable_before_start`. */
  get address(): ListenerAddress {
    return this.#life.running("address").address ?? this.#life.unavailable("address");
  }

  /** Opens the ports of a server that was started with `listens: false`; of another it answers where that listens. May be called twice. */
  listen(): Promise<ListenerAddress> {
    return this.#life.running("listen").listen();
  }

  /**
   * Runs a request as a client's, without a network in between: the user is that of its `jwt`, and all events are fired. Never rejects:
   * the answer is the JSON that a client would get, with a `status`, and a `result` or an `error`.
   */
  async execute(request: JSONObject): Promise<ResponseContent> {
    const { entryPoint, host } = this.#life.running("execute");
    const { connection } = host.internalProtocol;
    const answer = await entryPoint.execute(new KuzzleRequest(request, { connection }), connection);
    return JSON.parse(JSON.stringify(answer.response.content())) as ResponseContent; // its own JSON
  }

  /** An SDK that speaks to this server from inside. Error: `plugin.runtime.unavailable_before_start`. */
  get sdk(): EmbeddedSDK {
    // One for all: subscriptions are kept in it.
    this.#sdk ??= (this.#life.host ?? this.#life.unavailable("sdk")).createSdk();
    return this.#sdk;
  }

  /** Runs once in the life of the database, after the imports. Error: `validation.assert.invalid_type` (412). */
  install(id: string, handler: () => unknown, description?: string): void {
    this.#life.assertOpen("install");
    this.#application.installations.push(checkInstallation({ id, handler, description }));
  }

  /** Whole files to load at the start: `{ mappings, fixtures, securities }`, in the forms of the actions `admin:load…`. */
  get _support(): JSONObject {
    return this.#application.support;
  }

  set _support(content: JSONObject) {
    this.#life.assertOpen("_support");
    if (!isPlainObject(content)) throw kerror("validation.assert.invalid_type", "_support", "an object");
    this.#application.support = content;
  }

  /** Fires an event of the application's own, and answers its first argument after its pipes. */
  async trigger<T = unknown>(event: string, ...payload: readonly unknown[]): Promise<T> {
    return (await this.#life.running("trigger").events.pipe(event, ...payload)) as T; // whoever fires it knows its pipes
  }

  /** The actions as a page of Markdown: all, or without those of plugins and the application. */
  reference(which: "all" | "own" = "all"): string {
    return this.#life.running("reference").reference(which);
  }

  /**
   * Starts the server. Errors: those of configuration, storage and plugins, each naming what is wrong and what to do; what was opened is
   * closed again.
   */
  async start(): Promise<void> {
    this.#life.assertNotBegun("start");
    this.#life.begun = true;
    try {
      await this.#open();
    } catch (error) {
      this.#life.server = undefined;
      this.#stopped.resolve();
      if (error instanceof KuzzleError && error.id !== undefined) findRecorder()?.error(error.id);
      this.#launcher?.onFailed(error);
      throw error;
    }
    this.#launcher?.onStarted(this);
    if (this.#ownsProcess) this.#stopped.promise.then(stopAtSignals(this));
  }

  async #open(): Promise<void> {
    const startedAt = performance.now();
    const loaded = this.config.freeze();
    const { config } = loaded;
    let heard: Events | undefined;
    if (this.#options.log === undefined) this.#threshold.level = this.#level ?? levelOf(config.server.appLogs.level);
    const log = withLogEvents(this.#serverLog, () => heard);
    this.#serverLog = log;
    for (const { code, message, from } of loaded.warnings) log.warn(`config.${code}`, { message, from });
    const { NODE_ENV: environment = "", DEBUG: debug = "" } = this.#env;
    const secrets = this.vault.secrets;
    checkOpenApi(this.#application.openApi);
    this.#application.version = this.version;
    this.#application.commit = this.commit;
    const directory = this.#options.data ?? resolve(this.#root, config.tenon.data);
    // The engines' threads start while the rest of the code is loaded.
    const stores = openStores({ directory, log, clock: systemClock });
    stores.catch(() => {}); // awaited by whoever opens the server
    const { openServer } = await import("./server.ts");
    const server = await openServer({
      nodeId: this.nodeId,
      root: this.#root,
      loaded,
      sections: new PluginSections(this.config, config),
      log,
      clock: systemClock,
      output: this.#output,
      environment,
      debug,
      dataDirectory: directory,
      stores,
      onEvents: (events) => {
        heard = events;
        this.#options.onEvents?.(events);
      },
      onHost: (host) => {
        this.#life.host = host;
        this.#options.onHost?.(host);
      },
      onReady: (ready) => {
        this.#life.server = ready;
      },
      onShutdown: () => {
        this.stop().catch((err: unknown) => log.error("server.stop_failed", { err }));
      },
      plugins: this.plugin.used,
      packages: this.#options.packages ?? [],
      listens: this.#options.listens !== false,
      application: this.#application,
      backend: this,
      secrets,
    });
    const durationMs = Math.round(performance.now() - startedAt);
    log.info("server.ready", { ...urlsOf(server.address), durationMs, phases: server.phases });
  }

  /** Finishes running requests, closes everything; resolves when done. May be called twice. */
  async stop(): Promise<void> {
    await this.#life.server?.close();
    this.#serverLog.info("server.stopped");
    this.#stopped.resolve();
  }

  /** Resolves once the server has stopped, whoever stopped it, or has failed to start. */
  get whenStopped(): Promise<void> {
    return this.#stopped.promise;
  }

  /** Where lines go that are written beside the log; to the errors, where the log is somebody else's. */
  get #output(): LineOutput {
    const { log, readable = process.stdout.isTTY === true } = this.#options;
    return log === undefined ? { fd: 1, readable } : { fd: 2, readable: false };
  }

  #setLevel(level: LogLevel): void {
    this.#level = level;
    this.#threshold.level = level;
  }
}

const levelOf = (configured: string): LogLevel => (isLogLevel(configured) ? configured : "info");

function versionOf(root: string): string | undefined {
  const { version } = readPackage(root);
  return typeof version === "string" ? version : undefined;
}

/** Writes everything: what is wanted is decided before. */
function createOwnLog({ readable }: LineOutput): Logger {
  return createLog({ level: "trace", readable, write: (text) => void process.stdout.write(text) });
}

function urlsOf(address: ListenerAddress | undefined): JSONObject {
  if (address === undefined) return {};
  const host = `${hostName(address.host)}:${address.port}`;
  return { http: `http://${host}`, websocket: `ws://${host}` };
}

/** An address as a person types it: every address is reachable as localhost. */
function hostName(host: string): string {
  if (host === "::" || host === "0.0.0.0") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}
