import type { PluginDefinition } from "../definition.ts";
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

  /** Those of the given names that are here, in the order of the names. */
  definitions(names: readonly string[]): readonly PluginDefinition[] {
    return names.flatMap((name) => this.find(name)?.definition ?? []);
  }

  /** The last one so far. */
  add(plugin: RunningPlugin): void {
    plugin.order = this.#plugins.length;
    this.#plugins = [...this.#plugins, plugin];
  }

  /** Puts plugins into the order of their names; those that are not named, as the application, come last. Answers those whose place is another now. */
  arrange(names: readonly string[]): readonly RunningPlugin[] {
    const named = names.flatMap((name) => this.find(name) ?? []);
    const others = this.#plugins.filter((plugin) => !named.includes(plugin));
    this.#plugins = [...named, ...others];
    const moved = this.#plugins.filter((plugin, i) => plugin.order !== i);
    for (const [i, plugin] of this.#plugins.entries()) plugin.order = i;
    return moved;
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
