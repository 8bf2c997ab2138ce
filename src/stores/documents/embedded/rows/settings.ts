import { isPlainObject, type JSONObject, kerror } from "../../../../kernel/index.ts";
import type { Settings } from "../../document-store.ts";
import { isTooDeep, maxDepth } from "./depth.ts";
import { mergeInto } from "./merge.ts";

/** A setting by its name, whether it is written flat (`index.blocks.write`), nested, or under `index`. */
export function settingOf(settings: Settings, name: string): unknown {
  return lookup(settings, name) ?? lookup(settings, `index.${name}`);
}

function lookup(settings: JSONObject, path: string): unknown {
  if (Object.hasOwn(settings, path)) return settings[path];
  const dot = path.indexOf(".");
  if (dot < 0) return undefined;
  const child = Object.hasOwn(settings, path.slice(0, dot)) ? settings[path.slice(0, dot)] : undefined;
  return isPlainObject(child) ? lookup(child, path.slice(dot + 1)) : undefined;
}

export function isWriteBlocked(settings: Settings): boolean {
  return isTrue(settingOf(settings, "blocks.write")) || isTrue(settingOf(settings, "blocks.read_only"));
}

const isTrue = (value: unknown): boolean => value === true || value === "true";

/** Largest `from + size` of a search; 10 000 unless the collection says otherwise. */
export function maxResultWindow(settings: Settings): number {
  const configured = Number(settingOf(settings, "max_result_window"));
  return Number.isInteger(configured) && configured > 0 ? configured : 10_000;
}

/** The stored settings with changes over them. Error: `services.storage.unexpected_bad_request` for a setting that is fixed at creation. */
export function mergeSettings(stored: Settings, changes: Settings): Settings {
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
