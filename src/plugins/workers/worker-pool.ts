import type { LineLevel, Logger } from "../../kernel/index.ts";
import type { WorkerFigures } from "../definition.ts";
import { EventQueue } from "./event-queue.ts";
import type { WorkerEvent, WorkerFailure, WorkerStart } from "./messages.ts";
import type { OwnLines } from "./own-lines.ts";
import type { PayloadText } from "./payload-text.ts";
import { RareWarning } from "./rare-warning.ts";
import { readLogLine } from "./worker-log.ts";
import type { WorkerOptions } from "./worker-options.ts";
import type { ProcessSurroundings, WorkerProcess } from "./worker-process.ts";
import { WorkerSlot } from "./worker-slot.ts";

/** Events that a process may hold without having acknowledged them: enough to keep it busy, few enough to lose. */
const credits = 64;

/** Of all payloads that wait, beside the number of events. A guess: what a server can spare without being asked. */
const maxQueuedCharacters = 64 * 1_048_576;

const warningPeriodMs = 10_000;

/** How often processes are looked at, unless they have to acknowledge more often. */
const watchEveryMs = 1_000;

export interface PoolDeps {
  readonly plugin: string;
  readonly options: WorkerOptions;
  readonly surroundings: ProcessSurroundings;
  /** 0: no limit. */
  readonly startTimeoutMs: number;
  /** The server's log about the plugin. */
  readonly log: Logger;
  /** The log under the plugin's own name. */
  readonly pluginLog: Logger;
  /** For lines that the processes cause: those must not become events for them. */
  readonly own: OwnLines;
}

