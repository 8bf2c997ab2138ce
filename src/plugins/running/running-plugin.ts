import type { MaybePromise, OwnerRules } from "../../events/index.ts";
import { KuzzleError, kerrorFrom } from "../../kernel/index.ts";
import type { PluginContributions, PluginDefinition } from "../definition.ts";
import type { PluginHostDeps } from "../deps.ts";
import { countedController } from "../figures/counted-controller.ts";
import { rulesOf } from "../figures/rules-of.ts";
import type { PluginCall } from "../realm/current-call.ts";
import type { OwnCalls } from "./own-calls.ts";
import { withinInitTime } from "./within-init-time.ts";

const nothing: PluginContributions = { pipes: [], hooks: [], controllers: [], strategies: [], imports: undefined };

/** By these the server speaks to the clients of plugins of the first generations. */
const ofProtocols = /^(protocol|proxy):/;

/** One plugin of a running server, and what it has registered there: what has come by it goes with it. */
export class RunningPlugin {
  readonly definition: PluginDefinition;
  /** As whom its code runs: while it is loaded, and from then on, when it is known what it may do. */
  readonly callers: readonly PluginCall[];
  readonly calls: OwnCalls;
  /** Its place in the order of listeners. */
  order = 0;
  /** False before it has been initialised, and for good when it failed and the server goes on without it. */
  isStarted = false;
  #contributions = nothing;
  /** Of a plugin that is not called yet. */
  #rules: OwnerRules | undefined;
  #unregister: (() => void)[] = [];

  constructor(definition: PluginDefinition, callers: readonly PluginCall[], calls: OwnCalls) {
    this.definition = definition;
    this.callers = callers;
    this.calls = calls;
  }

  get name(): string {
    return this.definition.name;
  }

  /** It speaks with clients itself, who are connected to this very instance. */
  get speaksProtocol(): boolean {
    const { protocols = [], hooks } = this.#contributions;
    return this.calls.hasProtocol || protocols.length > 0 || hooks.some(({ event }) => ofProtocols.test(event));
  }

  /** What it brings: nothing before {@link read}. */
  get contributions(): PluginContributions {
    return this.#contributions;
  }

  /** Runs the plugin's own start. Error: `plugin.runtime.failed_init`, also when it takes too long. */
  async init(): Promise<void> {
    const { name } = this;
    try {
      await withinInitTime(this.definition, "init", () => this.#markedInit());
    } catch (error) {
      if (error instanceof KuzzleError && error.id === "plugin.runtime.failed_init") throw error;
      throw kerrorFrom(error, "plugin.runtime.failed_init", name, error instanceof Error ? error.message : error);
    }
  }

  #markedInit(): MaybePromise<void> {
    const { marks } = this.calls.deps.events;
    const before = marks.enter(marks.markOf(this.name, "init"));
    try {
      return this.definition.init();
    } finally {
      marks.leave(before);
    }
  }

  /** Reads what it brings, once it is initialised. Errors: those of its shape, and of the rule for its failures. */
  read(): void {
    const { events } = this.calls.deps;
    this.#rules = rulesOf(this.definition, this.calls.deps);
    const brought = this.definition.contributions();
    const by = events.owner(this.name);
    const controllers = brought.controllers.map((controller) => countedController(controller, by, events));
    this.#contributions = { ...brought, controllers };
    for (const strategy of this.#contributions.strategies) this.calls.notedStrategies.set(strategy.name, strategy);
    this.isStarted = true;
  }

  /** Its pipes and hooks are called from here on. */
  listen({ events }: Pick<PluginHostDeps, "events">): void {
    const { order, name: owner } = this;
    // Once: it may only change its place, and one that was disabled stays so until it is loaded anew.
    if (this.#rules !== undefined) events.admit(owner, this.#rules);
    this.#rules = undefined;
    for (const hook of this.#contributions.hooks) this.#unregister.push(events.registerHook({ ...hook, owner, order }));
    for (const pipe of this.#contributions.pipes) this.#unregister.push(events.registerPipe({ ...pipe, owner, order }));
  }

  unlisten(): void {
    for (const unregister of this.#unregister.splice(0)) unregister();
  }

  /** Frees what it holds by itself. What it throws is logged. */
  async close({ log }: Pick<PluginHostDeps, "log">): Promise<void> {
    try {
      await this.definition.close?.();
    } catch (err) {
      log.error("plugin.close_failed", { plugin: this.name, err });
    }
  }
}
