import type { StrategyDefinition } from "../../events/index.ts";
import { kerror } from "../../kernel/index.ts";
import type { PluginHostDeps } from "../deps.ts";
import { OwnCluster } from "./own-cluster.ts";

/**
 * What one plugin registers by calls, beside what it contributes: strategies, field types, listeners to other nodes, a protocol.
 *
 * A plugin that is to take the place of another waits: until then its strategies and types are only noted, since the other one's have their
 * names. So are those of an instance that has been replaced: it is no longer heard.
 */
export class OwnCalls {
  /** What the plugin is given in the place of the host's. */
  readonly deps: PluginHostDeps;
  readonly cluster: OwnCluster;
  /** What is registered with the server now, by name. */
  readonly strategies = new Map<string, StrategyDefinition>();
  readonly types = new Set<object>();
  /** What is to be registered when the plugin takes its place. */
  readonly notedStrategies = new Map<string, StrategyDefinition>();
  readonly notedTypes = new Set<object>();
  /** True once it speaks a protocol of its own: its clients are connected to this very instance. */
  hasProtocol = false;
  #isLive: boolean;
  readonly #plugin: string;
  readonly #hostDeps: PluginHostDeps;

  constructor(plugin: string, deps: PluginHostDeps, isLive: boolean) {
    this.#plugin = plugin;
    this.#hostDeps = deps;
    this.#isLive = isLive;
    this.cluster = new OwnCluster(deps.cluster);
    this.deps = {
      ...deps,
      cluster: this.cluster,
      registerStrategy: (definition) => this.#registerStrategy(definition),
      unregisterStrategy: (plugin, strategy) => this.#unregisterStrategy(plugin, strategy),
      validation: {
        addType: (type) => this.#addType(type),
        replaceTypes: (before, after) => deps.validation.replaceTypes(before, after),
        validate: (request, verbose) => deps.validation.validate(request, verbose),
      },
      ...this.#entryPoint(),
    };
  }

  /** From here on its calls count, or count no longer. */
  set isLive(isLive: boolean) {
    this.#isLive = isLive;
  }

  async #registerStrategy(definition: StrategyDefinition): Promise<void> {
    if (!this.#isLive) {
      this.notedStrategies.set(definition.name, definition);
      return;
    }
    await this.#hostDeps.registerStrategy(definition);
    this.strategies.set(definition.name, definition);
  }

  async #unregisterStrategy(plugin: string, name: string): Promise<void> {
    if (this.#isLive) {
      await this.#hostDeps.unregisterStrategy(plugin, name);
      this.strategies.delete(name);
    } else if (!this.notedStrategies.delete(name)) {
      throw kerror("plugin.strategy.strategy_not_found", this.#plugin, name);
    }
  }

  #addType(type: object): void {
    if (!this.#isLive) {
      this.notedTypes.add(type);
      return;
    }
    this.#hostDeps.validation.addType(type);
    this.types.add(type);
  }

  #entryPoint(): Pick<PluginHostDeps, "entryPoint"> {
    const { entryPoint } = this.#hostDeps;
    if (entryPoint === undefined) return {};
    return {
      entryPoint: {
        execute: (...args) => entryPoint.execute(...args),
        newConnection: (...args) => {
          entryPoint.newConnection(...args);
          this.hasProtocol = true;
        },
        removeConnection: (...args) => entryPoint.removeConnection(...args),
        registerProtocol: (protocol) => {
          entryPoint.registerProtocol(protocol);
          this.hasProtocol = true;
        },
      },
    };
  }
}