/** The processes of one plugin, and the events that wait for them. */
export class WorkerPool {
  readonly #deps: PoolDeps;
  #slots: readonly WorkerSlot[] = [];
  readonly #queue: EventQueue;
  readonly #droppedWarning: RareWarning;
  readonly #throttledWarning: RareWarning;
  readonly #unwritable = new Set<string>();
  #next = 0;
  #restarts = 0;
  #dropped = 0;
  #errors = 0;
  #watch: NodeJS.Timeout | undefined;
  #whenIdle: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  constructor(deps: PoolDeps) {
    const { options, log, plugin } = deps;
    this.#deps = deps;
    this.#queue = new EventQueue({ maxEvents: options.queueSize, maxCharacters: maxQueuedCharacters });
    this.#droppedWarning = new RareWarning(warningPeriodMs, (dropped) =>
      log.warn("plugin.worker_events_dropped", { plugin, dropped, queued: this.#queue.length }),
    );
    this.#throttledWarning = new RareWarning(warningPeriodMs, (times) =>
      log.warn("plugin.worker_output_throttled", { plugin, times }),
    );
  }

  #createSlot(start: WorkerStart): WorkerSlot {
    const { plugin, options, surroundings, startTimeoutMs, log, own, pluginLog } = this.#deps;
    return new WorkerSlot({
      launch: { ...surroundings, plugin: start },
      maxRestarts: options.maxRestarts,
      startTimeoutMs,
      listener: {
        onReady: () => this.#pump(),
        onFailed: (failure) => own.write(() => log.error("plugin.worker_init_failed", { plugin, ...failure })),
        onHandled: (failed, failures) => {
          this.#errors += failed;
          for (const failure of failures) this.#logFailure(failure);
          this.#pump();
        },
        onOutput: (stream, text) =>
          own.write(() => {
            const line = readLogLine(text);
            if (line !== undefined) pluginLog[line.level](line.event, line.fields);
            else pluginLog[levelOf[stream]]("plugin.output", { plugin, line: text });
          }),
        onThrottled: () => this.#throttledWarning.add(),
      },
      onLost: (lost) => {
        this.#dropped += lost;
        // Otherwise the line about the end of the process tells them.
        if (this.#closing !== undefined) this.#droppedWarning.add(lost);
        this.#settleIfIdle();
      },
      onRestart: ({ because, lost }, inMs) => {
        this.#restarts++;
        log.warn("plugin.worker_ended", { plugin, because, lost, restartsInMs: inMs });
      },
      onGivenUp: ({ because, lost }) => {
        log.error("plugin.worker_given_up", { plugin, because, lost, restarts: options.maxRestarts });
        this.#dropIfNoneLeft();
      },
    });
  }

  #logFailure({ event, message, stack }: WorkerFailure): void {
    const { plugin, log, own } = this.#deps;
    own.write(() => log.error("plugin.hook_failed", { plugin, event, err: { message, stack } }));
  }

  /** Resolves with the names of the plugin's hooks, once it has started in each process. A failure ends all of them. */
  async start(start: WorkerStart): Promise<readonly string[]> {
    const { plugin, log, options } = this.#deps;
    this.#slots = Array.from({ length: options.processes }, () => this.#createSlot(start));
    try {
      const [first] = await Promise.all(this.#slots.map((slot) => slot.start()));
      this.#watch = setInterval(() => this.#look(), Math.min(watchEveryMs, options.maxBusyMs / 2));
      this.#watch.unref();
      log.info("plugin.workers_started", { plugin, pids: this.#slots.map(({ process }) => process?.pid) });
      if (first === undefined) return [];
      if (first.ignored.length > 0) {
        log.warn("plugin.ignored_in_worker", { plugin, ignored: first.ignored, because: "processes run hooks only" });
      }
      return first.hooks;
    } catch (error) {
      await this.#end(performance.now());
      throw error;
    }
  }

  /**
   * Gives an event to the next process that can take it, keeps it for later, or drops it. Never throws.
   * `firing`: the arguments of the event; `shown`: what of them the plugin gets.
   */
  deliver(declared: string, texts: PayloadText, firing: readonly unknown[], shown: unknown): void {
    if (this.#closing !== undefined) return;
    let payload: string | null;
    try {
      payload = texts.of(firing, shown);
    } catch (error) {
      this.#cannotWrite(declared, error);
      return;
    }
    const event: WorkerEvent = [declared, payload];
    const process = this.#queue.length > 0 ? undefined : this.#nextProcess();
    if (process !== undefined) process.deliver(event);
    else if (this.#isGivenUp || !this.#queue.push(event)) this.#drop(1);
  }

  #cannotWrite(declared: string, error: unknown): void {
    this.#errors++;
    if (this.#unwritable.has(declared)) return;
    this.#unwritable.add(declared);
    const { plugin, log } = this.#deps;
    log.error("plugin.worker_payload_refused", { plugin, event: declared, err: error });
  }

  #drop(count: number): void {
    this.#dropped += count;
    this.#droppedWarning.add(count);
  }

  get #isGivenUp(): boolean {
    return this.#slots.every(({ state }) => state === "failed");
  }

  #dropIfNoneLeft(): void {
    if (!this.#isGivenUp) return;
    const dropped = this.#queue.clear();
    if (dropped > 0) this.#drop(dropped);
    this.#settleIfIdle();
  }

  /** One after the other, those without credit left out. */
  #nextProcess(): WorkerProcess | undefined {
    for (let tried = 0; tried < this.#slots.length; tried++) {
      const process = this.#slots[this.#next]?.ready;
      this.#next = (this.#next + 1) % this.#slots.length;
      if (process !== undefined && process.unacknowledged < credits) return process;
    }
    return undefined;
  }

  #pump(): void {
    while (this.#queue.length > 0) {
      const process = this.#nextProcess();
      if (process === undefined) return;
      const event = this.#queue.shift();
      if (event !== undefined) process.deliver(event);
    }
    this.#settleIfIdle();
  }

  #settleIfIdle(): void {
    if (this.#whenIdle !== undefined && this.#isIdle) this.#whenIdle();
  }

  get #isIdle(): boolean {
    return this.#queue.length === 0 && this.#slots.every(({ process }) => (process?.unacknowledged ?? 0) === 0);
  }

  /** Ends processes that hang or grow. */
  #look(): void {
    const { maxBusyMs, maxMemoryBytes } = this.#deps.options;
    const now = performance.now();
    for (const { process } of this.#slots) {
      if (process === undefined) continue;
      if (process.busyMs(now) > maxBusyMs) {
        process.kill("SIGKILL", `it has acknowledged no event for ${maxBusyMs} ms`);
        continue;
      }
      void process.measure().then((bytes) => {
        if (bytes > maxMemoryBytes) {
          process.kill("SIGKILL", `it holds ${inMebibytes(bytes)} MiB, and may hold ${inMebibytes(maxMemoryBytes)}`);
        }
      });
    }
  }

  figures(): WorkerFigures {
    return {
      processes: this.#slots.map(({ process, state, handled }) => ({
        pid: process?.pid ?? 0,
        state,
        memoryBytes: process?.memoryBytes ?? 0,
        handled,
      })),
      restarts: this.#restarts,
      queued: this.#queue.length,
      dropped: this.#dropped,
      errors: this.#errors,
    };
  }

  /** Takes no more events, has those that wait handled as long as the deadline allows, and ends the processes. */
  close(): Promise<void> {
    this.#closing ??= this.#drainAndEnd();
    return this.#closing;
  }

  async #drainAndEnd(): Promise<void> {
    const { killTimeoutMs } = this.#deps.options;
    const deadline = performance.now() + killTimeoutMs;
    if (!this.#isIdle) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#whenIdle = resolve;
      const timer = setTimeout(resolve, killTimeoutMs);
      await promise;
      clearTimeout(timer);
    }
    const dropped = this.#queue.clear();
    if (dropped > 0) this.#drop(dropped);
    await this.#end(deadline);
  }

  async #end(deadline: number): Promise<void> {
    clearInterval(this.#watch);
    await Promise.all(this.#slots.map((slot) => slot.close(deadline)));
    this.#droppedWarning.close();
    this.#throttledWarning.close();
  }
}

const levelOf = { stdout: "info", stderr: "warn" } as const satisfies Record<string, LineLevel>;

const inMebibytes = (bytes: number): number => Math.round(bytes / 1_048_576);
