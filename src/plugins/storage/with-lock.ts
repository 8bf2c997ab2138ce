import { Mutex } from "../kuzzle/mutex.ts";
import type { Locks } from "../realm/locks.ts";

/** Runs one after the other on all nodes, and within this one. */
export async function withLock<T>(locks: Locks, resource: string, run: () => Promise<T>): Promise<T> {
  const mutex = new Mutex(resource, { attemptDelay: 20, ttl: 30_000 }, locks);
  await mutex.lock();
  try {
    return await run();
  } finally {
    await mutex.unlock();
  }
}
