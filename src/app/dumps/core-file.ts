import { spawn } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { copyFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { Logger } from "../../kernel/index.ts";

/** What a report keeps of its core: the compressed file, and the program that a debugger needs beside it. */
export const coreFiles = ["core.gz", "node"] as const;

/**
 * Writes the memory of this process by `gcore` as `core.gz`, and the program beside it. A machine without gcore, or one that does not let
 * it look into other processes, has a report without a core: that is logged and no failure.
 */
export async function writeCore(directory: string, gcore: string, log: Logger): Promise<void> {
  const failure = await run(gcore, ["-o", join(directory, "core"), String(process.pid)]);
  const written = (await readdir(directory)).find((name) => name.startsWith("core."));
  if (written === undefined) {
    log.warn("dump.without_core", { gcore, reason: failure ?? "it wrote no file" });
    return;
  }
  const file = join(directory, written);
  try {
    if (failure === undefined) await compress(file, directory);
    else log.warn("dump.without_core", { gcore, reason: failure });
  } finally {
    await rm(file, { force: true }); // also what a full disk has cut short
  }
}

async function compress(file: string, directory: string): Promise<void> {
  const [compressed, program] = coreFiles;
  await pipeline(createReadStream(file), createGzip({ level: 1 }), createWriteStream(join(directory, compressed)));
  await copyFile(process.execPath, join(directory, program));
}

/** Why the program failed; undefined when it did not. */
function run(program: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: "ignore" });
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(code === 0 ? undefined : `it ended with ${signal ?? code}`));
  });
}
