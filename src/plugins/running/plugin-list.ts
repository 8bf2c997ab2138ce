import type { RunningPlugin } from "./running-plugin.ts";

/** The plugins of a server, in load order. */
export class PluginList implements Iterable<RunningPlugin> {
  #plugins: readonly RunningPlugin[] = [];

  [Symbol.iterator](): Iterator<RunningPlugin> {
    return this.#plugins[Symbol.iterator]();
  }

  get names(): readonly string[] {
    return this.#plugins.map(({ name }) => name);
  }

  /** Those that were initialised. */
  get started(): readonly RunningPlugin[] {
    return this.#plugins.filter(({ isStarted }) => isStarted);
  }

  find(name: string): RunningPlugin | undefined {
    return this.#plugins.find((plugin) => plugin.name === name);
  }

  /** The last one so far. */
  add(plugin: RunningPlugin): void {
    plugin.order = (this.#plugins.at(-1)?.order ?? -1) + 1;
    this.#plugins = [...this.#plugins, plugin];
  }

  /** `plugin` takes the place of the one of its name. `names` are those of all plugins in load order: they say where a new one belongs. */
  put(plugin: RunningPlugin, names: readonly string[]): void {
    plugin.order = this.orderOf(plugin.name, names);
    const others = this.#plugins.filter(({ name }) => name !== plugin.name);
    this.#plugins = [...others, plugin].sort((a, b) => a.order - b.order);
  }

  /** Its own place, or one between its neighbours in `names`. */
  orderOf(name: string, names: readonly string[]): number {
    const present = this.find(name);
    if (present !== undefined) return present.order;
    const before = names.slice(0, Math.max(0, names.indexOf(name)));
    const at = this.#plugins.findLastIndex((other) => before.includes(other.name));
    const previous = this.#plugins[at]?.order;
    const next = this.#plugins[at + 1]?.order;
    if (previous === undefined) return (next ?? 1) - 1;
    return next === undefined ? previous + 1 : (previous + next) / 2;
  }

  remove(plugin: RunningPlugin): void {
    this.#plugins = this.#plugins.filter((other) => other !== plugin);
  }

  /** Empties the list; answers what was in it, the last one first. */
  takeAll(): readonly RunningPlugin[] {
    const all = [...this.#plugins].reverse();
    this.#plugins = [];
    return all;
  }
}
