import { type Clock, kerror } from "../kernel/index.ts";

type Counters = Record<string, number>;

/** Requests and connections by protocol, over one interval (contract/api/server.yaml, stats_frame). */
export interface StatisticsFrame {
  readonly timestamp: number;
  readonly completedRequests: Counters;
  readonly failedRequests: Counters;
  readonly ongoingRequests: Counters;
  readonly connections: Counters;
}

export interface StatisticsOptions {
  readonly enabled: boolean;
  /** Seconds that frames are kept. */
  readonly ttl: number;
  /** Seconds that one frame lasts. */
  readonly statsInterval: number;
}

/** Counts requests into frames; the frames of `stats.ttl` seconds are kept. */
export class Statistics {
  readonly #options: StatisticsOptions;
  readonly #clock: Clock;
  readonly #connections: () => Counters;
  readonly #frames: StatisticsFrame[] = [];
  readonly #ongoing: Counters = {};
  #completed: Counters = {};
  #failed: Counters = {};
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(options: StatisticsOptions, clock: Clock, connections: () => Counters) {
    this.#options = options;
    this.#clock = clock;
    this.#connections = connections;
    if (options.enabled) this.#timer = setInterval(() => this.#closeFrame(), options.statsInterval * 1_000).unref();
  }

  started(protocol: string): void {
    if (this.#options.enabled) this.#ongoing[protocol] = (this.#ongoing[protocol] ?? 0) + 1;
  }

  ended(protocol: string, failed: boolean): void {
    if (!this.#options.enabled) return;
    this.#ongoing[protocol] = (this.#ongoing[protocol] ?? 1) - 1;
    const counters = failed ? this.#failed : this.#completed;
    counters[protocol] = (counters[protocol] ?? 0) + 1;
  }

  /** The latest frame, or the counters in progress before there is one. Error: `services.statistics.not_available` (500). */
  last(): StatisticsFrame {
    this.#assertEnabled();
    return this.#frames.at(-1) ?? this.#current();
  }

  /** Frames from `startAt` to `stopAt`, both inclusive epoch milliseconds, oldest first. */
  between(startAt = 0, stopAt = Number.POSITIVE_INFINITY): readonly StatisticsFrame[] {
    this.#assertEnabled();
    const now = this.#clock.now();
    if (startAt >= now) return [];
    if (this.#frames.length === 0) return stopAt < now ? [] : [this.#current()];
    return this.#frames.filter(({ timestamp }) => timestamp >= startAt && timestamp <= stopAt);
  }

  /** Drops the frames that are kept; what is counted now goes on. */
  forget(): void {
    this.#frames.length = 0;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #assertEnabled(): void {
    if (!this.#options.enabled) throw kerror("services.statistics.not_available");
  }

  #current(): StatisticsFrame {
    return {
      timestamp: this.#clock.now(),
      completedRequests: { ...this.#completed },
      failedRequests: { ...this.#failed },
      ongoingRequests: { ...this.#ongoing },
      connections: this.#connections(),
    };
  }

  #closeFrame(): void {
    const frame = this.#current();
    this.#frames.push(frame);
    this.#completed = {};
    this.#failed = {};
    const oldest = frame.timestamp - this.#options.ttl * 1_000;
    while ((this.#frames[0]?.timestamp ?? oldest) < oldest) this.#frames.shift();
  }
}
