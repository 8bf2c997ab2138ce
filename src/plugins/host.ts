import { didYouMean, type JSONObject, KuzzleError, kerror, kerrorFrom } from "../kernel/index.ts";
import type { PluginContributions, PluginDefinition, PluginImports } from "./definition.ts";
import type { PluginHostDeps } from "./deps.ts";
import type { PluginScope, PluginSource } from "./dialects/dialect.ts";
import { define } from "./dialects/registry.ts";
import { secondDialect } from "./dialects/v2/dialect.ts";
import { pipeOf } from "./dialects/v2/pipes.ts";
import type { Target } from "./dialects/v2/targets.ts";
import { discover } from "./discovery/discover.ts";
import type { UsedPlugin } from "./discovery/used-plugin.ts";
import { frozenCopy } from "./frozen-copy.ts";
import { limitsOf } from "./limits.ts";
import { makeSource, sourceOf } from "./make-source.ts";
import { type PluginInfo, pluginInfo } from "./plugin-info.ts";
import { closeRealm, openRealm, type PluginCall } from "./realm/current-call.ts";
import { defineGlobals } from "./realm/globals.ts";
import { ServerFacade } from "./realm/server-facade.ts";
import type { ServerRealm } from "./realm/server-realm.ts";
import { createEmbeddedSdk } from "./sdk/create-sdk.ts";
import type { EmbeddedSDK } from "./sdk/embedded-sdk.ts";
import { InternalProtocol } from "./sdk/internal-protocol.ts";
import { PluginStorage, pluginIndex } from "./storage/plugin-storage.ts";

interface Started {
  readonly definition: PluginDefinition;
  readonly contributions: PluginContributions;
}

/**
 * The plugins of one server: finds and loads them, initialises them, and registers what they bring.
 *
 * Use: `new PluginHost(deps)`, `await host.load()`, `await host.start()`, and at the end `await host.close()`. Register
 * {@link internalProtocol} with the entry point before `start`, so that `sdk.realtime.subscribe` works in `init`.
 * Source: contract/plugins/v2.md; contract/plugins/generations.md section 2.
 */
export class PluginHost {
  /** One more protocol of the server: it brings notifications to subscriptions of embedded SDKs. */
  readonly internalProtocol: InternalProtocol;
  /** The server as `global.kuzzle` shows it. */
  readonly facade: ServerFacade;
  readonly #deps: PluginHostDeps;
  readonly #realm: ServerRealm;
  readonly #hostConfig: Readonly<JSONObject>;
  readonly #secrets: Readonly<JSONObject>;
  readonly #definitions: PluginDefinition[] = [];
  readonly #started: Started[] = [];
  /** The application's own, which is no plugin to those who ask for plugins: one of them may have its name. */
  #application: PluginDefinition | undefined;
  readonly #unregister: (() => void)[] = [];

  constructor(deps: PluginHostDeps) {
    this.#deps = deps;
    this.internalProtocol = new InternalProtocol(deps.log, deps.events);
    this.#hostConfig = frozenCopy(deps.config);
    this.#secrets = frozenCopy(deps.secrets);
    this.facade = new ServerFacade({
      events: deps.events,
      log: deps.log,
      nodeId: deps.nodeId,
      version: deps.version,
      config: this.#hostConfig,
      secrets: this.#secrets,
      execute: (request) => deps.execute(request, { checkRights: false }),
      state: deps.state,
    });
    this.#realm = this.#createRealm();
  }

