import type semver from "semver";
import { isPlainObject, type JSONObject, kerror } from "../../kernel/index.ts";
import type { Generation } from "../definition.ts";
import type { PackageFacts } from "./package-facts.ts";

type Ranges = typeof semver;

/** A decision, with the sign that led to it. */
export interface Detected {
  readonly generation: Generation;
  /** The letter of the dialect inside of its generation, where it can be told: `e` of `v1.e`. */
  readonly variant?: string;
  /** False: what the instance says may still change it. */
  readonly isFirm?: boolean;
  /** True: nothing was found, and what `init` adds may still show another. */
  readonly isGuess?: boolean;
  readonly because: string;
}

/**
 * What the files of a package say about the contract that it was written for; undefined when they leave it open.
 * Error: `plugin.manifest.version_mismatch` for a range that meets no generation.
 * Source: contract/plugins/generations.md section 3, step A.
 */
export async function generationOnDisk(facts: PackageFacts, version: string): Promise<Detected | undefined> {
  const { default: ranges } = await import("semver"); // loaded by the first package: a server without any starts faster
  const { manifest, packageJson, pluginInfo } = facts;
  if (manifest !== undefined) return generationOfManifest(ranges, facts.name, manifest, version);
  if (pluginInfo !== undefined && ("loadedBy" in pluginInfo || "threads" in pluginInfo)) {
    return { generation: "v0", because: 'package.json has "pluginInfo" and there is no manifest.json' };
  }
  return generationOfDependencies(ranges, packageJson);
}

function generationOfManifest(
  ranges: Ranges,
  name: string,
  manifest: JSONObject,
  version: string,
): Detected | undefined {
  const { kuzzleVersion } = manifest;
  if (kuzzleVersion === undefined) {
    return { generation: "v1", because: 'manifest.json has no "kuzzleVersion"', isFirm: false };
  }
  const range = typeof kuzzleVersion === "string" ? ranges.validRange(kuzzleVersion) : null;
  if (range === null) throw kerror("plugin.manifest.version_mismatch", name, kuzzleVersion, version);
  const because = `manifest.json says "kuzzleVersion": "${String(kuzzleVersion)}"`;
  const options = { includePrerelease: true };
  const meets = (other: string): boolean => ranges.intersects(range, other, options);
  const older = meets("<2.0.0-0");
  // The prereleases of 2.0.0 lie below it: a range that ends before 2.0.0 meets them, and means the first generation all the same.
  const second = meets(">=2.0.0 <3.0.0-0") || (!older && meets(">=2.0.0-0 <3.0.0-0"));
  if (second && older) return undefined;
  if (second) return { generation: "v2", because };
  if (older) return { generation: "v1", because };
  throw kerror("plugin.manifest.version_mismatch", name, kuzzleVersion, version);
}

function generationOfDependencies(ranges: Ranges, packageJson: JSONObject): Detected | undefined {
  const dependencies: JSONObject = {};
  for (const key of ["dependencies", "peerDependencies", "devDependencies"]) {
    const listed = packageJson[key];
    if (isPlainObject(listed)) Object.assign(dependencies, listed);
  }
  const kuzzle = majorOf(ranges, dependencies.kuzzle);
  if (kuzzle !== undefined && kuzzle >= 2)
    return { generation: "v2", because: "it depends on kuzzle 2", isFirm: false };
  const sdk = majorOf(ranges, dependencies["kuzzle-sdk"]);
  if (sdk !== undefined && sdk >= 7) {
    return { generation: "v2", because: "it depends on kuzzle-sdk 7", isFirm: false };
  }
  const common = majorOf(ranges, dependencies["kuzzle-common-objects"]);
  if (common === undefined) return undefined;
  const generation = common >= 4 ? "v2" : common >= 2 ? "v1" : "v0";
  return { generation, because: `it depends on kuzzle-common-objects ${common}`, isFirm: false };
}

function majorOf(ranges: Ranges, range: unknown): number | undefined {
  if (typeof range !== "string" || ranges.validRange(range) === null) return undefined;
  return ranges.minVersion(range)?.major;
}
