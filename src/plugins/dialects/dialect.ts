import type { JSONObject, Logger } from "../../kernel/index.ts";
import type { Granted } from "../capabilities/capabilities.ts";
import type {
  Generation,
  ManifestFacts,
  PluginContributions,
  PluginDefinition,
  PluginLimits,
  PluginOrigin,
} from "../definition.ts";
import type { PluginHostDeps } from "../deps.ts";
import type { PackageFacts } from "../discovery/package-facts.ts";
import type { OrderWishes } from "../ordering/order-wishes.ts";
import type { PluginCall } from "../realm/current-call.ts";
import type { ServerFacade } from "../realm/server-facade.ts";
import type { EmbeddedSdkDeps } from "../sdk/funnel-protocol.ts";
import type { PluginStorage } from "../storage/plugin-storage.ts";
import type { FirstGeneration } from "./v0/first-generation.ts";

/** A plugin that was found and made, before its generation's dialect gives it the common form. */
export interface PluginSource {
  readonly name: string;
  readonly version: string | undefined;
  readonly generation: Generation;
  readonly variant?: string;
  readonly because: string;
  /** True: the generation was taken for want of any sign, and what `init` adds may still show another. */
  readonly isGuess?: boolean;
  readonly origin: PluginOrigin;
  readonly manifest: ManifestFacts;
  readonly instance: object;
  /** Its files; absent for what was given in code. */
  readonly package?: PackageFacts;
  readonly order: OrderWishes;
  /** Undefined: it may do everything. */
  readonly capabilities: Granted | undefined;
  /** The plugin's own copy. */
  readonly config: JSONObject;
}

/** What the host gives to the dialect for one plugin. */
export interface PluginScope {
  /** What of the server the plugin may reach: less than the host has, when its capabilities say so. */
  readonly deps: PluginHostDeps;
  /** Every call into the plugin goes through `callPlugin` with this. */
  readonly call: PluginCall;
  readonly log: Logger;
  readonly limits: PluginLimits;
  readonly sdk: EmbeddedSdkDeps;
  /** The plugin's private index. */
  readonly storage: PluginStorage;
  readonly facade: ServerFacade;
  /** What the plugins of the first generation share. */
  readonly first: FirstGeneration;
  /** Frozen copies, shared by all plugins. */
  readonly hostConfig: Readonly<JSONObject>;
  readonly secrets: Readonly<JSONObject>;
}

/** Whose listeners are read, and where it is said what is wrong with them. */
export interface ListeningPlugin {
  readonly call: Pick<PluginCall, "plugin">;
  readonly log: Logger;
}

/** What of a definition is the same in every dialect. */
export function commonFacts(
  { name, version, generation, because, origin, manifest, instance, order, capabilities }: PluginSource,
  { limits }: PluginScope,
) {
  return { name, version, generation, because, origin, manifest, instance, order, capabilities, limits };
}

export interface Dialect {
  readonly generation: Generation;
  /** Errors: what of the plugin's shape can be refused before its `init`. */
  define(source: PluginSource, scope: PluginScope): PluginDefinition;
  /** What an instance brings, read as this generation has it. */
  read(source: PluginSource, scope: PluginScope): PluginContributions;
}
