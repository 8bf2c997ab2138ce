import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { Failure, UsageError } from "../failure.ts";
import { isPath } from "../find-place.ts";

/** What is to be installed. */
export type Spec =
  | { readonly kind: "folder"; readonly path: string }
  /** For npm: a name with a version, a tarball, or a URL. */
  | { readonly kind: "package"; readonly spec: string };

const registryName = /^(@[a-z\d~-][\w.~-]*\/)?[a-z\d~-][\w.~-]*(@[\w.~^<>=*| +-]+)?$/i;
const remote =
  /^(https?|git|git\+(https?|ssh|file)|ssh):\/\/\S+$|^(github|gitlab|bitbucket):[\w.-]+\/[\w.-]+(#\S+)?$|^git@[\w.-]+:\S+$/i;

/**
 * Reads a word of the command line, or an entry of a list: a folder, a tarball, `NAME[@VERSION]`, a URL of a tarball or a git repository.
 * Errors: {@link Failure} for a path at which there is nothing, {@link UsageError} for anything else; nothing that looks like an option is handed on.
 */
export function readSpec(word: string, from: string): Spec {
  if (remote.test(word)) return { kind: "package", spec: word };
  const path = resolve(from, word);
  const isThere = existsSync(path);
  if (isThere && statSync(path).isDirectory() && (isPath(word) || !registryName.test(word)))
    return { kind: "folder", path };
  if (/\.(tgz|tar\.gz)$/.test(word)) {
    if (!isThere) throw new Failure(`there is no file ${path}`);
    return { kind: "package", spec: `file:${path}` };
  }
  if (registryName.test(word)) return { kind: "package", spec: word };
  if (isPath(word)) throw new Failure(`there is no folder ${path}`);
  const known = "no folder, no NAME[@VERSION], no tarball, and no URL of a tarball or a git repository";
  throw new UsageError(`"${word}" is ${known}`);
}
