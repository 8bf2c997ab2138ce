import { kerror, type Logger } from "../../kernel/index.ts";
import { nativePluginOf } from "../authoring/native-plugin.ts";
import type { PluginSource } from "../dialects/dialect.ts";
import type { PackageFacts } from "../discovery/package-facts.ts";

/** `worker` of `definePlugin`: the plugin's hooks run in processes of their own. */
export interface WorkerDescription {
  /** How many processes; `plugins.<name>.threads` overrides it, and 0 there runs the plugin in the server. */
  readonly threads: number;
  /** A process is replaced when the plugin holds more; 1 024 unless it is given. */
  readonly maxMemoryMiB?: number;
  /** Events that may wait when all processes are busy; 10 000 unless it is given. */
  readonly queueSize?: number;
  /** How often in a row a process may end before it has run for a minute; 16 unless it is given. */
  readonly maxRestarts?: number;
  /** A process that acknowledges nothing for so long is replaced; 60 000 unless it is given. */
  readonly maxBusyMs?: number;
  /** How long the processes may take to finish their events when the server stops; 6 000 unless it is given. */
  readonly killTimeoutMs?: number;
}

/** How the processes of one plugin are run. */
export interface WorkerOptions {
  readonly processes: number;
  readonly maxMemoryBytes: number;
  readonly queueSize: number;
  readonly maxRestarts: number;
  readonly maxBusyMs: number;
  readonly killTimeoutMs: number;
}

/** A plugin that runs in processes of its own. */
export interface WorkerPlan {
  readonly facts: PackageFacts;
  readonly options: WorkerOptions;
}

const mebibyte = 1_048_576;
const defaults = { queueSize: 10_000, maxRestarts: 16, maxBusyMs: 60_000, killTimeoutMs: 6_000 } as const;
const defaultMemory = { v0: 100 * mebibyte, v1: 1_024 * mebibyte } as const;

/** More is a slip of the pen that would bring the machine down. */
const maxProcesses = 64;

/**
 * The plan for a plugin that is to run in processes; undefined for one that runs in the server. The log says why, where somebody asked otherwise.
 * Error: `plugin.assert.cannot_load` for options that are none.
 * Source: contract/plugins/v0.md section 10; contract/plugins/v1.md sections 2 and 7.
 */
export function workerPlanOf(source: PluginSource, log: Logger): WorkerPlan | undefined {
  const options = optionsOf(source, log);
  if (options === undefined) return undefined;
  const inProcess = (because: string): undefined => {
    log.warn("plugin.runs_in_process", { plugin: source.name, threads: options.processes, because });
  };
  if (source.package === undefined)
    return inProcess("it was given in code, and another process needs a package to load");
  return { facts: source.package, options };
}

function optionsOf(source: PluginSource, log: Logger): WorkerOptions | undefined {
  const { name, generation, config } = source;
  switch (generation) {
    case "tenon":
      return describedOptions(source);
    case "v2":
      if (config.threads !== undefined) {
        log.info("plugin.threads_ignored", { plugin: name, because: "plugins of this generation have no processes" });
      }
      return undefined;
    case "v0":
    case "v1": {
      // "worker" names another kind of server, which this one is not: the plugin is not run at all.
      if (generation === "v0" && config.loadedBy === "worker") return undefined;
      const processes = processesOf(name, config.threads ?? 0);
      if (processes === 0) return undefined;
      return {
        ...defaults,
        processes,
        maxMemoryBytes: bytesOf(name, config.maxMemoryRestart) ?? defaultMemory[generation],
        killTimeoutMs: numberOf(name, "killTimeout", config.killTimeout) ?? defaults.killTimeoutMs,
      };
    }
  }
}

function describedOptions({ name, instance, config }: PluginSource): WorkerOptions | undefined {
  const worker = nativePluginOf(instance)?.worker;
  if (worker === undefined) return undefined;
  const processes = processesOf(name, config.threads ?? worker.threads);
  if (processes === 0) return undefined;
  const { maxMemoryMiB = 1_024, threads: _, ...given } = worker;
  for (const [key, value] of Object.entries({ maxMemoryMiB, ...given })) numberOf(name, key, value);
  return { ...defaults, ...given, processes, maxMemoryBytes: maxMemoryMiB * mebibyte };
}

/** Values below 1 mean the server's own process. */
function processesOf(plugin: string, threads: unknown): number {
  const count = typeof threads === "string" && threads !== "" ? Number(threads) : threads; // a variable of the environment is text
  if (typeof count === "number" && count <= 0) return 0;
  if (typeof count === "number" && Number.isInteger(count) && count <= maxProcesses) return count;
  throw refusal(plugin, "threads", threads, `a whole number up to ${maxProcesses}`);
}

function numberOf(plugin: string, key: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return value;
  throw refusal(plugin, key, value, "a number that is not negative");
}

/** Bytes, or "100M", "1G", "512K". */
function bytesOf(plugin: string, value: unknown): number | undefined {
  if (typeof value !== "string") return numberOf(plugin, "maxMemoryRestart", value);
  const [, count, unit] = /^(\d+)([KMG]?)$/i.exec(value) ?? [];
  if (count === undefined) throw refusal(plugin, "maxMemoryRestart", value, 'bytes, or a text such as "100M" or "1G"');
  return Number(count) * 1_024 ** ["", "K", "M", "G"].indexOf(unit?.toUpperCase() ?? "");
}

const refusal = (plugin: string, key: string, value: unknown, expected: string): Error =>
  kerror("plugin.assert.cannot_load", plugin, `"${key}" is ${JSON.stringify(value)}, and must be ${expected}.`);
