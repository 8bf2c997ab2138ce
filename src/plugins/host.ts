import { join, sep } from "node:path";
import { didYouMean, type JSONObject, kerror } from "../kernel/index.ts";
import type { Granted } from "./capabilities/capabilities.ts";
import { checkContributions } from "./capabilities/check-contributions.ts";
import { checkPrivileges } from "./capabilities/check-privileges.ts";
import { readCapabilities } from "./capabilities/declared-capabilities.ts";
import { type Reach, reachOf } from "./capabilities/reach.ts";
import { declarationsOf } from "./declarations.ts";
import type { PluginDefinition, PluginHealth, PluginImports } from "./definition.ts";
import type { PluginHostDeps } from "./deps.ts";
import type { PluginScope, PluginSource } from "./dialects/dialect.ts";
import { define } from "./dialects/registry.ts";
import { secondDialect } from "./dialects/v2/dialect.ts";
import { pipeOf } from "./dialects/v2/pipes.ts";
import type { Target } from "./dialects/v2/targets.ts";
import { discover, type Found } from "./discovery/discover.ts";
import type { UsedPlugin } from "./discovery/used-plugin.ts";
import { type FiguresOfPlugin, figuresOf } from "./figures/figures-of.ts";
import { HealthChecks } from "./figures/health-checks.ts";
import { frozenCopy } from "./frozen-copy.ts";
import { limitsOf } from "./limits.ts";
import { makeSource, mayFailToLoad, sourceOf } from "./make-source.ts";
import { OnDemandParts } from "./on-demand-parts.ts";
import { checkVersions } from "./ordering/check-versions.ts";
import { readOrder } from "./ordering/order-wishes.ts";
import { sortPlugins } from "./ordering/sort-plugins.ts";
import { type PluginInfo, pluginInfo } from "./plugin-info.ts";
import { closeRealm, openRealm, type PluginCall } from "./realm/current-call.ts";
import { defineGlobals } from "./realm/globals.ts";
import { ServerFacade } from "./realm/server-facade.ts";
import type { ServerRealm } from "./realm/server-realm.ts";
import type { ReloadOutcome } from "./reload/outcome.ts";
import { Reloads } from "./reload/reloads.ts";
import { exchange } from "./running/exchange.ts";
import { OwnCalls } from "./running/own-calls.ts";
import { PluginList } from "./running/plugin-list.ts";
import { release } from "./running/release.ts";
import { RunningPlugin } from "./running/running-plugin.ts";
import { createEmbeddedSdk } from "./sdk/create-sdk.ts";
import type { EmbeddedSDK } from "./sdk/embedded-sdk.ts";
import { InternalProtocol } from "./sdk/internal-protocol.ts";
import { PluginStorage, pluginIndex } from "./storage/plugin-storage.ts";

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
  readonly #plugins = new PluginList();
  readonly #reloads: Reloads;
  /** The application's own, which is no plugin to those who ask for plugins: one of them may have its name. */
  #application: RunningPlugin | undefined;
  readonly #unregister: (() => void)[] = [];
  readonly #health = new HealthChecks();
  readonly #parts: OnDemandParts;

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
    this.#reloads = new Reloads({
      host: deps,
      plugins: this.#plugins,
      make: (found) => this.#make(found, false),
      release: (plugin) => this.#release(plugin),
    });
    const storage = new PluginStorage({ ...this.#realm.storage, index: pluginIndex("kuzzle-0"), scope: "private" });
    this.#parts = new OnDemandParts(deps, storage);
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
    const running = discovered.filter(({ found }) => !isIdle(found));
    for (const { found } of sortPlugins(running)) {
      const isOptional = mayFailToLoad(found.name, this.#deps);
      const plugin = await this.#unlessOptional({ name: found.name, isOptional }, () => this.#make(found, true));
      if (plugin === undefined) continue;
      this.#plugins.add(plugin);
      this.#logLoaded(plugin.definition);
    }
    // Once more, when all is known: a description is in the code.
    const sorted = sortPlugins(this.#plugins.definitions(running.map(({ name }) => name)));
    await checkVersions(sorted);
    this.#plugins.arrange(sorted.map(({ name }) => name));
    for (const { found } of discovered) if (isIdle(found)) await this.#makeOnly(found);
    const { applicationPlugin } = this.#deps;
    if (applicationPlugin !== undefined) this.#addApplication(applicationPlugin);
  }

  /** As the first generation had it for what its lists do not activate: its code runs, and its `init` never does. */
  async #makeOnly(found: Found): Promise<void> {
    const { name } = found;
    try {
      const { call } = this.#reach(name, { deps: this.#deps }, readCapabilities(name, declarationsOf(found)));
      await makeSource(found, call, this.#deps);
    } catch (err) {
      this.#deps.log.warn("plugin.not_activated_and_broken", { plugin: name, err });
    }
  }

  /** Runs the code of one plugin that was found, for whoever only looks at it: it is not started with the others. Errors: as {@link load}. */
  async inspect(found: Found): Promise<PluginDefinition> {
    defineGlobals();
    openRealm(this.#realm);
    const { definition } = await this.#make(found, true);
    this.#logLoaded(definition);
    return definition;
  }

  /** Runs the code of a plugin, up to its constructor. `isLive`: what it registers by calls counts at once. */
  async #make(found: Found, isLive: boolean): Promise<RunningPlugin> {
    const { name } = found;
    const calls = new OwnCalls(name, this.#deps, isLive);
    const atFirst = this.#reach(name, calls, readCapabilities(name, declarationsOf(found)));
    try {
      const source = await makeSource(found, atFirst.call, this.#deps);
      checkPrivileges(source);
      await this.#parts.prepareFor(source);
      const reach = this.#reach(name, calls, source.capabilities);
      const scope = this.#scope(reach, source);
      const definition = (await this.#parts.inWorkers(source, scope)) ?? (await define(source, scope));
      return new RunningPlugin(definition, [atFirst.call, reach.call], calls);
    } catch (error) {
      await this.#release({ callers: [atFirst.call], calls });
      throw error;
    }
  }

  #addApplication({ name, instance }: UsedPlugin): void {
    const source = sourceOf(name, instance, { kind: "used" }, {}, this.#deps);
    const calls = new OwnCalls(name, this.#deps, true);
    const reach = this.#reach(name, calls);
    const scope = this.#scope(reach, source);
    const definition = secondDialect.define({ ...source, because: "it is the application" }, scope);
    this.#application = new RunningPlugin(definition, [reach.call], calls);
    this.#plugins.add(this.#application);
  }

  /** A pipe that is added while the server runs, under the rules of the second generation and after those of all plugins. The answer unregisters. */
  addPipe(owner: string, event: string, handler: (...args: never[]) => unknown): () => void {
    const reach = this.#reach(owner, { deps: this.#deps });
    const scope = this.#scope(reach, { generation: "v2", config: {} });
    const pipe = pipeOf(event, handler as Target, scope);
    const unregister = this.#deps.events.registerPipe({ ...pipe, owner, order: Number.MAX_SAFE_INTEGER });
    this.#unregister.push(unregister);
    return unregister;
  }

  /** For code that is no plugin and yet reaches the server as plugins do, such as a protocol in `protocols/enabled`. */
  callAs(name: string): PluginCall {
    return { server: this.#realm, plugin: name };
  }

  #reach(plugin: string, { deps }: Pick<OwnCalls, "deps">, capabilities?: Granted): Reach {
    return reachOf(plugin, capabilities, this.#realm, deps);
  }

  #scope({ call, deps }: Reach, { generation, config }: Pick<PluginSource, "generation" | "config">): PluginScope {
    const { sdk, storage, facade } = call.server;
    return {
      deps,
      call,
      log: this.#deps.log.child(call.plugin),
      limits: limitsOf(generation, config, this.#deps),
      sdk: { ...sdk, owner: call },
      storage: new PluginStorage({ ...storage, index: pluginIndex(call.plugin), scope: "private" }),
      facade,
      first: this.#parts.first,
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
    for (const plugin of await this.#initAll()) {
      if (plugin === undefined) continue;
      await this.#unlessOptional(plugin.definition, async () => plugin.read());
      checkContributions(plugin.definition, plugin.contributions);
    }
    for (const plugin of this.#plugins.started) {
      const registered = await this.#unlessOptional(plugin.definition, async () => this.#register(plugin));
      plugin.isStarted = registered !== undefined;
    }
    const durationMs = Math.round(performance.now() - startedAt);
    const plugins = this.#plugins.started.map(({ name }) => name);
    this.#deps.log.info("plugin.all_started", { plugins, durationMs });
  }

  async #register(plugin: RunningPlugin): Promise<RunningPlugin> {
    await exchange(this.#deps, undefined, plugin);
    for (const protocol of plugin.contributions.protocols ?? []) this.#deps.entryPoint?.registerProtocol(protocol);
    return plugin;
  }

  #initAll(): Promise<(RunningPlugin | undefined)[]> {
    const begun = new Map<string, Promise<RunningPlugin | undefined>>();
    const inits = [...this.#plugins].map((plugin) => {
      const { name, definition } = plugin;
      const init = this.#unlessOptional(definition, async () => {
        // They stand before it, so they have begun.
        for (const dependency of definition.order.dependsOn.keys()) {
          if ((await begun.get(dependency)) !== undefined) continue;
          throw kerror("plugin.runtime.failed_init", name, `it depends on "${dependency}", which did not start.`);
        }
        await this.#init(plugin);
        return plugin;
      });
      begun.set(name, init);
      return init;
    });
    return Promise.all(inits);
  }

  async #init(plugin: RunningPlugin): Promise<void> {
    try {
      await plugin.init();
    } catch (err) {
      this.#deps.log.error("plugin.init_failed", { plugin: plugin.name, err });
      throw err;
    }
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

  /**
   * Loads one plugin again while the server runs: its code, manifest and configuration are read anew, and when it has started, it takes the
   * former one's place at once. A plugin that is new is added, one whose package is gone is removed. When a step fails, the former one goes on.
   * Never rejects. `changed`: the files that are the reason, for the log.
   * What a plugin has to do for it: docs/plugins/development.md.
   */
  reload(name: string, changed: readonly string[] = []): Promise<ReloadOutcome> {
    return this.#reloads.reload(name, changed);
  }

  /** {@link reload} of what is in a folder of `plugins/enabled`, or was: two plugins when a package has changed its name. */
  reloadFolder(path: string, changed: readonly string[] = []): Promise<ReloadOutcome[]> {
    return this.#reloads.reloadFolder(path, changed);
  }

  #release(plugin: Pick<RunningPlugin, "callers" | "calls">): Promise<void> {
    const { log, subscriptions } = this.#deps;
    return release(plugin, { log, subscriptions, facade: this.facade, internal: this.internalProtocol });
  }

  /** The plugins by name, in load order. */
  get names(): readonly string[] {
    return [...this.#plugins].filter((plugin) => plugin !== this.#application).map(({ name }) => name);
  }

  /** What the author wrote. Error: `plugin.assert.plugin_not_found` (404), with a suggestion. */
  get(name: string): object {
    const plugin = this.#plugins.find(name);
    if (plugin === undefined || plugin === this.#application)
      throw kerror("plugin.assert.plugin_not_found", name, didYouMean(name, this.names));
    return plugin.definition.instance;
  }

  /** An SDK for code that is no plugin, such as the application's. */
  createSdk(): EmbeddedSDK {
    return createEmbeddedSdk(this.#realm.sdk);
  }

  /** For `server:info`: what each plugin brings, names only. */
  list(): Readonly<Record<string, PluginInfo>> {
    return Object.fromEntries(
      this.#plugins.started
        .filter((plugin) => plugin !== this.#application)
        .map(({ name, definition, contributions }) => [name, pluginInfo(definition, contributions)]),
    );
  }

  /** Where the code of the plugins lies that came as packages. */
  get folders(): readonly { readonly plugin: string; readonly path: string }[] {
    return [...this.#plugins].flatMap(({ name, definition: { manifest } }) =>
      manifest.path === "" ? [] : [{ plugin: name, path: join(manifest.path, sep) }],
    );
  }

  /** What each plugin was called for and what it cost, in load order. */
  figures(): Readonly<Record<string, FiguresOfPlugin>> {
    const { events } = this.#deps;
    return Object.fromEntries(
      this.#plugins.started.map(({ definition }) => [
        definition.name,
        figuresOf(definition, events.owner(definition.name)),
      ]),
    );
  }

  /** How the plugins are that can tell, and those that are not well. They are asked at once, each with a deadline; never rejects. */
  async health(): Promise<Readonly<Record<string, PluginHealth>>> {
    const { events } = this.#deps;
    const asked = this.#plugins.started.map(async ({ definition }) => {
      const health = await this.#health.check(definition, events.owner(definition.name));
      return definition.health === undefined && health.status === "green" ? [] : [[definition.name, health] as const];
    });
    return Object.fromEntries((await Promise.all(asked)).flat());
  }

  /** What the plugins want loaded, in load order: to be merged and applied once. */
  get imports(): readonly PluginImports[] {
    return this.#plugins.started.flatMap(({ contributions }) => contributions.imports ?? []);
  }

  /** Takes all listeners away. Strategies and controllers go with the server. */
  async close(): Promise<void> {
    await this.#reloads.close();
    for (const unregister of this.#unregister.splice(0)) unregister();
    const plugins = this.#plugins.takeAll();
    for (const plugin of plugins) plugin.unlisten();
    for (const plugin of plugins) await plugin.close(this.#deps);
    this.#parts.close();
    this.internalProtocol.stop();
    closeRealm(this.#realm);
  }
}

const orderOf = (found: Found) => readOrder(found.name, declarationsOf(found));

/** A list of the first generation has it, and does not activate it. */
const isIdle = (found: Found): boolean => found.kind === "package" && found.isActivated === false;
