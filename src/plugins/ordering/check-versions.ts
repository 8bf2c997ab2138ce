import { kerror } from "../../kernel/index.ts";
import type { Placed } from "./sort-plugins.ts";

/** A plugin with the version that it says it has. */
export interface Versioned extends Placed {
  readonly version: string | undefined;
}

/**
 * Checks that each dependency has a version that its dependents accept; all are there. A plugin without a version meets `*` only.
 * Errors: `plugin.order.version_mismatch`, and `plugin.order.invalid_declaration` for what is no range.
 */
export async function checkVersions(plugins: readonly Versioned[]): Promise<void> {
  if (plugins.every(({ order }) => order.dependsOn.size === 0)) return;
  const { default: semver } = await import("semver"); // loaded by the first that needs it: most servers start without
  const versions = new Map(plugins.map(({ name, version }) => [name, version]));
  for (const { name, order } of plugins) {
    for (const [dependency, ranges] of order.dependsOn) {
      const version = versions.get(dependency);
      for (const range of ranges) {
        if (semver.validRange(range) === null) {
          const why = `"${range}", wanted of "${dependency}", is no range of versions.`;
          throw kerror("plugin.order.invalid_declaration", name, "dependsOn", why);
        }
        const fits =
          version === undefined
            ? semver.validRange(range) === "*"
            : semver.satisfies(version, range, { includePrerelease: true });
        if (!fits) throw kerror("plugin.order.version_mismatch", name, dependency, range, version ?? "unknown");
      }
    }
  }
}
