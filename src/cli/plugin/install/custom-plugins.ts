import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isPlainObject } from "../../../kernel/index.ts";
import { Failure } from "../failure.ts";
import { readSpec, type Spec } from "./spec.ts";

export interface ListedSpec {
  readonly name: string;
  readonly spec: Spec;
}

/**
 * What `config/customPlugins.json` names, but what it deactivates: by `path`, else by `url` (or `gitUrl`), else by `version` (or `npmVersion`).
 * Errors: {@link Failure}; `UsageError` for an entry that names nothing that can be installed.
 * Source: contract/plugins/v0.md section 2.
 */
export function listedSpecs(root: string): ListedSpec[] {
  const file = join(root, "config", "customPlugins.json");
  if (!existsSync(file)) throw new Failure(`nothing is named, and there is no ${file}`);
  const specs: ListedSpec[] = [];
  for (const [key, entry] of Object.entries(readMap(file))) {
    if (!isPlainObject(entry)) throw new Failure(`${file}: "${key}" must be an object`);
    if (entry.activated === false) continue;
    const name = typeof entry.name === "string" ? entry.name : key;
    specs.push({ name, spec: readSpec(wordOf(name, entry), root) });
  }
  return specs;
}

function wordOf(name: string, { path, url, gitUrl, version, npmVersion }: Readonly<Record<string, unknown>>): string {
  if (typeof path === "string") return /^\.{0,2}\//.test(path) ? path : `./${path}`;
  const address = url ?? gitUrl;
  if (typeof address === "string") return address;
  const wanted = version ?? npmVersion;
  return typeof wanted === "string" ? `${name}@${wanted}` : name;
}

function readMap(file: string): Readonly<Record<string, unknown>> {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Failure(`${file} is no JSON: ${(error as Error).message}`); // the parser throws errors only
  }
  if (!isPlainObject(content)) throw new Failure(`${file} must map names to plugins`);
  return content;
}
