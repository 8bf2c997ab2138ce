import { type JSONObject, kerror, type Logger } from "../../kernel/index.ts";
import type { PluginOrigin } from "../definition.ts";
import type { PluginHostDeps } from "../deps.ts";
import { isProxyProtocol } from "../protocols/proxy-sign.ts";
import { availablePackages, enabledPackages, includedPackage, type OnUnreadable } from "./enabled.ts";
import { listedPackages } from "./listed.ts";
import type { PackageFacts } from "./package-facts.ts";
import type { UsedPlugin } from "./used-plugin.ts";

/** One plugin that was found, before its code runs. */
export type Found =
  | { readonly kind: "used"; readonly name: string; readonly plugin: UsedPlugin }
  | {
      readonly kind: "bundled";
      readonly name: string;
      readonly create: () => object;
      /** What a list of the first generation says of it. */
      readonly entry?: JSONObject;
    }
  | {
      readonly kind: "package";
      readonly name: string;
      readonly facts: PackageFacts;
      readonly origin: PluginOrigin;
      /** False: a list of the first generation has it, and says that it does not run. It is made, and no more. */
      readonly isActivated?: boolean;
    };

/** The only plugin that runs in failsafe mode: without it nobody could log in. */
const failsafePlugin = "kuzzle-plugin-auth-passport-local";

/**
 * Finds all plugins, in load order: given in code, included by configuration, then `plugins/enabled`, then the
 * lists of the first generation in `config/`. An enabled or listed package takes the place of a
 * bundled plugin of its name; `plugins.<name>.activated: false` leaves a plugin out.
 * Errors: `plugin.assert.name_already_exists` naming both places, `plugin.assert.cannot_load` for an included package that is not installed,
 * and those of reading packages, unless `onUnreadable` takes note of these.
 * Source: contract/plugins/generations.md section 2.
 */
export function discover(deps: PluginHostDeps, onUnreadable?: OnUnreadable): Found[] {
  const { root, common, log } = deps;
  if (common.failsafeMode) {
    const create = deps.bundled.get(failsafePlugin);
    log.warn("plugin.failsafe_mode", { loads: failsafePlugin });
    return create === undefined ? [] : [{ kind: "bundled", name: failsafePlugin, create }];
  }
  const { packages: listed, ofBuiltIn } = listedPackages(deps);
  const listedFolders = new Set(listed.map((one) => (one.kind === "package" ? one.facts.realPath : undefined)));
  const linked = enabledPackages(root, deps.packages, onUnreadable);
  const enabled = [...linked, ...availablePackages(root, deps.alsoEnabled, linked)]
    .filter((facts) => !isProxyProtocol(facts)) // loaded with the protocols
    .filter(({ realPath }) => !listedFolders.has(realPath)) // what the list says of it counts
    .map(
      (facts): Found => ({
        kind: "package",
        name: facts.name,
        facts,
        origin: { kind: "enabled", path: facts.path, realPath: facts.realPath },
      }),
    );
  const running = listed.filter((found) => found.kind !== "package" || found.isActivated !== false);
  const enabledNames = new Set([...enabled, ...running].map(({ name }) => name));
  const used = deps.used.map((plugin): Found => ({ kind: "used", name: plugin.name, plugin }));
  const included = [...new Set(common.include)].flatMap((name) => findIncluded(name, deps, enabledNames, ofBuiltIn));
  const active = [...used, ...included, ...enabled, ...running].filter(({ name }) => mayRun(name, deps, log));
  checkNames(active);
  return [...active, ...listed.filter((found) => !running.includes(found))];
}

function mayRun(name: string, deps: PluginHostDeps, log: Logger): boolean {
  if (deps.configOf(name)?.activated !== false) return true;
  log.info("plugin.not_activated", { plugin: name, because: `plugins.${name}.activated is false` });
  return false;
}

function findIncluded(
  name: string,
  { root, bundled, log }: PluginHostDeps,
  enabledNames: ReadonlySet<string>,
  ofBuiltIn: ReadonlyMap<string, JSONObject>,
): Found[] {
  const create = bundled.get(name);
  if (create !== undefined) {
    const entry = ofBuiltIn.get(name);
    if (!enabledNames.has(name)) return [{ kind: "bundled", name, create, ...(entry === undefined ? {} : { entry }) }];
    log.info("plugin.bundled_replaced", { plugin: name, by: "an installed package" });
    return [];
  }
  const facts = includedPackage(root, name);
  if (facts === undefined) {
    const why = `plugins.common.include names it, but it is not installed in ${root}. Run: npm install ${name}`;
    throw kerror("plugin.assert.cannot_load", name, why);
  }
  return [{ kind: "package", name, facts, origin: { kind: "included", path: facts.realPath } }];
}

function checkNames(found: readonly Found[]): void {
  const places = new Map<string, string>();
  for (const one of found) {
    const place = placeOf(one);
    const key = one.name.toLowerCase(); // names that differ in case only were one name to the releases that compared them
    const other = places.get(key);
    if (other !== undefined) {
      throw kerror(
        "plugin.assert.name_already_exists",
        one.name,
        `${other} and ${place}. Remove or rename one of them.`,
      );
    }
    places.set(key, place);
  }
}

function placeOf(found: Found): string {
  switch (found.kind) {
    case "used":
      return "given in code (app.plugin.use)";
    case "bundled":
      return "bundled with the server";
    case "package":
      return found.facts.path;
  }
}
