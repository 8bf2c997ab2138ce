/** A reply of the memory storage: what Redis would answer, as the official client sees it. */
export type Reply = string | number | null | readonly Reply[];

/**
 * The shared memory behind the `ms` controller: the commands of Redis, by their names, on one keyspace.
 *
 * `execute("set", ["k", "v", "EX", "10"])` answers `"OK"`. Arguments are strings, as on Redis' wire.
 * Errors: a `MemoryStoreError` whose message is Redis' own, e.g. `WRONGTYPE Operation against a key holding the wrong kind of value`.
 * Source: contract/memory-storage.md.
 */
export interface MemoryStore extends AsyncDisposable {
  readonly engine: { readonly backend: string; readonly version: string };
  execute(command: string, args: readonly string[]): Promise<Reply>;
}

/** A refusal of a command. */
export class MemoryStoreError extends Error {}
