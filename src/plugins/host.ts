import { didYouMean, type JSONObject, KuzzleError, kerror, kerrorFrom } from "../kernel/index.ts";
import type { Granted } from "./capabilities/capabilities.ts";
import { checkContributions } from "./capabilities/check-contributions.ts";
import { checkPrivileges } from "./capabilities/check-privileges.ts";
import { readCapabilities } from "./capabilities/declared-capabilities.ts";
import { type Reach, reachOf } from "./capabilities/reach.ts";
import { declarationsOf } from "./declarations.ts";
import type { PluginContributions, PluginDefinition, PluginImports } from "./definition.ts";
import type { PluginHostDeps } from "./deps.ts";
import type { PluginScope, PluginSource } from "./dialects/dialect.ts";
import { define } from "./dialects/registry.ts";
import { secondDialect } from "./dialects/v2/dialect.ts";
import { pipeOf } from "./dialects/v2/pipes.ts";
import type { Target } from "./dialects/v2/targets.ts";
import { discover, type Found } from "./discovery/discover.ts";
import type { UsedPlugin } from "./discovery/used-plugin.ts";
import { frozenCopy } from "./frozen-copy.ts";
import { limitsOf } from "./limits.ts";
import { makeSource, mayFailToLoad, sourceOf } from "./make-source.ts";
import { checkVersions } from "./ordering/check-versions.ts";
import { readOrder } from "./ordering/order-wishes.ts";
import { sortPlugins } from "./ordering/sort-plugins.ts";
import { type PluginInfo, pluginInfo } from "./plugin-info.ts";
import { closeRealm, openRealm, type PluginCall } from "./realm/current-call.ts";
import { defineGlobals } from "./realm/globals.ts";
import { ServerFacade } from "./realm/server-facade.ts";
import type { ServerRealm } from "./realm/server-realm.ts";
import { createEmbeddedSdk } from "./sdk/create-sdk.ts";
import type { EmbeddedSDK } from "./sdk/embedded-sdk.ts";
import { InternalProtocol } from "./sdk/internal-protocol.ts";
import { PluginStorage, pluginIndex } from "./storage/plugin-storage.ts";
import { Workers } from "./workers/workers.ts";

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
  readonly #workers = new Workers();
  readonly #definitions: PluginDefinition[] = [];
  readonly #started: Started[] = [];
  /** The application's own, which is no plugin to those who ask for plugins: one of them may have its name. */
  #application: PluginDefinition | undefined;
  readonly #unregister: (() => void)[] = [];

  constructor(deps: PluginHostDeps) {
    this.#deps = deps;
    this.internalProtocol = new InternalProtocol(deps.log, deps.events);
    this.#hostConfig = frozenCopy(deps.config);
    this.facade = new ServerFacade({
      events: deps.events,
      log: deps.log,
      nodeId: deps.nodeId,
      version: deps.version,
      config: this.#hostConfig,
      secrets: frozenCopy(deps.secrets),
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
    const discovered = discover(this.#deps).map((found) => ({ name: found.name, order: orderOf(found), found }));
    // One after the other: the code of a plugin may rely on what one before it has put into the process.
    for (const { found } of sortPlugins(discovered)) {
      const isOptional = mayFailToLoad(found.name, this.#deps);
      const definition = await this.#unlessOptional({ name: found.name, isOptional }, () => this.#load(found));
      if (definition !== undefined) this.#definitions.push(definition);
    }
    await this.#sort(discovered.map(({ name }) => name));
    const { applicationPlugin } = this.#deps;
    if (applicationPlugin !== undefined) this.#addApplication(applicationPlugin);
  }

  async #load(found: Found): Promise<PluginDefinition> {
    const { name } = found;
    const atFirst = this.#reach(name, readCapabilities(name, declarationsOf(found)));
    const source = await makeSource(found, atFirst.call, this.#deps);
    checkPrivileges(source);
    const scope = this.#scope(this.#reach(name, source.capabilities), source);
    const definition = this.#workers.define(source, scope) ?? define(source, scope);
    this.#logLoaded(definition);
    return definition;
  }

  /** Once more, when all is known: a description is in the code. */
  async #sort(discovered: readonly string[]): Promise<void> {
    const byName = new Map(this.#definitions.map((definition) => [definition.name, definition]));
    const sorted = sortPlugins(discovered.flatMap((name) => byName.get(name) ?? []));
    await checkVersions(sorted);
    this.#definitions.splice(0, sorted.length, ...sorted);
  }

  #addApplication({ name, instance }: UsedPlugin): void {
    const source = sourceOf(name, instance, { kind: "used" }, {}, this.#deps);
    const scope = this.#scope(this.#reach(name), source);
    this.#application = secondDialect.define({ ...source, because: "it is the application" }, scope);
    this.#definitions.push(this.#application);
  }

  /** A pipe that is added while the server runs, under the rules of the second generation and after those of all plugins. The answer unregisters. */
  addPipe(owner: string, event: string, handler: (...args: never[]) => unknown): () => void {
    const scope = this.#scope(this.#reach(owner), { generation: "v2", config: {} });
    const pipe = pipeOf(event, handler as Target, scope);
    const unregister = this.#deps.events.registerPipe({ ...pipe, owner, order: Number.MAX_SAFE_INTEGER });
    this.#unregister.push(unregister);
    return unregister;
  }

  /** For code that is no plugin and yet reaches the server as plugins do, such as a protocol in `protocols/enabled`. */
  callAs(name: string): PluginCall {
    return { server: this.#realm, plugin: name };
  }

  #reach(plugin: string, capabilities?: Granted): Reach {
    return reachOf(plugin, capabilities, this.#realm, this.#deps);
  }

  #scope({ call, deps }: Reach, { generation, config }: Pick<PluginSource, "generation" | "config">): PluginScope {
    const { sdk, storage, facade } = call.server;
    return {
      deps,
      call,
      log: this.#deps.log.child(call.plugin),
      limits: limitsOf(generation, config, this.#deps),
      sdk,
      storage: new PluginStorage({ ...storage, index: pluginIndex(call.plugin), scope: "private" }),
      facade,
      hostConfig: this.#hostConfig,
      secrets: facade.vault.secrets,
    };
  }

  #logLoaded({ name, version, generation, variant, because, origin }: PluginDefinition): void {
    const from = "path" in origin ? origin.path : origin.kind;
    const dialect = variant === undefined ? generation : `${generation}.${variant}`;
    this.#deps.log.info("plugin.loaded", { plugin: name, version, dialect, because, from });
  }

  /**
   * Initialises all plugins at once, though each after those that it depends on, then registers in load order what they bring.
   * Errors: `plugin.runtime.failed_init` naming the plugin and what to do; those of what cannot be registered.
   */
  async start(): Promise<void> {
    const startedAt = performance.now();
    for (const definition of await this.#initAll()) {
      if (definition === undefined) continue;
      const contributions = await this.#unlessOptional(definition, async () => definition.contributions());
      if (contributions === undefined) continue;
      checkContributions(definition, contributions);
      this.#started.push({ definition, contributions });
    }
    for (const [order, one] of [...this.#started].entries()) {
      const registered = await this.#unlessOptional(one.definition, async () => {
        await this.#register(one, order);
        return true;
      });
      if (registered === undefined) this.#started.splice(this.#started.indexOf(one), 1);
    }
    const durationMs = Math.round(performance.now() - startedAt);
    this.#deps.log.info("plugin.all_started", {
      plugins: this.#started.map(({ definition }) => definition.name),
      durationMs,
    });
  }

  #initAll(): Promise<(PluginDefinition | undefined)[]> {
    const begun = new Map<string, Promise<PluginDefinition | undefined>>();
    const inits = this.#definitions.map((definition) => {
      const { name, order } = definition;
      const init = this.#unlessOptional(definition, async () => {
        // They stand before it, so they have begun.
        for (const dependency of order.dependsOn.keys()) {
          if ((await begun.get(dependency)) !== undefined) continue;
          throw kerror("plugin.runtime.failed_init", name, `it depends on "${dependency}", which did not start.`);
        }
        await this.#init(definition);
        return definition;
      });
      begun.set(name, init);
      return init;
    });
    return Promise.all(inits);
  }

  /** Undefined for a plugin that failed, and without which the server starts. */
  async #unlessOptional<T>(
    { name, isOptional }: Pick<PluginDefinition, "name" | "isOptional">,
    run: () => Promise<T>,
  ): Promise<T | undefined> {
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
    // First what may be refused: the server may start without this plugin, which then leaves nothing behind.
    for (const strategy of contributions.strategies) await this.#deps.registerStrategy(strategy);
    for (const protocol of contributions.protocols ?? []) this.#deps.entryPoint?.registerProtocol(protocol);
    for (const controller of contributions.controllers) this.#deps.registerController(controller);
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

const orderOf = (found: Found) => readOrder(found.name, declarationsOf(found));
