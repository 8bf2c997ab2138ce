import type { MaybePromise } from "../../../events/index.ts";
import { loadPackage } from "../../loading/load-package.ts";
import { registerPluginRoot } from "../../loading/plugin-roots.ts";
import { installResolution } from "../../loading/resolution.ts";
import type { WorkerStart } from "../messages.ts";
import { createWorkerLog } from "../worker-log.ts";
import type { StartInWorker } from "./start-in-worker.ts";

type WorkerHook = (payload: unknown, declared: string) => unknown;

/** A plugin that has started in this process. */
export interface LoadedPlugin {
  /** By the name of the event, as declared. */
  readonly hooks: ReadonlyMap<string, readonly WorkerHook[]>;
  /** What it has beside its hooks, and what is not run here. */
  readonly ignored: readonly string[];
  /** True: an event is done when the promises of its hooks are. */
  readonly awaitsHooks: boolean;
  readonly close?: () => MaybePromise<void>;
}

/** Loads the package and runs its `init`, as its generation has it. Rejects with what it throws. */
export async function loadPlugin(order: WorkerStart): Promise<LoadedPlugin> {
  const { realPath, packageJson, lookups, generation } = order;
  installResolution();
  registerPluginRoot(realPath, lookups);
  const exported = await loadPackage({ realPath, packageJson });
  const log = createWorkerLog((line) => void process.stdout.write(line));
  return (await starters[generation]())(exported, order, log);
}

/** Only the one that is needed is loaded: each process holds its own copy. */
const starters: Readonly<Record<WorkerStart["generation"], () => Promise<StartInWorker>>> = {
  v0: async () => (await import("./start-first.ts")).startFirst,
  v1: async () => (await import("./start-former.ts")).startFormer,
  tenon: async () => (await import("./start-defined.ts")).startDefined,
};
