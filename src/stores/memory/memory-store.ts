/** A reply of the memory storage: what Redis would answer, as the official client sees it. */
export type Reply = string | number | null | readonly Reply[];

/** A command by its name and its arguments: `{ name: "set", args: ["k", "v", "EX", "10"] }`. */
export interface MemoryCommand {
  readonly name: string;
  readonly args: readonly string[];
}

/**
 * The shared memory behind the `ms` controller: the commands of Redis, by their names, on one keyspace.
 *
 * `execute("set", ["k", "v", "EX", "10"])` answers `"OK"`. Arguments are strings, as on Redis' wire.
 * Errors: a `MemoryStoreError` whose message is Redis' own, e.g. `WRONGTYPE Operation against a key holding the wrong kind of value`;
 * a `MemoryStoreUnavailableError` when the engine cannot be reached, or was closed.
 * Source: contract/memory-storage.md.
 */
export interface MemoryStore extends AsyncDisposable {
  readonly engine: { readonly backend: string; readonly version: string };
  execute(command: string, args: readonly string[]): Promise<Reply>;
  /**
   * Runs the commands as one step that nobody else comes between; there is no roll-back. One outcome per command, in order: its reply,
   * or the error that refused it. Refused as a whole, with `EXECABORT`, when a command is unknown or has a wrong number of arguments.
   */
  transact(commands: readonly MemoryCommand[]): Promise<readonly (Reply | MemoryStoreError)[]>;
}

/** A refusal of a command. The first word of the message is Redis' error prefix. */
export class MemoryStoreError extends Error {}

/** The engine did not get the command: not connected, or closed. */
export class MemoryStoreUnavailableError extends Error {}
