import type { OnFailure, OwnerRules } from "../../events/index.ts";
import { isPlainObject, kerror } from "../../kernel/index.ts";
import type { PluginDefinition } from "../definition.ts";
import type { PluginHostDeps } from "../deps.ts";

/** What holds for a plugin's failures: its section of the configuration, else what it says itself. Error: `plugin.assert.cannot_load`. */
export function rulesOf(
  { name, limits, onFailure }: PluginDefinition,
  { configOf }: Pick<PluginHostDeps, "configOf">,
): OwnerRules {
  const configured = configOf(name)?.onFailure;
  const written =
    configured === undefined
      ? { at: "onFailure", value: onFailure }
      : { at: `plugins.${name}.onFailure`, value: configured };
  return { onFailure: parseOnFailure(name, written.at, written.value), slowMs: limits.pipeWarnMs };
}

function parseOnFailure(plugin: string, at: string, value: unknown): OnFailure {
  if (value === undefined) return "fail";
  if (value === "fail" || value === "skip") return value;
  if (isPlainObject(value) && Object.keys(value).length === 1) {
    const { disableAfter } = value;
    if (typeof disableAfter === "number" && Number.isInteger(disableAfter) && disableAfter >= 1)
      return { disableAfter };
  }
  const why = `${at} must be "fail", "skip" or {"disableAfter": <a whole number from 1 on>}, found ${JSON.stringify(value)}.`;
  throw kerror("plugin.assert.cannot_load", plugin, why);
}
