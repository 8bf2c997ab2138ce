import type { Clock, Logger } from "../../../kernel/index.ts";
import {
  type MemoryCommand,
  type MemoryStore,
  MemoryStoreError,
  MemoryStoreUnavailableError,
  type Reply,
} from "../memory-store.ts";
import type { Command } from "./commands/command.ts";
import { followedVersion } from "./commands/server.ts";
import { commands } from "./commands/table.ts";
import { Keyspace } from "./keyspace.ts";
import { refusals } from "./refusals.ts";

export interface EmbeddedOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** How often expired keys are removed in the background. */
  readonly sweepEveryMs?: number;
}

/** Keys removed between two looks at the time spent. */
const sweepBatch = 200;
const maxSweepMs = 2;

/**
 * Shared memory in the process itself: one keyspace, which vanishes with it (nothing survives a restart, and nothing is shared between
 * processes). Commands run one at a time, each to its end, in the order they are called.
 */
export class EmbeddedMemoryStore implements MemoryStore {
  readonly engine = { backend: "embedded", version: followedVersion };
  readonly #keys: Keyspace;
  readonly #log: Logger;
  readonly #sweepEveryMs: number;
  #sweeper: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: EmbeddedOptions) {
    this.#keys = new Keyspace(options.clock);
    this.#log = options.log;
    this.#sweepEveryMs = options.sweepEveryMs ?? 100;
  }

  /** As `execute`, but answers (or throws) at once. */
  run(name: string, args: readonly string[]): Reply {
    const command = this.#commandFor(name, args);
    const reply = command.run(this.#keys, wellFormed(args));
    if (this.#sweeper === undefined && this.#keys.mortals > 0) this.#startSweeping();
    return reply;
  }

  // Async without an await: what the command throws is the rejection.
  async execute(command: string, args: readonly string[]): Promise<Reply> {
    return this.run(command, args);
  }

  async transact(list: readonly MemoryCommand[]): Promise<readonly (Reply | MemoryStoreError)[]> {
    try {
      for (const { name, args } of list) this.#commandFor(name, args);
    } catch (error) {
      if (error instanceof MemoryStoreError) throw refusals.aborted();
      throw error;
    }
    return list.map(({ name, args }) => {
      try {
        return this.run(name, args);
      } catch (error) {
        if (error instanceof MemoryStoreError) return error;
        throw error;
      }
    });
  }

  /** Removes what has expired, for at most two milliseconds; answers whether something was left. Runs by itself while keys can expire. */
  sweep(): boolean {
    const until = performance.now() + maxSweepMs;
    let more = true;
    while (more && performance.now() < until) more = this.#keys.removeExpired(sweepBatch);
    return more;
  }

  /** Drops all keys. May be called twice; commands are refused afterwards. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopSweeping();
    this.#log.debug("memory.closed", { keys: this.#keys.size });
    this.#keys.clear();
  }

  #commandFor(name: string, args: readonly string[]): Command {
    if (this.#closed) throw new MemoryStoreUnavailableError("The memory store is closed.");
    const command = commands.get(name) ?? commands.get(name.toLowerCase());
    if (command === undefined) throw refusals.unknownCommand(name);
    if (args.length < command.min || args.length > command.max) throw refusals.arity(name.toLowerCase());
    return command;
  }

  #startSweeping(): void {
    this.#sweeper = setInterval(() => {
      this.sweep();
      if (this.#keys.mortals === 0) this.#stopSweeping();
    }, this.#sweepEveryMs);
    this.#sweeper.unref();
  }

  #stopSweeping(): void {
    clearInterval(this.#sweeper);
    this.#sweeper = undefined;
  }
}

/** On the wire text is UTF-8, which has no lone surrogates: they become U+FFFD, so that equal bytes are equal keys. */
function wellFormed(args: readonly string[]): readonly string[] {
  for (const arg of args) if (!arg.isWellFormed()) return args.map((text) => text.toWellFormed());
  return args;
}

/** The engine for one process, with nothing to install. */
export const createEmbeddedMemoryStore = (options: EmbeddedOptions): EmbeddedMemoryStore =>
  new EmbeddedMemoryStore(options);
