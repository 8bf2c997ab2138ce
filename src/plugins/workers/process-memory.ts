import { readFile } from "node:fs/promises";

/**
 * What a process holds in memory, in bytes; undefined where the system does not say, or the process is gone.
 * Of the files under `/proc` it reads the one that counts in kilobytes: `statm` counts pages, whose size Node does not tell.
 */
export async function readProcessMemory(pid: number): Promise<number | undefined> {
  try {
    const [, kilobytes] = /^VmRSS:\s*(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, "utf8")) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
  } catch {
    return undefined;
  }
}
