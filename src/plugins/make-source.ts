import { type JSONObject, KuzzleError, kerror, kerrorFrom, type Logger } from "../kernel/index.ts";
import { nativePluginOf } from "./authoring/native-plugin.ts";
import { readCapabilities } from "./capabilities/declared-capabilities.ts";
import { type Declarations, declarationsIn, declarationsOf, manifestOf } from "./declarations.ts";
import type { Generation, ManifestFacts, PluginOrigin } from "./definition.ts";
import type { PluginHostDeps } from "./deps.ts";
import type { PluginSource } from "./dialects/dialect.ts";
import type { Found } from "./discovery/discover.ts";
import { formerConfig, merge } from "./discovery/former-config.ts";
import { type Detected, generationOnDisk } from "./discovery/generation.ts";
import { generationOfInstance, isLaterThanFirst } from "./discovery/instance-signs.ts";
import { manifestFacts, type PackageFacts } from "./discovery/package-facts.ts";
import { generationOfSource } from "./discovery/source-signs.ts";
import { Inflector } from "./kuzzle/inflector.ts";
import { loadPackage, mainFile } from "./loading/load-package.ts";
import { registerPluginRoot } from "./loading/plugin-roots.ts";
import { installResolution } from "./loading/resolution.ts";
import { readOrder } from "./ordering/order-wishes.ts";
import { callPlugin, type PluginCall } from "./realm/current-call.ts";

/**
 * Runs the code of what was found and makes its instance, in the name of the plugin; then decides on its generation.
 * Errors: `plugin.runtime.unexpected_error` for what its code throws, `plugin.assert.not_a_constructor`, `plugin.assert.init_not_found`.
 */
export async function makeSource(found: Found, call: PluginCall, deps: PluginHostDeps): Promise<PluginSource> {
  switch (found.kind) {
    case "used": {
      const { instance, manifest } = found.plugin;
      const source = sourceOf(found.name, instance, { kind: "used" }, { ...manifest, ...manifestOf(instance) }, deps);
      return { ...source, ...needsOf(found.name, declarationsOf(found)) };
    }
    case "bundled": {
      const instance = await callPlugin(call, found.create);
      const source = sourceOf(found.name, instance, { kind: "bundled" }, manifestOf(instance), deps);
      const { entry } = found;
      // Stronger than the configuration, which has defaults of today for all its options.
      return entry === undefined
        ? source
        : { ...source, config: merge(source.config, formerConfig({}, undefined, entry)) };
    }
    case "package":
      return fromPackage(found, call, deps);
  }
}

const madeByUs = "it was made by definePlugin";

/** Errors: `plugin.order.invalid_declaration`, `plugin.capability.invalid_declaration`. */
const needsOf = (name: string, declarations: Declarations): Pick<PluginSource, "order" | "capabilities"> => ({
  order: readOrder(name, declarations),
  capabilities: readCapabilities(name, declarations),
});

/** A plugin that was given as an object. Errors: `plugin.manifest.invalid_privileged`. */
export function sourceOf(
  name: string,
  instance: object,
  origin: PluginOrigin,
  manifest: JSONObject,
  deps: PluginHostDeps,
): PluginSource {
  const native = nativePluginOf(instance) !== undefined;
  const { version } = instance as { version?: unknown };
  return {
    name,
    version: typeof version === "string" ? version : undefined,
    generation: native ? "tenon" : "v2",
    because: native ? madeByUs : origin.kind === "bundled" ? "it is part of the server" : "it was given in code",
    origin,
    manifest: manifestFacts(name, manifest, ""),
    instance,
    ...needsOf(name, declarationsIn(instance)),
    config: ownConfig(name, deps),
  };
}

async function fromPackage(
  found: Extract<Found, { kind: "package" }>,
  call: PluginCall,
  deps: PluginHostDeps,
): Promise<PluginSource> {
  const { facts, origin } = found;
  const { name, realPath, path } = facts;
  if (name === "kuzzle-plugin-cluster") {
    throw kerror("plugin.assert.cannot_load", name, "clustering is part of this server. Remove the plugin.");
  }
  const onDisk =
    chosenGeneration(name, deps) ?? (await generationOnDisk(facts, deps.version)) ?? listedGeneration(facts, origin);
  installResolution();
  registerPluginRoot(realPath, [path, deps.root]);
  const instance = await instanceOf(facts, call);
  const manifest: ManifestFacts = manifestFacts(name, { ...manifestOf(instance), ...facts.manifest }, realPath);
  const detected: Detected =
    nativePluginOf(instance) !== undefined
      ? { generation: "tenon", because: madeByUs }
      : decide(onDisk, instance, facts, origin);
  if (facts.manifest !== undefined) warnOfManifest(manifest, deps.log);
  const { version } = instance as { version?: unknown };
  return {
    name,
    version: typeof version === "string" ? version : facts.version,
    ...detected,
    origin,
    manifest,
    instance,
    package: facts,
    ...needsOf(name, [...declarationsOf(found), ...declarationsIn(instance)]),
    config: packageConfig(facts, origin, detected, deps),
  };
}

