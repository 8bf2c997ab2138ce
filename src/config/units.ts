import parseMs, { type StringValue } from "ms";

const factors: Readonly<Record<string, number>> = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3, tb: 1024 ** 4 };

/**
 * Bytes of a size as the configuration writes it: `"1MB"` is 1048576, `"1.5kb"` is 1536, `2048` and `"2048"` are themselves.
 * Undefined for what is no size.
 */
export function findBytes(size: unknown): number | undefined {
  if (typeof size === "number") return Number.isFinite(size) && size >= 0 ? Math.floor(size) : undefined;
  if (typeof size !== "string" || size.length > 100) return undefined;
  const match = /(\d+(?:\.\d+)?)\s*([kmgt]?b)/i.exec(size);
  if (match === null) return /^\s*\d+\s*$/.test(size) ? Number(size) : undefined;
  const factor = factors[(match[2] ?? "").toLowerCase()];
  return factor === undefined ? undefined : Math.floor(Number(match[1]) * factor);
}

/**
 * Bytes of a size that the configuration's checks let through: `bytes(config.server.maxRequestSize)`.
 * Errors: `RangeError` for what is no size.
 */
export function bytes(size: string | number): number {
  const count = findBytes(size);
  if (count === undefined) throw new RangeError(`"${size}" is no size. Write a number of bytes, or "1MB".`);
  return count;
}

/**
 * Milliseconds of a duration: `"1h"` is 3600000, `1500` and `"1500"` are themselves, `-1` (for ever, or no limit) stays `-1`.
 * Undefined for what is no duration.
 */
export function findDurationMs(duration: unknown): number | undefined {
  if (typeof duration === "number") return Number.isFinite(duration) ? duration : undefined;
  if (typeof duration !== "string" || duration.length === 0 || duration.length > 100) return undefined;
  const parsed: number | undefined = parseMs(duration as StringValue); // the library answers undefined for other texts
  return parsed !== undefined && Number.isFinite(parsed) ? parsed : undefined;
}

/** As {@link findDurationMs}, for what was checked already. Errors: `RangeError` for what is no duration. */
export function durationMs(duration: string | number): number {
  const count = findDurationMs(duration);
  if (count === undefined) throw new RangeError(`"${duration}" is no duration. Write milliseconds, or "1h".`);
  return count;
}
