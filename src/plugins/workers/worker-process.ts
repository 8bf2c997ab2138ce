import { type ChildProcess, fork } from "node:child_process";
import type { WorkerEvent, WorkerFailure, WorkerOrder, WorkerReport, WorkerStart } from "./messages.ts";
import { enveloped, readReport } from "./messages.ts";
import { OutputLines } from "./output-lines.ts";
import { readProcessMemory } from "./process-memory.ts";

/** In what a process runs. */
export interface ProcessSurroundings {
  /** File that it runs. */
  readonly main: URL;
  /** Program with arguments that starts Node, when it is not started directly. */
  readonly starter?: readonly string[] | undefined;
  readonly nodeArguments: readonly string[];
  /** Undefined: that of the server. */
  readonly environment: NodeJS.ProcessEnv | undefined;
}

/** How a process is started. */
export interface ProcessLaunch extends ProcessSurroundings {
  readonly plugin: WorkerStart;
}

export type ReadyReport = Extract<WorkerReport, { kind: "ready" }>;

export interface ProcessEnd {
  readonly because: string;
  /** Events that it was given and did not acknowledge. */
  readonly lost: number;
}

/** Told in the order of its life; `onEnd` comes once, and last. */
export interface ProcessListener {
  onReady(report: ReadyReport): void;
  /** Its plugin did not start; the process ends by itself. */
  onFailed(failure: WorkerFailure): void;
  onHandled(failed: number, failures: readonly WorkerFailure[]): void;
  onOutput(stream: "stdout" | "stderr", line: string): void;
  onThrottled(): void;
  onEnd(end: ProcessEnd): void;
}

/** One process that runs a plugin, from its start to its end. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #listener: ProcessListener;
  readonly #output: readonly OutputLines[];
  readonly #outbox: WorkerEvent[] = [];
  #isReady = false;
  #unacknowledged = 0;
  #handled = 0;
  #memoryBytes = 0;
  #baseBytes = 0;
  #progressAt = 0;
  #endReason: string | undefined;
  #hasEnded = false;

  constructor({ main, starter, nodeArguments, environment, plugin }: ProcessLaunch, listener: ProcessListener) {
    this.#listener = listener;
    const [program = process.execPath, ...programArguments] =
      starter === undefined ? [] : [...starter, process.execPath];
    this.#child = fork(main, [], {
      execPath: program,
      execArgv: [...programArguments, ...nodeArguments],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      ...(environment === undefined ? {} : { env: environment }),
    });
    const { stdout, stderr } = this.#child;
    this.#output = (["stdout", "stderr"] as const).flatMap((name) => {
      const stream = name === "stdout" ? stdout : stderr;
      if (stream === null) return [];
      const throttled = (): void => listener.onThrottled();
      return [new OutputLines(stream, (line) => listener.onOutput(name, line), throttled)];
    });
    this.#child.on("message", (message) => this.#read(message));
    this.#child.once("error", (error) => this.#ended(error.message));
    this.#child.once("exit", (code, signal) =>
      this.#ended(signal === null ? `it exited with code ${code}` : `it was ended by ${signal}`),
    );
    // Without its channel it hears nothing more: a plugin may have closed it. One that ends loses it, too, and is given the time to.
    this.#child.once("disconnect", () => {
      setTimeout(() => this.kill("SIGKILL", "it closed its channel to the server"), 500).unref();
    });
    this.#order({ kind: "start", plugin });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get isReady(): boolean {
    return this.#isReady && !this.#hasEnded && this.#endReason === undefined;
  }

  get unacknowledged(): number {
    return this.#unacknowledged;
  }

  get handled(): number {
    return this.#handled;
  }

  /** As it was last read. */
  get memoryBytes(): number {
    return this.#memoryBytes;
  }

  /** Milliseconds since it last acknowledged an event, while it has any to acknowledge. */
  busyMs(now: number): number {
    return this.#unacknowledged === 0 ? 0 : now - this.#progressAt;
  }

  /** Events of one turn of the loop travel in one message. */
  deliver(event: WorkerEvent): void {
    if (this.#unacknowledged++ === 0) this.#progressAt = performance.now();
    if (this.#outbox.push(event) === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    const events = this.#outbox.splice(0);
    if (!this.#hasEnded) this.#order({ kind: "events", events });
  }

  /** It ends by itself, as soon as it has let go of what it holds. */
  askToStop(): void {
    this.#endReason ??= "the server stops";
    this.#order({ kind: "stop" });
  }

  kill(signal: "SIGTERM" | "SIGKILL", because: string): void {
    if (this.#hasEnded) return;
    this.#endReason ??= because;
    this.#child.kill(signal);
  }

  /** What its plugin holds: what the process does, without what it needed before. Zero when it is not known. */
  async measure(): Promise<number> {
    this.#memoryBytes = (await readProcessMemory(this.pid)) ?? this.#memoryBytes;
    return this.#baseBytes === 0 ? 0 : Math.max(0, this.#memoryBytes - this.#baseBytes);
  }

  #order(order: WorkerOrder): void {
    // A channel that is closed already is told by the end of the process.
    this.#child.send(enveloped(order), () => {});
  }

  #read(message: unknown): void {
    const report = readReport(message);
    switch (report?.kind) {
      case "loading":
        this.#baseBytes = report.memoryBytes;
        this.#memoryBytes = report.memoryBytes;
        break;
      case "memory":
        this.#memoryBytes = report.memoryBytes;
        break;
      case "ready":
        this.#isReady = true;
        this.#listener.onReady(report);
        break;
      case "failed":
        this.#listener.onFailed(report.failure);
        break;
      case "handled": {
        const count = Math.min(report.count, this.#unacknowledged);
        this.#unacknowledged -= count;
        this.#handled += count;
        this.#progressAt = performance.now();
        this.#listener.onHandled(report.failed, report.failures);
        break;
      }
      case undefined:
        break; // not ours
    }
  }

  #ended(because: string): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const lost = this.#unacknowledged;
    this.#unacknowledged = 0;
    this.#listener.onEnd({ because: this.#endReason ?? because, lost });
  }

  /** Lets go of its streams. */
  close(): void {
    for (const output of this.#output) output.close();
  }
}