function warnOfManifest({ name, kuzzleVersion }: ManifestFacts, log: Logger): void {
  if (kuzzleVersion === undefined) {
    log.warn("plugin.manifest_without_version", { plugin: name, hint: 'manifest.json should have "kuzzleVersion"' });
  }
  const kebab = Inflector.kebabCase(name);
  if (name !== kebab)
    log.warn("plugin.name_not_kebab_case", { plugin: name, hint: `manifest.json should say "${kebab}"` });
}

/** The files decide where they are clear, then the instance, then the text of its code. */
function decide(onDisk: Detected | undefined, instance: object, facts: PackageFacts, origin: PluginOrigin): Detected {
  const hasManifest = facts.manifest !== undefined;
  const shown = generationOfInstance(instance);
  if (onDisk !== undefined && onDisk.isFirm !== false) {
    // Of another generation, its letter says nothing here.
    const variant = onDisk.variant ?? (shown?.generation === onDisk.generation ? shown.variant : undefined);
    return variant === undefined ? onDisk : { ...onDisk, variant };
  }
  if (shown !== undefined && !(hasManifest && shown.generation === "v0")) return shown;
  if (onDisk?.generation === "v0" && isLaterThanFirst(instance)) {
    return {
      generation: "v1",
      variant: "a",
      because: `${onDisk.because}, and its members are those of a later release`,
    };
  }
  return (
    onDisk ?? generationOfSource(mainFile(facts.realPath, facts.packageJson), hasManifest) ?? byDefault(facts, origin)
  );
}

/** Lists of plugins went with the first generation, and with the first release of the next. */
function listedGeneration({ manifest }: PackageFacts, origin: PluginOrigin): Detected | undefined {
  if (origin.kind !== "listed" || manifest !== undefined) return undefined;
  return { generation: "v0", because: `${origin.list} lists it`, isFirm: false };
}

function byDefault({ manifest }: PackageFacts, origin: PluginOrigin): Detected {
  if (manifest !== undefined || origin.kind === "included") {
    return { generation: "v2", because: "nothing speaks against it", isGuess: true };
  }
  return {
    generation: "v1",
    variant: "e",
    because: "it has no manifest.json, and nothing in it says otherwise",
    isGuess: true,
  };
}

const generations: readonly Generation[] = ["v0", "v1", "v2", "tenon"];

/** `plugins.<name>._dialect`: the operator knows better. A sub-dialect may follow a dot. */
function chosenGeneration(name: string, { configOf }: PluginHostDeps): Detected | undefined {
  const chosen = configOf(name)?._dialect;
  if (typeof chosen !== "string") return undefined;
  const [named, variant] = chosen.split(".");
  const generation = generations.find((known) => known === named);
  if (generation === undefined) {
    throw kerror(
      "plugin.assert.cannot_load",
      name,
      `plugins.${name}._dialect is "${chosen}"; known are ${generations.join(", ")}.`,
    );
  }
  const because = `plugins.${name}._dialect says so`;
  return variant === undefined ? { generation, because } : { generation, variant, because };
}

/** The operator says that it is of a release that started without a plugin which could not be loaded. */
export const mayFailToLoad = (name: string, { configOf }: PluginHostDeps): boolean =>
  /^v1\.[ab]$/.test(String(configOf(name)?._dialect));

async function instanceOf(facts: PackageFacts, call: PluginCall): Promise<object> {
  const { name, path } = facts;
  let exported: unknown;
  try {
    exported = await callPlugin(call, loadPackage, facts);
    if (nativePluginOf(exported) !== undefined) return exported as object;
    if (typeof exported !== "function") throw kerror("plugin.assert.not_a_constructor", name);
    return callPlugin(call, make, exported as new () => object);
  } catch (error) {
    if (error instanceof KuzzleError) throw error;
    if (error instanceof TypeError && / is not a constructor$/.test(error.message) && isNoConstructor(exported)) {
      throw kerrorFrom(error, "plugin.assert.not_a_constructor", name);
    }
    const message = error instanceof Error ? error.message : String(error);
    throw kerrorFrom(error, "plugin.runtime.unexpected_error", `[${name}] Loading ${path} failed: ${message}`);
  }
}

const make = (Exported: new () => object): object => new Exported();

/** Arrow functions and methods. */
const isNoConstructor = (exported: unknown): boolean =>
  typeof exported === "function" && !Object.hasOwn(exported, "prototype");

function packageConfig(
  { name, pluginInfo }: PackageFacts,
  origin: PluginOrigin,
  { generation, variant }: Detected,
  deps: PluginHostDeps,
): JSONObject {
  const own = ownConfig(name, deps);
  const isListed = origin.kind === "listed";
  const bringsDefaults = generation === "v0" || (generation === "v1" && variant === "a");
  return bringsDefaults || isListed ? formerConfig(own, pluginInfo, isListed ? origin.entry : {}) : own;
}

/** Without what is said to the host alone: a plugin's schema may refuse what it does not know. */
function ownConfig(name: string, { configOf }: PluginHostDeps): JSONObject {
  const config = configOf(name);
  if (config === undefined) return {};
  const { onFailure: _, ...own } = config;
  return structuredClone(own);
}
