import type { PluginDefinition } from "./definition.ts";
import type { PluginHostDeps } from "./deps.ts";
import type { PluginScope, PluginSource } from "./dialects/dialect.ts";
import type { FirstGeneration } from "./dialects/v0/first-generation.ts";
import type { PluginStorage } from "./storage/plugin-storage.ts";
import { workerPlanOf } from "./workers/worker-options.ts";
import type { Workers } from "./workers/workers.ts";

/** What plugins of one host share and most servers do without: its code is loaded by the first plugin that needs it, so that they start faster. */
export class OnDemandParts {
  readonly #deps: PluginHostDeps;
  /** Of no plugin in particular. */
  readonly #storage: PluginStorage;
  #workers: Workers | undefined;
  #first: FirstGeneration | undefined;

  constructor(deps: PluginHostDeps, storage: PluginStorage) {
    this.#deps = deps;
    this.#storage = storage;
  }

  /** For plugins of the first two generations, once {@link prepareFor} has seen one; nobody else reads it. */
  get first(): FirstGeneration {
    return this.#first as FirstGeneration;
  }

  async prepareFor({ generation, isGuess }: PluginSource): Promise<void> {
    const isOlder = generation === "v0" || generation === "v1" || isGuess === true;
    if (!isOlder || this.#first !== undefined) return;
    const { FirstGeneration } = await import("./dialects/v0/first-generation.ts");
    this.#first ??= new FirstGeneration(this.#deps, this.#storage);
  }

  /**
   * Undefined for a plugin that runs in the server.
   * Errors: `plugin.assert.cannot_load` for options that are none; `plugin.assert.privileged_*`.
   */
  async inWorkers(source: PluginSource, scope: PluginScope): Promise<PluginDefinition | undefined> {
    const plan = workerPlanOf(source, this.#deps.log);
    if (plan === undefined) return undefined;
    const { Workers } = await import("./workers/workers.ts");
    this.#workers ??= new Workers();
    return this.#workers.define(source, scope, plan);
  }

  close(): void {
    this.#first?.close();
  }
}
