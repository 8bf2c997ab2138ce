import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { isPlainObject, type JSONObject, kerror, kerrorFrom } from "../../kernel/index.ts";
import type { ManifestFacts } from "../definition.ts";

/** What the files of a package say, before any of its code runs. */
export interface PackageFacts {
  /** As it was found: for a link, the link. */
  readonly path: string;
  /** Where its files are. */
  readonly realPath: string;
  readonly name: string;
  readonly version: string | undefined;
  /** `manifest.json`, or undefined when there is none. */
  readonly manifest: JSONObject | undefined;
  /** `package.json`, empty when there is none. */
  readonly packageJson: JSONObject;
  /** Older packages keep their options in `package.json` under this key. */
  readonly pluginInfo: JSONObject | undefined;
}

/**
 * Reads `manifest.json` and `package.json` of a folder. The name is the manifest's, else that of `package.json`, else, as early releases
 * had it, that of the folder.
 * Errors: `plugin.manifest.cannot_load` for text that is no JSON, `missing_name`, `invalid_name_type`, `invalid_name`, `missing_package`.
 */
export function readPackage(path: string, realPath: string): PackageFacts {
  const manifest = readJson(join(realPath, "manifest.json"));
  const packageJson = readJson(join(realPath, "package.json"));
  const hasNoFacts = manifest === undefined && packageJson === undefined;
  if (hasNoFacts && !existsSync(join(realPath, "index.js"))) throw kerror("plugin.manifest.missing_package", path);
  const { version, pluginInfo } = packageJson ?? {};
  return {
    path,
    realPath,
    name: hasNoFacts ? basename(path) : nameOf(path, manifest, packageJson),
    version: typeof version === "string" ? version : undefined,
    manifest,
    packageJson: packageJson ?? {},
    pluginInfo: isPlainObject(pluginInfo) ? pluginInfo : undefined,
  };
}

/** Undefined when there is no such file. Error: `plugin.manifest.cannot_load`. */
export function readJson(file: string): JSONObject | undefined {
  if (!existsSync(file)) return undefined;
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw kerrorFrom(error, "plugin.manifest.cannot_load", file, error);
  }
  if (!isPlainObject(content)) throw kerror("plugin.manifest.cannot_load", file, "it must hold a JSON object");
  return content;
}

function nameOf(path: string, manifest: JSONObject | undefined, packageJson: JSONObject | undefined): string {
  if (manifest === undefined) {
    const name = packageJson?.name;
    if (typeof name !== "string" || name === "") throw kerror("plugin.manifest.missing_package_name", path);
    return name;
  }
  return manifestName(path, manifest);
}

/** Errors: `plugin.manifest.missing_name`, `invalid_name_type`, `invalid_name`. */
export function manifestName(path: string, { name }: JSONObject): string {
  if (name === undefined) throw kerror("plugin.manifest.missing_name", path);
  if (typeof name !== "string") throw kerror("plugin.manifest.invalid_name_type", path);
  if (!/^[\w-]+$/.test(name)) throw kerror("plugin.manifest.invalid_name", path);
  return name;
}

/** The members of a manifest that the host reads. Error: `plugin.manifest.invalid_privileged`. */
export function manifestFacts(name: string, manifest: Readonly<JSONObject>, path: string): ManifestFacts {
  const { kuzzleVersion, privileged, errors } = manifest;
  if (privileged !== undefined && typeof privileged !== "boolean") {
    throw kerror("plugin.manifest.invalid_privileged", name);
  }
  return {
    name,
    kuzzleVersion: typeof kuzzleVersion === "string" ? kuzzleVersion : undefined,
    privileged: privileged === true,
    errors,
    path,
  };
}
