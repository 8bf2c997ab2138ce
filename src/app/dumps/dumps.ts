import { mkdir, writeFile } from "node:fs/promises";
import os from "node:os";
import { join, resolve } from "node:path";
import v8 from "node:v8";
import type { DumpOptions } from "../../api/index.ts";
import { type Config, redactedConfig } from "../../config/index.ts";
import type { Clock, Logger } from "../../kernel/index.ts";
import { writeCore } from "./core-file.ts";
import { dumpName } from "./dump-name.ts";
import { pruneDumps, reportMarker } from "./prune-dumps.ts";

export interface DumpsDeps {
  readonly root: string;
  readonly config: Config;
  readonly log: Logger;
  readonly clock: Clock;
  readonly plugins: () => unknown;
  /** The frames that are kept; undefined when statistics are switched off. */
  readonly statistics: () => unknown;
}

/**
 * Diagnostic dumps (contract/api/admin.yaml): one directory each under `dump.path`, with the configuration without its secrets, the
 * plugins, Node.js, the machine and the statistics. The core file, which Kuzzle adds to each, is written when it is asked for: the process
 * stands still meanwhile, and what its threads have reserved makes it many gigabytes (19 were seen on a server without data).
 */
export class Dumps {
  readonly #deps: DumpsDeps;
  readonly #directory: string;
  /** When an error of this class last caused a dump. */
  readonly #causedAt = new Map<string, number>();

  constructor(deps: DumpsDeps) {
    this.#deps = deps;
    this.#directory = resolve(deps.root, deps.config.dump.path);
  }

  /** Answers the path of the report. Errors: `BadRequestError` for a suffix that is no part of a file name, and those of the disk. */
  async write(suffix: string, { heapSnapshot, coreFile }: DumpOptions): Promise<string> {
    const { config, log, clock } = this.#deps;
    const { dateFormat, gcore, history } = config.dump;
    const path = join(this.#directory, dumpName(dateFormat, new Date(clock.now()), suffix));
    // For the owner only: a core holds everything that the server knows.
    await mkdir(path, { recursive: true, mode: 0o700 });
    for (const [name, content] of Object.entries(this.#report())) {
      await writeFile(join(path, `${name}.json`), JSON.stringify(content, null, 2));
    }
    if (heapSnapshot) v8.writeHeapSnapshot(join(path, "node.heapsnapshot"));
    if (coreFile && gcore !== "" && history.coredump > 0) await writeCore(path, gcore, log);
    await writeFile(join(path, reportMarker), JSON.stringify(this.#deps.statistics() ?? [], null, 2));
    await pruneDumps(this.#directory, history);
    log.info("dump.written", { path });
    return path;
  }

  /** An error that a client was answered: a dump, when the configuration asks for it and none was written for its class lately. */
  onAnswered(error: Error): void {
    const { config, clock, log } = this.#deps;
    const { enabled, handledErrors } = config.dump;
    if (!enabled || !handledErrors.enabled || !handledErrors.whitelist.includes(error.name)) return;
    const now = clock.now();
    if (now - (this.#causedAt.get(error.name) ?? Number.NEGATIVE_INFINITY) < handledErrors.minInterval) return;
    this.#causedAt.set(error.name, now);
    this.write(`handled-${error.name.toLocaleLowerCase("en")}`, { heapSnapshot: false, coreFile: false }).catch(
      (err: unknown) => log.error("dump.failed", { err }),
    );
  }

  #report(): Readonly<Record<string, unknown>> {
    const { config, plugins } = this.#deps;
    return {
      kuzzle: { config: redactedConfig(config), version: config.version },
      plugins: plugins(),
      nodejs: {
        versions: process.versions,
        release: process.release,
        execArgv: process.execArgv,
        pid: process.pid,
        uptimeSeconds: process.uptime(),
        memory: process.memoryUsage(),
        resources: process.resourceUsage(),
        activeResources: process.getActiveResourcesInfo(),
        heap: { statistics: v8.getHeapStatistics(), spaces: v8.getHeapSpaceStatistics() },
      },
      os: {
        platform: os.platform(),
        release: os.release(),
        arch: os.arch(),
        uptimeSeconds: os.uptime(),
        load: os.loadavg(),
        memory: { free: os.freemem(), total: os.totalmem() },
        cpus: os.cpus(),
        networkInterfaces: os.networkInterfaces(),
      },
    };
  }
}
