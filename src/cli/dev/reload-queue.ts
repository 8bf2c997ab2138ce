import type { PluginHost } from "../../plugins/index.ts";

/** Reloads of plugins, in order; what changes while one runs is loaded by one more. */
export class ReloadQueue {
  readonly #host: PluginHost;
  /** Told what cannot be shown without a new process. */
  readonly #onRestartNeeded: (reason: string) => void;
  /** By folder of the plugin: the files that have changed. */
  readonly #waiting = new Map<string, Set<string>>();
  #isRunning = false;

  constructor(host: PluginHost, onRestartNeeded: (reason: string) => void) {
    this.#host = host;
    this.#onRestartNeeded = onRestartNeeded;
  }

  add(path: string, changed: readonly string[]): void {
    this.#waiting.set(path, new Set([...(this.#waiting.get(path) ?? []), ...changed]));
    if (!this.#isRunning) void this.#run();
  }

  /** Never rejects: reloads do not. */
  async #run(): Promise<void> {
    this.#isRunning = true;
    for (const [path, changed] of this.#waiting) {
      this.#waiting.delete(path);
      for (const outcome of await this.#host.reloadFolder(path, [...changed])) {
        if (outcome.kind === "failed" && outcome.needsRestart) this.#onRestartNeeded(outcome.error.message);
      }
    }
    this.#isRunning = false;
  }
}
