import { mkdirSync } from "node:fs";
import { posix } from "node:path";
import { extract, list, type ReadEntry } from "tar";
import { Failure } from "../failure.ts";

const maxBytes = 512 * 1024 * 1024;
const maxEntries = 100_000;
const usual = new Set(["File", "OldFile", "ContiguousFile", "Directory"]);

/**
 * Unpacks the tarball of a package into a new folder, without the folder that everything in it lies in.
 * Error: {@link Failure} for one that holds anything but files and folders of its own (links, devices, paths that lead out), is too large, or is
 * no tarball; then nothing was unpacked.
 */
export async function unpack(file: string, into: string): Promise<void> {
  await inspect(file);
  mkdirSync(into, { recursive: true });
  await extract({ file, cwd: into, strip: 1, strict: true, noMtime: true });
}

async function inspect(file: string): Promise<void> {
  let problem: string | undefined;
  let entries = 0;
  let bytes = 0;
  const onReadEntry = (entry: ReadEntry): void => {
    entries++;
    bytes += entry.size;
    problem ??= problemOf(entry);
    if (entries > maxEntries) problem ??= "it holds too many files";
    if (bytes > maxBytes) problem ??= "it is too large";
  };
  try {
    await list({ file, strict: true, onReadEntry });
  } catch (error) {
    problem ??= `it cannot be read (${(error as Error).message})`; // it throws errors only
  }
  if (problem === undefined && entries === 0) problem = "it is empty";
  if (problem !== undefined) throw new Failure(`the package is refused: ${problem}`);
}

function problemOf({ path, type }: ReadEntry): string | undefined {
  const parts = path.split(/[\\/]/);
  if (posix.isAbsolute(path) || /^[a-z]:/i.test(path) || parts.includes("..")) {
    return `it holds "${path}", which would lie outside of its folder`;
  }
  return usual.has(type) ? undefined : `it holds "${path}", which is no file and no folder (${type})`;
}
