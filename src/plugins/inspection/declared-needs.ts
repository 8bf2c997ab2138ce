import { isPlainObject, type JSONObject } from "../../kernel/index.ts";
import { nativePluginOf } from "../authoring/native-plugin.ts";
import type { Found } from "../discovery/discover.ts";

/** What a plugin says of itself beside its code: in `manifest.json`, or in its description. */
export interface DeclaredNeeds {
  /** As written; undefined: it declares none, and may do everything. */
  readonly capabilities: JSONObject | undefined;
  /** Plugins that it needs, with the ranges of their versions. */
  readonly dependsOn: Readonly<Record<string, string>>;
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly priority: number | undefined;
}

/** Reads what is well written of it; the manifest, which an operator sees, counts first. */
export function declaredNeeds(found: Found, instance?: object): DeclaredNeeds {
  const places = declarations(found, instance);
  const first = <T>(read: (place: JSONObject) => T | undefined): T | undefined => {
    for (const place of places) {
      const value = read(place);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  return {
    capabilities: first(({ capabilities }) => (isPlainObject(capabilities) ? capabilities : undefined)),
    dependsOn: Object.assign({}, ...[...places].reverse().map(({ dependsOn }) => texts(dependsOn))),
    before: [...new Set(places.flatMap(({ before }) => namesIn(before)))],
    after: [...new Set(places.flatMap(({ after }) => namesIn(after)))],
    priority: first(({ priority }) => (typeof priority === "number" ? priority : undefined)),
  };
}

function declarations(found: Found, instance: object | undefined): readonly JSONObject[] {
  const manifest = found.kind === "package" ? found.facts.manifest : undefined;
  const native = nativePluginOf(instance);
  return [...(manifest === undefined ? [] : [manifest]), ...(native === undefined ? [] : [{ ...native }])];
}

const texts = (written: unknown): Record<string, string> =>
  isPlainObject(written)
    ? Object.fromEntries(
        Object.entries(written).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
      )
    : {};

const namesIn = (written: unknown): string[] =>
  Array.isArray(written) ? written.filter((name) => typeof name === "string") : [];
