import { kerror } from "../../kernel/index.ts";
import type { Duration } from "../options.ts";
import { millisecondsOf } from "../storage/search.ts";

/**
 * Milliseconds that a token is to live, -1 for ever.
 *
 * Errors: `api.assert.invalid_argument` (400) for what is no duration, zero or negative; `security.token.ttl_exceeded` (400) beyond `maxTtlMs`
 * (-1: no maximum).
 */
export function lifetimeMs(expiresIn: unknown, maxTtlMs: number): number {
  const ttl =
    typeof expiresIn === "string" || typeof expiresIn === "number" ? millisecondsOf(expiresIn as Duration) : undefined;
  if (ttl === undefined || ttl === 0 || (ttl < 0 && ttl !== -1)) {
    throw kerror("api.assert.invalid_argument", "expiresIn", "milliseconds, a duration as in 1h, or -1");
  }
  if (maxTtlMs > -1 && (ttl === -1 || ttl > maxTtlMs)) throw kerror("security.token.ttl_exceeded");
  // Whole milliseconds: durations such as "0.5ms" exist.
  return ttl === -1 ? -1 : Math.ceil(ttl);
}
