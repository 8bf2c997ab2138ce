import type { Events } from "../../events/index.ts";
import { isPlainObject, type JSONObject, KuzzleRequest } from "../../kernel/index.ts";
import type { PluginStorage } from "../storage/plugin-storage.ts";

const collection = "settings";
const id = "auto-refresh";

/**
 * Which indexes have every write wait until it can be searched, as the first generations let clients switch it on. Kept in the store. Costs nothing
 * while no index has it.
 * Source: contract/plugins/events.yaml, legacy.v0_actions, "admin:setAutoRefresh".
 */
export class AutoRefresh {
  readonly #storage: PluginStorage;
  readonly #events: Events;
  #indexes = new Set<string>();
  #unregister: (() => void)[] = [];
  #opening: Promise<void> | undefined;

  constructor(storage: PluginStorage, events: Events) {
    this.#storage = storage;
    this.#events = events;
  }

  /** Reads what was kept. May be called again. */
  open(): Promise<void> {
    this.#opening ??= this.#load();
    return this.#opening;
  }

  async #load(): Promise<void> {
    const { store, index } = this.#storage;
    const known = await store.describe();
    if (!known.some((it) => it.index === index && it.collection === collection)) return;
    const stored = await store.find({ index, collection }, id);
    const { indexes } = stored === undefined ? { indexes: [] } : (JSON.parse(stored.source) as JSONObject);
    this.#take(new Set(Array.isArray(indexes) ? indexes.map(String) : []));
  }

  has(index: string): boolean {
    return this.#indexes.has(index);
  }

  async set(index: string, isOn: boolean): Promise<void> {
    const indexes = new Set(this.#indexes);
    if (isOn) indexes.add(index);
    else indexes.delete(index);
    await this.#storage.bootstrap({ [collection]: { dynamic: "false" } });
    const source = JSON.stringify({ indexes: [...indexes] });
    const target = { index: this.#storage.index, collection };
    await this.#storage.store.write(target, [{ kind: "index", id, source }], { refresh: true });
    this.#take(indexes);
  }

  #take(indexes: Set<string>): void {
    this.#indexes = indexes;
    if (indexes.size > 0 && this.#unregister.length === 0) this.#unregister = [...this.#listen()];
    if (indexes.size === 0) this.close();
  }

  *#listen(): Iterable<() => void> {
    const listener = { owner: "auto-refresh", order: Number.MAX_SAFE_INTEGER, warnMs: 0, deadlineMs: 0 };
    const run = ([request]: readonly unknown[]): unknown => this.#wait(request);
    for (const event of ["document:before*", "bulk:before*"]) {
      yield this.#events.registerPipe({ ...listener, event, run });
    }
  }

  #wait(request: unknown): unknown {
    if (request instanceof KuzzleRequest && isPlainObject(request.input.args)) {
      const { args } = request.input;
      if (typeof args.index === "string" && this.has(args.index)) args.refresh ??= "wait_for";
    }
    return request;
  }

  close(): void {
    for (const unregister of this.#unregister.splice(0)) unregister();
  }
}