  #createRealm(): ServerRealm {
    const {
      nodeId,
      environment,
      locks,
      log,
      application,
      execute,
      findUser,
      store,
      commonMappings,
      discoverCollections,
    } = this.#deps;
    return {
      nodeId,
      environment,
      locks,
      facade: this.facade,
      application,
      storage: { store, locks, commonMappings, onPublic: discoverCollections },
      sdk: { log, nodeId, internal: this.internalProtocol, execute, findUser: async (kuid) => findUser(kuid) },
    };
  }

  /**
   * Finds the plugins and runs their code, up to their constructors.
   * Errors, each naming the plugin: `plugin.assert.*`, `plugin.manifest.*`, `plugin.runtime.unexpected_error`.
   */
  async load(): Promise<void> {
    defineGlobals();
    openRealm(this.#realm);
    // One after the other: the code of a plugin may rely on what one before it has put into the process.
    for (const found of discover(this.#deps)) {
      const call = { server: this.#realm, plugin: found.name };
      const source = await makeSource(found, call, this.#deps);
      const definition = define(source, this.#scope(call, source));
      this.#definitions.push(definition);
      this.#logLoaded(definition);
      this.#logThreads(source);
    }
    const { applicationPlugin } = this.#deps;
    if (applicationPlugin !== undefined) this.#addApplication(applicationPlugin);
  }

  #addApplication({ name, instance }: UsedPlugin): void {
    const call = { server: this.#realm, plugin: name };
    const source = sourceOf(name, instance, { kind: "used" }, {}, this.#deps);
    const scope = this.#scope(call, source);
    this.#application = secondDialect.define({ ...source, because: "it is the application" }, scope);
    this.#definitions.push(this.#application);
  }

  /** A pipe that is added while the server runs, under the rules of the second generation and after those of all plugins. The answer unregisters. */
  addPipe(owner: string, event: string, handler: (...args: never[]) => unknown): () => void {
    const scope = this.#scope({ server: this.#realm, plugin: owner }, { generation: "v2", config: {} });
    const pipe = pipeOf(event, handler as Target, scope);
    const unregister = this.#deps.events.registerPipe({ ...pipe, owner, order: Number.MAX_SAFE_INTEGER });
    this.#unregister.push(unregister);
    return unregister;
  }

  /** For code that is no plugin and yet reaches the server as plugins do, such as a protocol in `protocols/enabled`. */
  callAs(name: string): PluginCall {
    return { server: this.#realm, plugin: name };
  }

  #scope(call: PluginScope["call"], { generation, config }: Pick<PluginSource, "generation" | "config">): PluginScope {
    return {
      deps: this.#deps,
      call,
      log: this.#deps.log.child(call.plugin),
      limits: limitsOf(generation, config, this.#deps),
      sdk: this.#realm.sdk,
      storage: new PluginStorage({ ...this.#realm.storage, index: pluginIndex(call.plugin), scope: "private" }),
      facade: this.facade,
      hostConfig: this.#hostConfig,
      secrets: this.#secrets,
    };
  }

  #logLoaded({ name, version, generation, variant, because, origin }: PluginDefinition): void {
    const from = "path" in origin ? origin.path : origin.kind;
    const dialect = variant === undefined ? generation : `${generation}.${variant}`;
    this.#deps.log.info("plugin.loaded", { plugin: name, version, dialect, because, from });
  }

  /** Older plugins may ask for processes of their own; they run in this one. */
  #logThreads({ name, generation, config }: PluginSource): void {
    const asked = generation === "v0" || generation === "v1" ? Number(config.threads) : 0;
    if (asked > 0) this.#deps.log.warn("plugin.runs_in_process", { plugin: name, threads: asked });
  }

  /**
   * Initialises all plugins at once, then registers in load order what they bring.
   * Errors: `plugin.runtime.failed_init` naming the plugin and what to do; those of what cannot be registered.
   */
  async start(): Promise<void> {
    const startedAt = performance.now();
    const ready = await Promise.all(
      this.#definitions.map((definition) =>
        this.#unlessOptional(definition, async () => {
          await this.#init(definition);
          return definition;
        }),
      ),
    );
    for (const definition of ready) {
      if (definition === undefined) continue;
      const contributions = await this.#unlessOptional(definition, async () => definition.contributions());
      if (contributions !== undefined) this.#started.push({ definition, contributions });
    }
    for (const [order, one] of this.#started.entries()) await this.#register(one, order);
    const durationMs = Math.round(performance.now() - startedAt);
    this.#deps.log.info("plugin.all_started", {
      plugins: this.#started.map(({ definition }) => definition.name),
      durationMs,
    });
  }

  /** Undefined for a plugin that failed, and without which the server starts. */
  async #unlessOptional<T>({ name, isOptional }: PluginDefinition, run: () => Promise<T>): Promise<T | undefined> {
    try {
      return await run();
    } catch (err) {
      if (isOptional !== true) throw err;
      this.#deps.log.warn("plugin.skipped", { plugin: name, err });
      return undefined;
    }
  }

  async #init(definition: PluginDefinition): Promise<void> {
    const { name, limits, init } = definition;
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_, reject) => {
      if (limits.initTimeoutMs <= 0) return;
      const why = `init did not finish within ${limits.initTimeoutMs} ms. If it needs longer, raise plugins.common.initTimeout.`;
      timer = setTimeout(() => reject(kerror("plugin.runtime.failed_init", name, why)), limits.initTimeoutMs);
    });
    try {
      await Promise.race([init(), deadline]);
    } catch (error) {
      this.#deps.log.error("plugin.init_failed", { plugin: name, err: error });
      if (error instanceof KuzzleError && error.id === "plugin.runtime.failed_init") throw error;
      throw kerrorFrom(error, "plugin.runtime.failed_init", name, error instanceof Error ? error.message : error);
    } finally {
      clearTimeout(timer);
    }
  }

  async #register({ definition, contributions }: Started, order: number): Promise<void> {
    const { events } = this.#deps;
    const owner = definition.name;
    for (const controller of contributions.controllers) this.#deps.registerController(controller);
    for (const strategy of contributions.strategies) await this.#deps.registerStrategy(strategy);
    for (const hook of contributions.hooks) this.#unregister.push(events.registerHook({ ...hook, owner, order }));
    for (const pipe of contributions.pipes) this.#unregister.push(events.registerPipe({ ...pipe, owner, order }));
  }

  /** The plugins by name, in load order. */
  get names(): readonly string[] {
    return this.#plugins.map(({ name }) => name);
  }

  get #plugins(): readonly PluginDefinition[] {
    return this.#definitions.filter((definition) => definition !== this.#application);
  }

  /** What the author wrote. Error: `plugin.assert.plugin_not_found` (404), with a suggestion. */
  get(name: string): object {
    const definition = this.#plugins.find((candidate) => candidate.name === name);
    if (definition === undefined) throw kerror("plugin.assert.plugin_not_found", name, didYouMean(name, this.names));
    return definition.instance;
  }

  /** An SDK for code that is no plugin, such as the application's. */
  createSdk(): EmbeddedSDK {
    return createEmbeddedSdk(this.#realm.sdk);
  }

  /** For `server:info`: what each plugin brings, names only. */
  list(): Readonly<Record<string, PluginInfo>> {
    return Object.fromEntries(
      this.#started
        .filter(({ definition }) => definition !== this.#application)
        .map(({ definition, contributions }) => [definition.name, pluginInfo(definition, contributions)]),
    );
  }

  /** What the plugins want loaded, in load order: to be merged and applied once. */
  get imports(): readonly PluginImports[] {
    return this.#started.flatMap(({ contributions }) =>
      contributions.imports === undefined ? [] : [contributions.imports],
    );
  }

  /** Takes all listeners away. Strategies and controllers go with the server. */
  async close(): Promise<void> {
    for (const unregister of this.#unregister.splice(0)) unregister();
    const definitions = this.#definitions.splice(0).reverse();
    this.#started.length = 0;
    for (const { name, close } of definitions) {
      try {
        await close?.();
      } catch (err) {
        this.#deps.log.error("plugin.close_failed", { plugin: name, err });
      }
    }
    this.internalProtocol.stop();
    closeRealm(this.#realm);
  }
}
