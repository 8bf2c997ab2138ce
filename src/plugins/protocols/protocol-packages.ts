import { join } from "node:path";
import { type JSONObject, kerror, type Logger } from "../../kernel/index.ts";
import { type EnabledFolder, enabledFolders } from "../discovery/enabled.ts";
import { manifestName, readJson } from "../discovery/package-facts.ts";
import { isProxyProtocol } from "./proxy-sign.ts";

/** What the files of a protocol's package say, before any of its code runs. */
export interface ProtocolPackage extends EnabledFolder {
  /** Of `manifest.json`; first releases had none, and their protocols say their name themselves. */
  readonly declaredName: string | undefined;
  /** `package.json`, empty when there is none. */
  readonly packageJson: JSONObject;
}

/**
 * The packages in `<root>/protocols/enabled`, by name of their folder, then the protocols for the Proxy in `<root>/plugins/enabled`.
 * Errors: `plugin.manifest.*`, `plugin.assert.cannot_load` for a link to nothing.
 * Source: contract/plugins/protocols.md section 3.
 */
export async function protocolPackages(root: string, version: string, log: Logger): Promise<ProtocolPackage[]> {
  const packages: ProtocolPackage[] = [];
  const amongPlugins = enabledFolders(join(root, "plugins", "enabled")).filter(({ realPath }) => {
    const [manifest, packageJson] = ["manifest.json", "package.json"].map((file) => readJson(join(realPath, file)));
    return isProxyProtocol({ realPath, manifest, packageJson: packageJson ?? {} });
  });
  for (const folder of [...enabledFolders(join(root, "protocols", "enabled")), ...amongPlugins]) {
    const { name, path, realPath } = folder;
    const manifest = readJson(join(realPath, "manifest.json"));
    const packageJson = readJson(join(realPath, "package.json")) ?? {};
    const declaredName = manifest === undefined ? undefined : manifestName(path, manifest);
    if (manifest !== undefined) await checkVersion(declaredName ?? name, manifest, version, log);
    packages.push({ ...folder, declaredName, packageJson });
  }
  return packages;
}

/** A range says for which contract a package was written; those of all these releases are known. */
const hosted = ">=0.3.0 <3.0.0-0";

async function checkVersion(name: string, { kuzzleVersion }: JSONObject, version: string, log: Logger): Promise<void> {
  if (kuzzleVersion === undefined) {
    log.warn("protocol.without_version", { protocol: name, hint: 'manifest.json should have "kuzzleVersion"' });
    return;
  }
  const { default: ranges } = await import("semver"); // loaded by the first package: a server without any starts faster
  const range = typeof kuzzleVersion === "string" ? ranges.validRange(kuzzleVersion) : null;
  if (range === null || !ranges.intersects(range, hosted, { includePrerelease: true })) {
    throw kerror("plugin.manifest.version_mismatch", name, kuzzleVersion, version);
  }
}
