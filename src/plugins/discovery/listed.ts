import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isPlainObject, type JSONObject, kerror, kerrorFrom } from "../../kernel/index.ts";
import type { PluginHostDeps } from "../deps.ts";
import type { Found } from "./discover.ts";
import { enabledPackage, includedPackage } from "./enabled.ts";
import { merge } from "./former-config.ts";
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

/**
 * The packages of `config/customPlugins.json` and `config/defaultPlugins.json`, in the order of their names there. Nothing is fetched.
 * Errors: `plugin.assert.cannot_load` for a list that is no map of plugins, and for a package that is not there, with the command that installs it.
 * Source: contract/plugins/v0.md section 2.
 */
export function listedPackages(deps: PluginHostDeps): Listed {
  const entries = [...readLists(deps.root).values(), ...configured(deps)];
  const ofBuiltIn = new Map<string, JSONObject>();
  const packages = entries.flatMap((entry) => find(entry, deps, ofBuiltIn));
  return { packages, ofBuiltIn };
}

export interface Listed {
  readonly packages: readonly Found[];
  /** What the lists say of plugins that are part of the server. */
  readonly ofBuiltIn: ReadonlyMap<string, JSONObject>;
}

/** The last releases of the first generation had their list in the configuration: `plugins.<name>` says how to install it, and `activated`. */
function configured({ config }: PluginHostDeps): Entry[] {
  const { plugins } = config;
  if (!isPlainObject(plugins)) return [];
  return Object.entries(plugins).flatMap(([name, content]) => {
    if (!isPlainObject(content) || content.activated !== true) return [];
    if (![content.path, content.npmVersion, content.gitUrl].some((place) => typeof place === "string")) return [];
    const { path, npmVersion, gitUrl, activated } = content;
    const list = `plugins.${name} of the configuration`;
    return [{ name, list, content: { path, npmVersion, gitUrl, activated }, activatedByDefault: true }];
  });
}

function readLists(root: string): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const list of lists) {
    const file = join(root, list);
    for (const [key, content] of Object.entries(existsSync(file) ? readList(file) : {})) {
      if (!isPlainObject(content)) throw kerror("plugin.assert.cannot_load", key, `${file} must give it an object.`);
      const name = typeof content.name === "string" ? content.name : key;
      const weak = entries.get(name);
      const isDefault = list === lists[0];
      entries.set(name, {
        name,
        list,
        content: merge(weak?.content ?? {}, content),
        activatedByDefault: isDefault ? content.activated : weak?.activatedByDefault,
      });
    }
  }
  return entries;
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
  if (activated === false) {
    log.info("plugin.not_activated", { plugin: name, because: `${list} says so` });
    return [];
  }
  const facts =
    typeof content.path === "string"
      ? atPath(name, resolve(root, content.path))
      : (installed(root, name) ?? renamed(enabledPackage(root, name), name));
  if (facts === undefined && (bundled.has(name) || builtIn.has(name))) {
    ofBuiltIn.set(name, content);
    log.info("plugin.built_in", { plugin: name, because: `${list} names it, and what it does is part of the server` });
    return [];
  }
  if (facts === undefined) throw kerror("plugin.assert.cannot_load", name, missing(entry, root));
  if (activated === undefined)
    log.info("plugin.activated", { plugin: name, because: `${list} does not say otherwise` });
  return [{ kind: "package", name, facts, origin: { kind: "listed", path: facts.path, list, entry: content } }];
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
  const { path, url, version, gitUrl, npmVersion } = content;
  if (typeof path === "string") return `${list} says that it is at ${resolve(root, path)}, and nothing is there.`;
  const id =
    url ?? gitUrl ?? (version === undefined && npmVersion === undefined ? name : `${name}@${version ?? npmVersion}`);
  return `${list} names it, but it is not installed in ${root}. Run: npm install ${id}`;
}
