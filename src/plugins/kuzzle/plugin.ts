import { type JSONObject, kerror } from "../../kernel/index.ts";
import { descendsFrom } from "./lineage.ts";

export interface PluginManifest {
  readonly kuzzleVersion: string;
  readonly name?: string;
  readonly privileged?: boolean;
}

/**
 * Base class of plugins of the second generation; plain classes are as good.
 * Error: `plugin.manifest.missing_version` without `kuzzleVersion`.
 */
export abstract class Plugin {
  // Set by the server or by the author in `init`; `any`-like types would leak into every subclass, so they are wide instead.
  config: JSONObject;
  context: unknown;
  readonly _manifest: PluginManifest;

  constructor(manifest: PluginManifest) {
    if (typeof manifest?.kuzzleVersion !== "string") {
      throw kerror("plugin.manifest.missing_version", this.constructor.name);
    }
    this._manifest = manifest;
    this.config = {};
    this.context = undefined;
  }

  abstract init(config: JSONObject, context: unknown): unknown;

  static [Symbol.hasInstance](candidate: unknown): boolean {
    // A copy of this very class counts, but a subclass is only itself: two plugins may have classes of one name.
    if (Function.prototype[Symbol.hasInstance].call(this, candidate)) return true;
    return this === Plugin && descendsFrom(candidate, "Plugin");
  }
}
