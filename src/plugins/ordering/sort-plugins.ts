import { didYouMean, kerror } from "../../kernel/index.ts";
import type { OrderWishes } from "./order-wishes.ts";

/** A plugin as far as its place matters. */
export interface Placed {
  readonly name: string;
  readonly order: OrderWishes;
}

/**
 * Puts plugins, given in the order in which they were found, into the order in which they are loaded and their listeners run: by priority,
 * then as found, except that each comes behind what it wants first, and draws that along with it.
 * Errors: `plugin.order.missing_dependency`, and `plugin.order.cycle` with all members of the circle.
 */
export function sortPlugins<P extends Placed>(found: readonly P[]): P[] {
  const byPriority = [...found].sort((a, b) => b.order.priority - a.order.priority);
  const first = whatComesFirst(byPriority);
  const sorted = new Set<P>();
  const path: P[] = [];
  const place = (plugin: P): void => {
    if (sorted.has(plugin)) return;
    if (path.includes(plugin)) throw kerror("plugin.order.cycle", circle(path, plugin));
    path.push(plugin);
    for (const earlier of first.get(plugin) ?? []) place(earlier);
    path.pop();
    sorted.add(plugin);
  };
  for (const plugin of byPriority) place(plugin);
  return [...sorted];
}

/** For each plugin those that come before it, in the order given. */
function whatComesFirst<P extends Placed>(plugins: readonly P[]): ReadonlyMap<P, readonly P[]> {
  const byName = new Map(plugins.map((plugin) => [plugin.name, plugin]));
  const earlier = new Map<P, Set<P>>(plugins.map((plugin) => [plugin, new Set()]));
  for (const plugin of plugins) {
    const { dependsOn, before, after } = plugin.order;
    for (const [name, ranges] of dependsOn) {
      const dependency = byName.get(name);
      if (dependency === undefined) throw missing(plugin.name, name, ranges, byName.keys());
      earlier.get(plugin)?.add(dependency);
    }
    for (const name of after) {
      const other = byName.get(name);
      if (other !== undefined) earlier.get(plugin)?.add(other);
    }
    for (const name of before) {
      const other = byName.get(name);
      if (other !== undefined) earlier.get(other)?.add(plugin);
    }
  }
  return new Map(plugins.map((plugin) => [plugin, plugins.filter((other) => earlier.get(plugin)?.has(other))]));
}

const missing = (plugin: string, name: string, ranges: readonly string[], known: Iterable<string>): Error =>
  kerror("plugin.order.missing_dependency", plugin, name, ranges.join(" and "), didYouMean(name, known));

/** `a -> b -> a` */
function circle(path: readonly Placed[], closing: Placed): string {
  const members = path.slice(path.indexOf(closing)).map(({ name }) => name);
  return [...members, closing.name].join(" -> ");
}
