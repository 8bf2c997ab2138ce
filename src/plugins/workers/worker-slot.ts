import {
  type ProcessEnd,
  type ProcessLaunch,
  type ProcessListener,
  type ReadyReport,
  WorkerProcess,
} from "./worker-process.ts";

/** Milliseconds. */
const backOff = { first: 100, longest: 30_000, healthyAfter: 60_000 } as const;

export type SlotState = "starting" | "running" | "restarting" | "failed";

export interface SlotDeps {
  readonly launch: ProcessLaunch;
  readonly maxRestarts: number;
  /** How long a process may take until its plugin runs; 0: for ever. */
  readonly startTimeoutMs: number;
  /** A process has ended, and with it the events that it had not acknowledged. */
  readonly onLost: (events: number) => void;
  /** Another one will start; `inMs`: when. */
  readonly onRestart: (end: ProcessEnd, inMs: number) => void;
  /** None will start any more. */
  readonly onGivenUp: (end: ProcessEnd) => void;
  readonly listener: Omit<ProcessListener, "onEnd">;
}

/** One place of a plugin's processes: keeps a process running in it, until it is closed or has failed too often in a row. */
export class WorkerSlot {
  readonly #deps: SlotDeps;
  #process: WorkerProcess | undefined;
  #state: SlotState = "starting";
  #unstable = 0;
  #startedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #handledBefore = 0;
  #isFirst = true;
  #whenEnded: PromiseWithResolvers<void> | undefined;
  readonly #whenReady = Promise.withResolvers<ReadyReport>();

  constructor(deps: SlotDeps) {
    this.#deps = deps;
    this.#whenReady.promise.catch(() => {}); // a slot may be closed before anybody waits for it
  }

  /** Resolves with what the plugin has, once the plugin has started; rejects when its first process does not get so far. */
  start(): Promise<ReadyReport> {
    this.#launch();
    return this.#whenReady.promise;
  }

  /** The process that takes events now. */
  get ready(): WorkerProcess | undefined {
    return this.#process?.isReady === true ? this.#process : undefined;
  }

  get process(): WorkerProcess | undefined {
    return this.#process;
  }

  get state(): SlotState {
    return this.#state;
  }

  /** Events that were acknowledged in this place, by all its processes. */
  get handled(): number {
    return this.#handledBefore + (this.#process?.handled ?? 0);
  }

  #launch(): void {
    const { launch, listener, startTimeoutMs } = this.#deps;
    this.#startedAt = performance.now();
    const process = new WorkerProcess(launch, {
      ...listener,
      onReady: (report) => {
        clearTimeout(this.#timer);
        this.#state = "running";
        this.#isFirst = false;
        this.#whenReady.resolve(report);
        listener.onReady(report);
      },
      onFailed: (failure) => {
        if (this.#isFirst) this.#whenReady.reject(Object.assign(new Error(failure.message), { stack: failure.stack }));
        listener.onFailed(failure);
      },
      onEnd: (end) => this.#ended(end),
    });
    this.#process = process;
    if (startTimeoutMs <= 0) return;
    this.#timer = setTimeout(
      () => process.kill("SIGKILL", `its init did not finish within ${startTimeoutMs} ms`),
      startTimeoutMs,
    );
    this.#timer.unref();
  }

  #ended(end: ProcessEnd): void {
    clearTimeout(this.#timer);
    this.#handledBefore = this.handled;
    this.#process = undefined;
    if (end.lost > 0) this.#deps.onLost(end.lost);
    if (this.#whenEnded !== undefined || this.#isFirst) {
      this.#state = "failed";
      this.#whenReady.reject(new Error(`its process did not start: ${end.because}.`));
      this.#whenEnded?.resolve();
      return;
    }
    if (performance.now() - this.#startedAt >= backOff.healthyAfter) this.#unstable = 0;
    if (this.#unstable >= this.#deps.maxRestarts) {
      this.#state = "failed";
      this.#deps.onGivenUp(end);
      return;
    }
    const inMs = Math.min(backOff.first * 2 ** this.#unstable, backOff.longest);
    this.#unstable++;
    this.#state = "restarting";
    this.#timer = setTimeout(() => this.#launch(), inMs);
    this.#timer.unref();
    this.#deps.onRestart(end, inMs);
  }

  /** Ends the process: asks, and at the deadline, an instant of `performance.now()`, insists. Resolves when it is gone. */
  async close(deadline: number): Promise<void> {
    clearTimeout(this.#timer);
    const process = this.#process;
    this.#whenEnded ??= Promise.withResolvers<void>();
    if (process === undefined) return;
    // One whose plugin has not started holds no events, and may never start.
    if (this.#state === "running") process.askToStop();
    else process.kill("SIGKILL", "the server stops");
    const insist = (signal: "SIGTERM" | "SIGKILL", inMs: number): NodeJS.Timeout =>
      setTimeout(() => process.kill(signal, "the server stops"), inMs);
    const leftMs = Math.max(0, deadline - performance.now());
    const timers = [insist("SIGTERM", leftMs), insist("SIGKILL", leftMs + 1_000)];
    await this.#whenEnded.promise;
    for (const timer of timers) clearTimeout(timer);
    process.close();
  }
}
