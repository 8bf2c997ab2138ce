import type { PluginHostDeps } from "../../deps.ts";
import type { PluginStorage } from "../../storage/plugin-storage.ts";
import { AutoRefresh } from "../auto-refresh.ts";
import { emulatedActions } from "./emulated-actions.ts";
import { relayed } from "./event-table.ts";
import { PluginProtocol } from "./plugin-protocol.ts";

/** What the plugins of the first generation on one server share. Nothing of it is there before the first of them. */
export class FirstGeneration {
  /** The connections that plugins speak with. */
  readonly protocol: PluginProtocol;
  /** Names of the strategies that plugins gave to Passport: users keep their secrets. */
  readonly strategies = new Set<string>();
  /** Shared with plugins of the next generation, which could ask for it, too. */
  readonly autoRefresh: AutoRefresh;
  readonly #deps: PluginHostDeps;
  readonly #unregister: (() => void)[] = [];
  #isPrepared = false;

  /** `storage`: one that no plugin has. */
  constructor(deps: PluginHostDeps, storage: PluginStorage) {
    this.#deps = deps;
    this.autoRefresh = new AutoRefresh(storage, deps.events);
    this.protocol = new PluginProtocol(deps);
  }

  /** Called for each plugin, and for each event of this generation that another plugin listens to; the first call counts. */
  prepare(): void {
    if (this.#isPrepared) return;
    this.#isPrepared = true;
    const { events } = this.#deps;
    for (const entry of emulatedActions(this.#deps, this.autoRefresh)) this.#deps.registerFormerAction(entry);
    for (const [former, event] of Object.entries(relayed)) {
      const relay = { owner: "kuzzle-0", event, order: Number.MAX_SAFE_INTEGER };
      this.#unregister.push(events.registerHook({ ...relay, run: ([payload]) => events.pipe(former, payload) }));
    }
  }

  /** Called when each plugin is initialised; the first call counts. */
  async open(): Promise<void> {
    await this.autoRefresh.open();
  }

  close(): void {
    for (const unregister of this.#unregister.splice(0)) unregister();
    this.autoRefresh.close();
  }
}
