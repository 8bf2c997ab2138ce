import type { MaybePromise } from "../../events/index.ts";

/** Named locks that all nodes of one server share. */
export interface Locks {
  /** Takes a lock that nobody holds, for `ttlMs`; `holder` is unique for each attempt to hold it. */
  acquire(resource: string, holder: string, ttlMs: number): MaybePromise<boolean>;
  /** False when the holder has lost the lock meanwhile. */
  release(resource: string, holder: string): MaybePromise<boolean>;
}

/** The locks of a server that has one node. */
export function createLocalLocks(now: () => number = () => performance.now()): Locks {
  const held = new Map<string, { holder: string; until: number }>();
  return {
    acquire(resource, holder, ttlMs) {
      const current = held.get(resource);
      if (current !== undefined && current.until > now()) return false;
      held.set(resource, { holder, until: now() + ttlMs });
      return true;
    },
    release(resource, holder) {
      const current = held.get(resource);
      if (current?.holder !== holder) return false;
      held.delete(resource);
      return current.until > now();
    },
  };
}
