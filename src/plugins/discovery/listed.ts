import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isPlainObject, type JSONObject, kerror, kerrorFrom, type Logger } from "../../kernel/index.ts";
import type { PluginHostDeps } from "../deps.ts";
import type { Found } from "./discover.ts";
import { enabledPackage, includedPackage } from "./enabled.ts";
import { isFormerSection, merge } from "./former-config.ts";
import { type PackageFacts, readPackage } from "./package-facts.ts";

/** The lists of the first generation, from weak to strong. */
const lists = ["config/defaultPlugins.json", "config/customPlugins.json"] as const;

/** They came with the server: what they did is part of it. */
const builtIn: ReadonlySet<string> = new Set([
  "kuzzle-plugin-auth-passport-local",
  "kuzzle-plugin-logger",
  "kuzzle-plugin-mqtt",
  "kuzzle-plugin-socketio",
  "kuzzle-plugin-websocket",
]);

interface Entry {
  readonly name: string;
  readonly list: string;
  readonly content: JSONObject;
  readonly activatedByDefault: unknown;
}

export interface Listed {
  readonly packages: readonly Found[];
  /** What the lists say of plugins that are part of the server. */
  readonly ofBuiltIn: ReadonlyMap<string, JSONObject>;
}

/**
 * The packages of `config/customPlugins.json` and `config/defaultPlugins.json`, and of the configuration where later releases had their lists, in the
 * order of their names there. Nothing is fetched.
 * Errors: `plugin.assert.cannot_load` for a list that is no map of plugins, for an entry that does not say where the package is, and for a package
 * that is not there, with the command that installs it.
 * Source: contract/plugins/v0.md section 2.
 */
export function listedPackages(deps: PluginHostDeps): Listed {
  const entries = new Map<string, Entry>();
  const add = (entry: Entry): void => {
    const { name, content, activatedByDefault } = entry;
    const weak = entries.get(name);
    const merged = merge(weak?.content ?? {}, content);
    const byDefault = activatedByDefault ?? weak?.activatedByDefault;
    entries.set(name, { ...entry, content: merged, activatedByDefault: byDefault });
  };
  for (const entry of [...managed(deps), ...readLists(deps.root), ...configured(deps)]) add(entry);
  const ofBuiltIn = new Map<string, JSONObject>();
  const packages = [...entries.values()].flatMap((entry) => find(entry, deps, ofBuiltIn));
  return { packages, ofBuiltIn };
}

/** RC2 to RC4: `pluginsManager.defaultPlugins` of the configuration. */
function managed({ config }: PluginHostDeps): Entry[] {
  const { pluginsManager } = config;
  const list = "pluginsManager.defaultPlugins of the configuration";
  const plugins = isPlainObject(pluginsManager) ? pluginsManager.defaultPlugins : undefined;
  if (!isPlainObject(plugins)) return [];
  return Object.entries(plugins).map(([name, content]) => {
    if (!isPlainObject(content)) throw kerror("plugin.assert.cannot_load", name, `${list} must give it an object.`);
    return { name, list, content: places(content), activatedByDefault: content.activated };
  });
}

/**
 * RC5 to RC8: `plugins.<name>` of the configuration. Options of other plugins may have a `path` or a `version`, too: those count where `activated` says
 * that the section is an entry of that list.
 */
function configured({ config }: PluginHostDeps): Entry[] {
  const { plugins } = config;
  if (!isPlainObject(plugins)) return [];
  return Object.entries(plugins).flatMap(([name, content]) => {
    if (!isPlainObject(content) || !isFormerSection(content)) return [];
    const list = `plugins.${name} of the configuration`;
    // Its options are read with the rest of the section.
    const { config: _, ...place } = places(content);
    return [{ name, list, content: place, activatedByDefault: undefined }];
  });
}

/** Under the names that the lists in `config/` use. */
function places({ path, version, npmVersion, url, gitUrl, activated, config }: JSONObject): JSONObject {
  return { path, version: npmVersion ?? version, url: gitUrl ?? url, activated, config };
}

