import { Worker } from "node:worker_threads";
import type { Finding } from "./finding.ts";
import type { ProjectFile } from "./project.ts";

/** What plugins reach by `require`: Node refuses to require a module with top-level await. */
const required = "src/plugins/kuzzle/";

/** Everything that `require` would load from there, with the way to it. */
export function reachable(files: ReadonlyMap<string, ProjectFile>, from = required): ReadonlyMap<string, string> {
  const way = new Map<string, string>();
  const waiting = [...files.keys()].filter((path) => path.startsWith(from) && !path.endsWith(".test.ts"));
  for (const path of waiting) way.set(path, path);
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    for (const { target, isType } of files.get(path)?.imports ?? []) {
      if (target === undefined || isType || way.has(target)) continue;
      way.set(target, `${way.get(path)} -> ${target}`);
      waiting.push(target);
    }
  }
  return way;
}

export async function checkAwait(files: ReadonlyMap<string, ProjectFile>): Promise<Finding[]> {
  const way = reachable(files);
  const suspects = [...way.keys()].filter((path) => /\bawait\b/.test(files.get(path)?.source ?? ""));
  if (suspects.length === 0) return [];
  const guilty = await withTopLevelAwait(suspects.map((path) => files.get(path)?.source ?? ""));
  return suspects
    .filter((_, i) => guilty[i])
    .map((path) => ({
      rule: "await",
      file: path,
      line: 1,
      message: `has a top-level await, and plugins can require it: ${way.get(path)}`,
    }));
}

/** The engine itself says which modules wait; it does so only in a thread that has modules in `node:vm`. */
function withTopLevelAwait(sources: readonly string[]): Promise<readonly boolean[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly boolean[]>();
  const worker = new Worker(new URL("./top-level-await-thread.ts", import.meta.url), {
    workerData: sources,
    execArgv: ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"],
  });
  worker.once("message", resolve);
  worker.once("error", reject);
  return promise;
}
