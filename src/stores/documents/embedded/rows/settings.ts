import { kerror } from "../../../../kernel/index.ts";
import type { Settings } from "../../document-store.ts";
import { settingOf } from "../../mapping/setting-of.ts";
import { isTooDeep, maxDepth } from "./depth.ts";
import { mergeInto } from "./merge.ts";
import { refuseMisspelt } from "./setting-names.ts";

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
 * The stored settings with changes over them.
 * Error: `services.storage.unexpected_bad_request` for a setting that is fixed at creation, and for one whose name is misspelt.
 */
export function mergeSettings(stored: Settings, changes: Settings): Settings {
  refuseMisspelt(changes);
  const shards = settingOf(changes, "number_of_shards");
  if (shards !== undefined && String(shards) !== String(settingOf(stored, "number_of_shards") ?? shards)) {
    throw kerror(
      "services.storage.unexpected_bad_request",
      'The setting "number_of_shards" cannot change once the collection exists.',
    );
  }
  if (isTooDeep(changes)) {
    throw kerror("services.storage.unexpected_bad_request", `Settings may be nested ${maxDepth} levels deep at most.`);
  }
  return mergeInto(structuredClone(stored), structuredClone(changes));
}