function readLists(root: string): Entry[] {
  return lists.flatMap((list) => {
    const file = join(root, list);
    return Object.entries(existsSync(file) ? readList(file) : {}).map(([key, content]) => {
      if (!isPlainObject(content)) throw kerror("plugin.assert.cannot_load", key, `${file} must give it an object.`);
      const name = typeof content.name === "string" ? content.name : key;
      const activatedByDefault = list === lists[0] ? content.activated : undefined;
      return { name, list, content, activatedByDefault };
    });
  });
}

function readList(file: string): JSONObject {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw kerrorFrom(error, "plugin.manifest.cannot_load", file, error);
  }
  if (!isPlainObject(content)) throw kerror("plugin.manifest.cannot_load", file, "it must map names to plugins");
  return content;
}

function find(entry: Entry, { root, bundled, log }: PluginHostDeps, ofBuiltIn: Map<string, JSONObject>): Found[] {
  const { name, list, content, activatedByDefault } = entry;
  const activated = content.activated ?? activatedByDefault;
  const isOurs = bundled.has(name) || builtIn.has(name);
  const isPlaced = [content.path, content.url, content.version].some((place) => typeof place === "string");
  if (!isPlaced && !isOurs) {
    const why = `${list} does not say where it is: give it a "path", a "url" or a "version".`;
    throw kerror("plugin.assert.cannot_load", name, why);
  }
  const facts =
    typeof content.path === "string"
      ? atPath(name, resolve(root, content.path))
      : (installed(root, name) ?? renamed(enabledPackage(root, name), name));
  if (activated === false) {
    log.info("plugin.not_activated", { plugin: name, because: `${list} says so` });
    if (facts === undefined) return [];
  } else if (facts === undefined && isOurs) {
    ofBuiltIn.set(name, content);
    log.info("plugin.built_in", { plugin: name, because: `${list} names it, and what it does is part of the server` });
    notePort(name, content, log);
    return [];
  }
  if (facts === undefined) throw kerror("plugin.assert.cannot_load", name, missing(entry, root));
  if (activated === undefined)
    log.info("plugin.activated", { plugin: name, because: `${list} does not say otherwise` });
  const isActivated = activated !== false;
  return [
    { kind: "package", name, facts, origin: { kind: "listed", path: facts.path, list, entry: content }, isActivated },
  ];
}

/** Protocols had a port each. */
function notePort(name: string, content: JSONObject, log: Logger): void {
  const { port } = merge(merge({}, content.defaultConfig), merge(merge({}, content.config), content.customConfig));
  if (port === undefined) return;
  const hint = "Clients of this protocol find it on server.port, MQTT on server.protocols.mqtt.server.port.";
  log.warn("plugin.port_not_used", { plugin: name, port, hint });
}

const installed = (root: string, name: string): PackageFacts | undefined => renamed(includedPackage(root, name), name);

/** The list gives the name, whatever the package calls itself. */
const renamed = (facts: PackageFacts | undefined, name: string): PackageFacts | undefined =>
  facts === undefined ? undefined : { ...facts, name };

function atPath(name: string, path: string): PackageFacts | undefined {
  if (!existsSync(path)) return undefined;
  const realPath = realpathSync(path);
  if (statSync(realPath).isFile()) {
    const packageJson = { main: realPath.slice(dirname(realPath).length + 1) };
    return { ...withoutFiles(path, dirname(realPath), name), packageJson };
  }
  const hasFiles = ["manifest.json", "package.json"].some((file) => existsSync(join(realPath, file)));
  return hasFiles ? renamed(readPackage(path, realPath), name) : withoutFiles(path, realPath, name);
}

const withoutFiles = (path: string, realPath: string, name: string): PackageFacts => ({
  path,
  realPath,
  name,
  version: undefined,
  manifest: undefined,
  packageJson: {},
  pluginInfo: undefined,
});

function missing({ name, list, content }: Entry, root: string): string {
  const { path, url, version } = content;
  if (typeof path === "string") return `${list} says that it is at ${resolve(root, path)}, and nothing is there.`;
  const id = url ?? `${name}@${version}`;
  return `${list} names it, but it is not installed in ${root}. Run: npm install ${id}`;
}
