import { isPlainObject, type JSONObject, KuzzleError, kerror, kerrorFrom, type Logger } from "../../kernel/index.ts";
import { loadPackage } from "../loading/load-package.ts";
import { registerPluginRoot } from "../loading/plugin-roots.ts";
import { installResolution } from "../loading/resolution.ts";
import { callPlugin, type PluginCall } from "../realm/current-call.ts";
import { kindOf, type ProtocolKind } from "./protocol-kind.ts";
import { type ProtocolPackage, protocolPackages } from "./protocol-packages.ts";
import { proxyRcOf } from "./proxy-rc.ts";

export interface ProtocolLoadingDeps {
  /** Root of the application: `protocols/enabled` is looked up here. */
  readonly root: string;
  /** The version that packages are told: `2.56.0`. */
  readonly version: string;
  readonly log: Logger;
  /** `server.protocols` of the configuration. */
  readonly config: JSONObject;
  /** `plugins.<name>` of the configuration, where the first protocols had their options. */
  readonly pluginConfigOf: (name: string) => JSONObject | undefined;
  /** Names of protocols that are part of the server: `enabled` in their options is about those. */
  readonly ownNames: ReadonlySet<string>;
  /** In whose name the code of a package runs. */
  readonly callAs: (name: string) => PluginCall;
}

/** A protocol whose instance is made and whose `init` has not run. */
export interface LoadedProtocol {
  readonly name: string;
  readonly instance: object;
  /** Of the package, as it was found. */
  readonly path: string;
  readonly kind: ProtocolKind;
  /** `server.protocols.<name>`; for those of the Proxy also by the name of the package, and with the defaults that it brings. */
  readonly config: JSONObject;
  /** Calls into its code. */
  readonly call: <A extends readonly unknown[], R>(target: (...args: A) => R, ...args: A) => R;
}

/**
 * Finds the packages in `protocols/enabled`, runs their code and makes their instances. `server.protocols.<name>.enabled: false` leaves one
 * out, unless the server has a protocol of that name itself.
 *
 * The name is the manifest's, else what the instance says (`protocol`, then `name`), else the folder's.
 * Errors, each naming the package: `plugin.manifest.*`, `plugin.assert.cannot_load`, `plugin.assert.not_a_constructor`,
 * `plugin.runtime.unexpected_error` for what its code throws.
 */
export async function loadProtocols(deps: ProtocolLoadingDeps): Promise<LoadedProtocol[]> {
  const { root, version, log } = deps;
  const loaded: LoadedProtocol[] = [];
  for (const found of await protocolPackages(root, version, log)) {
    if (isLeftOut(found.declaredName ?? found.name, deps)) continue;
    const call = deps.callAs(found.declaredName ?? found.name);
    const instance = await instanceOf(found, call, root);
    const options = optionsOf(found.declaredName ?? ownName(instance) ?? packageName(found), deps);
    const kind = kindOf(found, instance, options);
    const name = found.declaredName ?? ownName(instance) ?? (kind === "proxy" ? packageName(found) : found.name);
    if (isLeftOut(name, deps)) continue;
    if (kind === "proxy" && proxyRcOf(root, packageName(found)).isLeftOut) {
      log.info("protocol.not_enabled", {
        protocol: name,
        because: `.proxyrc says that "${packageName(found)}" is not activated`,
      });
      continue;
    }
    const { version } = found.packageJson;
    log.info("protocol.loaded", { protocol: name, version, kind, from: found.path });
    loaded.push({
      name,
      instance,
      path: found.path,
      kind,
      config: kind === "proxy" ? proxyOptions(name, found, deps) : optionsOf(name, deps),
      call: (target, ...args) => callPlugin(call, target, ...args),
    });
  }
  return loaded;
}

function optionsOf(name: string, { config }: ProtocolLoadingDeps): JSONObject {
  const options = Object.hasOwn(config, name) ? config[name] : undefined;
  return isPlainObject(options) ? options : {};
}

const packageName = ({ name, packageJson }: ProtocolPackage): string =>
  typeof packageJson.name === "string" ? packageJson.name : name;

/** The first section that is there, over what the package brings. */
function proxyOptions(name: string, found: ProtocolPackage, deps: ProtocolLoadingDeps): JSONObject {
  const plugin = packageName(found);
  const { pluginInfo } = found.packageJson;
  const defaults = isPlainObject(pluginInfo) && isPlainObject(pluginInfo.defaultConfig) ? pluginInfo.defaultConfig : {};
  const { options } = proxyRcOf(deps.root, plugin);
  const sections = [deps.config[name], deps.config[plugin], deps.pluginConfigOf(plugin), options];
  const configured = sections.find(isPlainObject);
  return { ...defaults, ...configured };
}

function isLeftOut(name: string, deps: ProtocolLoadingDeps): boolean {
  if (deps.ownNames.has(name) || optionsOf(name, deps).enabled !== false) return false;
  deps.log.info("protocol.not_enabled", { protocol: name, because: `server.protocols.${name}.enabled is false` });
  return true;
}

function ownName(instance: object): string | undefined {
  const { protocol, name } = instance as { protocol?: unknown; name?: unknown };
  return [protocol, name].find((candidate) => typeof candidate === "string" && candidate !== "") as string | undefined;
}

async function instanceOf(found: ProtocolPackage, call: PluginCall, root: string): Promise<object> {
  const { name, path, realPath } = found;
  installResolution();
  registerPluginRoot(realPath, [path, root]);
  try {
    const exported = await callPlugin(call, loadPackage, found);
    if (typeof exported !== "function" || !Object.hasOwn(exported, "prototype")) {
      throw kerror("plugin.assert.not_a_constructor", name);
    }
    return callPlugin(call, make, exported as new () => object);
  } catch (error) {
    if (error instanceof KuzzleError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw kerrorFrom(error, "plugin.runtime.unexpected_error", `[${name}] Loading ${path} failed: ${message}`);
  }
}

const make = (Exported: new () => object): object => new Exported();
