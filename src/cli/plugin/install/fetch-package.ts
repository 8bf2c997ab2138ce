import { copyFileSync, existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isPlainObject } from "../../../kernel/index.ts";
import { placeAt } from "../../../plugins/index.ts";
import { Failure } from "../failure.ts";
import { runNpm } from "./npm.ts";
import { unpack } from "./unpack.ts";

/**
 * Brings a package and what it depends on into `<staging>/package`, and answers that folder. No script of any package is run.
 * Errors: {@link Failure}; the abortion of `signal`.
 */
export async function fetchPackage(spec: string, root: string, staging: string, signal: AbortSignal): Promise<string> {
  const subject = `"${spec.replace(/^file:/, "")}"`;
  await runNpm(["pack", spec, "--pack-destination", staging], root, subject, signal);
  const tarball = readdirSync(staging).find((name) => name.endsWith(".tgz"));
  if (tarball === undefined) throw new Failure(`npm has packed nothing for ${subject}`);
  const folder = join(staging, "package");
  await unpack(join(staging, tarball), folder);
  rmSync(join(staging, tarball));
  await installDependencies(folder, root, signal);
  return folder;
}

/** What the package of a plugin names, but peers: those are the server, or the application's own. */
export async function installDependencies(folder: string, root: string, signal: AbortSignal): Promise<void> {
  const { found, name } = placeAt(folder);
  // Its own configuration of npm could name another registry; the application's counts.
  const own = join(folder, ".npmrc");
  rmSync(own, { force: true });
  const { dependencies, optionalDependencies } = found?.kind === "package" ? found.facts.packageJson : {};
  const needs = [dependencies, optionalDependencies].some((it) => isPlainObject(it) && Object.keys(it).length > 0);
  if (!needs) return;
  const ofApplication = join(root, ".npmrc");
  if (existsSync(ofApplication)) copyFileSync(ofApplication, own);
  const args = ["install", "--omit=dev", "--omit=peer", "--legacy-peer-deps", "--no-package-lock"];
  try {
    await runNpm(args, folder, `what "${name}" depends on`, signal);
  } finally {
    rmSync(own, { force: true });
  }
}
