import { KuzzleError } from "../../kernel/index.ts";
import type { PluginDefinition } from "../definition.ts";
import { checkVersions } from "../ordering/check-versions.ts";
import type { OrderWishes } from "../ordering/order-wishes.ts";
import { sortPlugins } from "../ordering/sort-plugins.ts";

const noWishes: OrderWishes = { dependsOn: new Map(), before: [], after: [], priority: 0 };

/** Why a plugin could not stand among the others: what it depends on is missing or of another version, or it is part of a circle. */
export async function findOrderFault(
  plugin: PluginDefinition,
  others: readonly PluginDefinition[],
): Promise<Error | undefined> {
  // What is wrong with the wishes of the others is theirs.
  const wishless = others.map(({ name, version }) => ({ name, version, order: noWishes }));
  try {
    sortPlugins([plugin, ...wishless]);
    await checkVersions([plugin, ...wishless]);
  } catch (error) {
    return error as Error; // both throw errors of the catalogue
  }
  return findCycle(plugin, others);
}

function findCycle(plugin: PluginDefinition, others: readonly PluginDefinition[]): Error | undefined {
  try {
    sortPlugins([plugin, ...others]);
    return undefined;
  } catch (error) {
    const isCycle = error instanceof KuzzleError && error.id === "plugin.order.cycle";
    return isCycle && error.message.includes(plugin.name) ? error : undefined;
  }
}
