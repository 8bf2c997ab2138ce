import type { KuzzleRequest } from "../kernel/index.ts";

/** Where a stack overflow is the client's mistake: no content that means something is nested like this. */
export const maxDepth = 500;

/**
 * True when the body or the arguments of a request have more levels than `maxDepth`. Asked only after a stack has overflowed, so that
 * requests do not pay for it; walks without recursion.
 */
export function isTooDeep({ input }: KuzzleRequest): boolean {
  let level: unknown[] = [input.body, input.args, input.volatile];
  for (let depth = 0; depth <= maxDepth; depth++) {
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== "object" || value === null) continue;
      for (const member of Object.values(value)) if (typeof member === "object" && member !== null) next.push(member);
    }
    if (next.length === 0) return false;
    level = next;
  }
  return true;
}
