import { isDeeper, isPlainObject, type JSONObject, kerror } from "../../../../kernel/index.ts";
import { maxDepth } from "../../depth.ts";
import type { Settings } from "../../document-store.ts";
import { settingOf } from "../../mapping/setting-of.ts";
import { mergeInto } from "./merge.ts";
import { refuseMisspelt } from "./setting-names.ts";
import { settingTree, withoutUnset } from "./setting-tree.ts";

export function isWriteBlocked(settings: Settings): boolean {
  return isTrue(settingOf(settings, "blocks.write")) || isTrue(settingOf(settings, "blocks.read_only"));
}

const isTrue = (value: unknown): boolean => value === true || value === "true";

/** Largest `from + size` of a search; 10 000 unless the collection says otherwise. */
export function maxResultWindow(settings: Settings): number {
  const configured = Number(settingOf(settings, "max_result_window"));
  return Number.isInteger(configured) && configured > 0 ? configured : 10_000;
}

/**
 * The stored settings with changes over them; null takes a setting away.
 * Error: `services.storage.unexpected_bad_request` for a setting that is fixed at creation or out of its bounds, and for one whose name is misspelt.
 */
export function mergeSettings(stored: Settings, changes: Settings): Settings {
  refuseMisspelt(changes);
  assertCount(changes, "number_of_shards", 1, 1_024);
  assertCount(changes, "number_of_replicas", 0, maxCount);
  assertCount(changes, "max_result_window", 1, maxCount);
  const shards = settingOf(changes, "number_of_shards");
  if (shards !== undefined && String(shards) !== String(settingOf(stored, "number_of_shards") ?? shards)) {
    throw kerror(
      "services.storage.unexpected_bad_request",
      'The setting "number_of_shards" cannot change once the collection exists.',
    );
  }
  if (isDeeper(changes, maxDepth) || hasLongName(changes)) {
    throw kerror("services.storage.unexpected_bad_request", `Settings may be nested ${maxDepth} levels deep at most.`);
  }
  return withoutUnset(mergeInto(settingTree(stored), settingTree(structuredClone(changes))));
}

const hasLongName = (settings: JSONObject): boolean =>
  Object.entries(settings).some(
    ([name, value]) => name.split(".", maxDepth).length === maxDepth || (isPlainObject(value) && hasLongName(value)),
  );

const maxCount = 2 ** 31 - 1;

/** Also of settings that nothing here depends on: a cluster that is given them later refuses them. */
function assertCount(settings: Settings, name: string, min: number, max: number): void {
  const value = settingOf(settings, name);
  if (value === undefined || value === null) return;
  const count = typeof value === "number" || typeof value === "string" ? Number(value) : Number.NaN;
  if (Number.isInteger(count) && count >= min && count <= max && value !== "") return;
  throw kerror(
    "services.storage.unexpected_bad_request",
    `The setting "${name}" must be a whole number from ${min} to ${max}.`,
  );
}
