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
import { changesNothing, type Effect, effectsOf } from "./durable/effects.ts";
import type { Journal } from "./durable/journal.ts";
import { openJournal } from "./durable/open-journal.ts";
import { Keyspace } from "./keyspace.ts";
import { refusals } from "./refusals.ts";

export interface EmbeddedOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Where the keyspace is kept; made when missing. Without it everything vanishes with the process. One store per directory. */
  readonly directory?: string;
  /** Size of the journal after which it is compacted; 64 MiB unless given. */
  readonly compactAfterBytes?: number;
  /** How often expired keys are removed in the background. */
  readonly sweepEveryMs?: number;
}

/** Keys removed between two looks at the time spent. */
const sweepBatch = 200;
const maxSweepMs = 2;

/**
 * Shared memory in the process itself: one keyspace, not shared between processes. Commands run one at a time, each to its end, in the order
 * they are called.
 *
 * What survives: with a `directory`, everything across an orderly restart; a crash of the process may lose the writes of its last turns of
 * the event loop, a power cut those of the last second (as Redis' `appendfsync everysec`). Replies do not wait for the disk. While the disk cannot take the writes, they are refused with
 * `MISCONF`. Without a directory nothing survives.
 */
export class EmbeddedMemoryStore implements MemoryStore {
  readonly engine = { backend: "embedded", version: followedVersion };
  readonly #keys: Keyspace;
  readonly #log: Logger;
  readonly #sweepEveryMs: number;
  readonly #journal: Journal | undefined;
  /** What happened since the last line of the journal. */
  #effects: Effect[] = [];
  #sweeper: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: EmbeddedOptions) {
    const { clock, directory } = options;
    this.#log = options.log;
    this.#sweepEveryMs = options.sweepEveryMs ?? 100;
    let loading = true;
    this.#keys = new Keyspace({ now: () => (loading ? 0 : clock.now()) }, (key) => {
      if (this.#journal !== undefined) this.#effects.push(["del", key]);
    });
    if (directory !== undefined) {
      this.#journal = openJournal(this.#keys, { ...options, directory });
      const now = clock.now();
      for (const entry of this.#keys.entries()) entry.accessedAt = now;
    }
    loading = false;
    if (this.#keys.mortals > 0) this.#startSweeping();
  }

  /** As `execute`, but answers (or throws) at once. */
  run(name: string, args: readonly string[]): Reply {
    const command = this.#commandFor(name, args);
    try {
      return this.#apply(name, command, wellFormed(args));
    } finally {
      if (this.#effects.length > 0) this.#record();
    }
  }

  // Async without an await: what the command throws is the rejection.
  async execute(command: string, args: readonly string[]): Promise<Reply> {
    return this.run(command, args);
  }

  async transact(list: readonly MemoryCommand[]): Promise<readonly (Reply | MemoryStoreError)[]> {
    const found = this.#commandsFor(list);
    const outcomes: (Reply | MemoryStoreError)[] = [];
    try {
      for (const [i, { name, args }] of list.entries()) {
        const command = found[i];
        if (command !== undefined) outcomes.push(this.#attempt(name, command, args));
      }
    } finally {
      if (this.#effects.length > 0) this.#record();
    }
    return outcomes;
  }

  #commandsFor(list: readonly MemoryCommand[]): Command[] {
    try {
      return list.map(({ name, args }) => this.#commandFor(name, args));
    } catch (error) {
      throw error instanceof MemoryStoreError ? refusals.aborted() : error;
    }
  }

  #attempt(name: string, command: Command, args: readonly string[]): Reply | MemoryStoreError {
    try {
      return this.#apply(name, command, wellFormed(args));
    } catch (error) {
      if (error instanceof MemoryStoreError) return error;
      throw error;
    }
  }

  #apply(name: string, command: Command, args: readonly string[]): Reply {
    if (this.#journal === undefined) {
      const reply = command.run(this.#keys, args);
      if (this.#sweeper === undefined && this.#keys.mortals > 0) this.#startSweeping();
      return reply;
    }
    const lowerCase = name.toLowerCase();
    // PING is refused, too, as Redis does: who asks whether the store is well hears that it is not.
    if (changesNothing(lowerCase) && lowerCase !== "ping") return command.run(this.#keys, args);
    if (this.#journal.isFull) throw refusals.journalFull();
    const reply = command.run(this.#keys, args);
    for (const effect of effectsOf(this.#keys, lowerCase, args, reply)) this.#effects.push(effect);
    if (this.#sweeper === undefined && this.#keys.mortals > 0) this.#startSweeping();
    return reply;
  }

  #record(): void {
    this.#journal?.append(this.#effects);
    this.#effects = [];
  }

  /** Removes what has expired, for at most two milliseconds; answers whether something was left. Runs by itself while keys can expire. */
  sweep(): boolean {
    const until = performance.now() + maxSweepMs;
    let more = true;
    while (more && performance.now() < until) more = this.#keys.removeExpired(sweepBatch);
    if (this.#effects.length > 0) this.#record();
    return more;
  }

  /** Brings what is waiting to the disk. May be called twice; commands are refused afterwards. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopSweeping();
    this.#log.debug("memory.closed", { keys: this.#keys.size });
    this.#keys.clear();
    await this.#journal?.close();
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
