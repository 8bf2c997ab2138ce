import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isPlainObject, type JSONObject } from "../../kernel/index.ts";

/** `package.json` of an application; empty when it has none that can be read. */
export function readPackage(root: string): JSONObject {
  try {
    const content: unknown = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    return isPlainObject(content) ? content : {};
  } catch {
    return {};
  }
}

/** Folders above the root in which `.git` is looked for. */
const levelsAbove = 3;

/** The commit that is checked out, null without a repository at the root or up to three folders above. */
export function readCommit(root: string): string | null {
  let folder = root;
  for (let level = 0; level <= levelsAbove; level++) {
    const found = commitOf(join(folder, ".git"));
    if (found !== undefined) return found;
    folder = dirname(folder);
  }
  return null;
}

function commitOf(git: string): string | undefined {
  const pointer = read(git); // a work tree has a file there: "gitdir: <folder>"
  const folder = pointer?.startsWith("gitdir:") ? resolve(dirname(git), pointer.slice("gitdir:".length).trim()) : git;
  const head = read(join(folder, "HEAD"));
  if (head === undefined) return undefined;
  if (!head.startsWith("ref:")) return head;
  const name = head.slice("ref:".length).trim();
  const common = resolve(folder, read(join(folder, "commondir")) ?? ".");
  return read(join(folder, name)) ?? read(join(common, name)) ?? packedCommit(common, name);
}

function packedCommit(folder: string, name: string): string | undefined {
  const line = read(join(folder, "packed-refs"))
    ?.split("\n")
    .find((one) => one.endsWith(` ${name}`));
  return line?.split(" ")[0];
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return undefined;
  }
}
