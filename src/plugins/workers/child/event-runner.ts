import { isThenable } from "../../../events/index.ts";
import type { WorkerEvent, WorkerFailure, WorkerReport } from "../messages.ts";
import { describeFailure } from "./describe-failure.ts";
import type { LoadedPlugin } from "./load-plugin.ts";

/** Failures that one report describes; further ones are counted. */
const describedFailures = 5;

/** Acknowledged at least so often, in milliseconds, between the events of one message. */
const reportEveryMs = 50;

/** Calls the hooks of a plugin and acknowledges what is done. */
export class EventRunner {
  readonly #plugin: LoadedPlugin;
  readonly #report: (report: WorkerReport) => void;
  #count = 0;
  #failed = 0;
  #failures: WorkerFailure[] = [];
  #isScheduled = false;
  #reportedAt = 0;

  constructor(plugin: LoadedPlugin, report: (report: WorkerReport) => void) {
    this.#plugin = plugin;
    this.#report = report;
  }

  run(events: readonly WorkerEvent[]): void {
    this.#reportedAt = performance.now();
    for (const [declared, payload] of events) {
      this.#runOne(declared, payload);
      if (performance.now() - this.#reportedAt > reportEveryMs) this.#acknowledge();
    }
    this.#acknowledge();
  }

  #runOne(declared: string, text: string | null): void {
    const payload: unknown = text === null ? undefined : JSON.parse(text);
    let pending = 0;
    for (const hook of this.#plugin.hooks.get(declared) ?? []) {
      try {
        const answer = hook(payload, declared);
        if (!isThenable(answer)) continue;
        const isAwaited = this.#plugin.awaitsHooks;
        if (isAwaited) pending++;
        answer.then(
          () => isAwaited && --pending === 0 && this.#doneLater(),
          (error: unknown) => {
            this.#fail(declared, error);
            if (isAwaited && --pending === 0) this.#doneLater();
            else this.#acknowledgeSoon();
          },
        );
      } catch (error) {
        this.#fail(declared, error);
      }
    }
    if (pending === 0) this.#count++;
  }

  #fail(event: string, error: unknown): void {
    this.#failed++;
    if (this.#failures.length < describedFailures) this.#failures.push(describeFailure(error, event));
  }

  #doneLater(): void {
    this.#count++;
    this.#acknowledgeSoon();
  }

  /** Promises that settle in one turn of the loop are told together. */
  #acknowledgeSoon(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#acknowledge();
    });
  }

  #acknowledge(): void {
    this.#reportedAt = performance.now();
    if (this.#count === 0 && this.#failed === 0) return;
    this.#report({ kind: "handled", count: this.#count, failed: this.#failed, failures: this.#failures });
    this.#count = 0;
    this.#failed = 0;
    this.#failures = [];
  }
}
