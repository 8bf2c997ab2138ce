import { isPlainObject, type JSONObject } from "../kernel/index.ts";
import { nativePluginOf } from "./authoring/native-plugin.ts";
import type { Found } from "./discovery/discover.ts";

/** The places where a plugin says what it needs beside its code, what the operator sees first. */
export type Declarations = readonly Readonly<Record<string, unknown>>[];

/** What can be read of a plugin before its code runs: `manifest.json`, `pluginInfo` of the first generation, or the object given in code. */
export function declarationsOf(found: Found): Declarations {
  switch (found.kind) {
    case "package":
      return [found.facts.manifest, found.facts.pluginInfo].filter((place) => place !== undefined);
    case "used": {
      const { manifest, instance } = found.plugin;
      return [...(manifest === undefined ? [] : [manifest]), ...declarationsIn(instance)];
    }
    case "bundled":
      return [];
  }
}

/** What a plugin says itself: the manifest that its class gives to `Plugin`, or its description. */
export function declarationsIn(instance: object): Declarations {
  const native = nativePluginOf(instance);
  return [manifestOf(instance), native === undefined ? {} : { ...native }];
}

/** The manifest that a class gives to `Plugin`; empty for all others. */
export function manifestOf(instance: object): JSONObject {
  const { _manifest } = instance as { _manifest?: unknown };
  return isPlainObject(_manifest) ? _manifest : {};
}
