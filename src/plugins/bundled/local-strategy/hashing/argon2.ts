import { argon2Sync, randomBytes, timingSafeEqual } from "node:crypto";

/** What one hash may cost. */
export interface HashCost {
  readonly memoryKiB: number;
  readonly passes: number;
}

/** OWASP's minimum for argon2id: 19 MiB, 2 passes, 1 lane. */
export const defaultCost: HashCost = { memoryKiB: 19_456, passes: 2 };
const parallelism = 1;
const saltBytes = 16;
const tagBytes = 32;

const base64 = (bytes: Buffer): string => bytes.toString("base64").replace(/=+$/, "");

/** `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<tag>`: the usual text form, which names its own cost. */
export function hashWithArgon2(password: string, { memoryKiB, passes }: HashCost): string {
  const nonce = randomBytes(saltBytes);
  const message = Buffer.from(password);
  const tag = argon2Sync("argon2id", { message, nonce, parallelism, tagLength: tagBytes, memory: memoryKiB, passes });
  return `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${parallelism}$${base64(nonce)}$${base64(tag)}`;
}

const form = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]{6,})$/;

export const isArgon2 = (stored: string): boolean => stored.startsWith("$argon2id$");

/** Whether a hash was made at this cost. */
export function hasCost(stored: string, { memoryKiB, passes }: HashCost): boolean {
  return stored.startsWith(`$argon2id$v=19$m=${memoryKiB},t=${passes},p=${parallelism}$`);
}

/** False also for a text that cannot be read. */
export function matchesArgon2(password: string, stored: string): boolean {
  const [, memory, cost, lanes, salt = "", expected = ""] = form.exec(stored) ?? [];
  if (memory === undefined) return false;
  const message = Buffer.from(password);
  const nonce = Buffer.from(salt, "base64");
  const tag = Buffer.from(expected, "base64");
  const settings = { memory: Number(memory), passes: Number(cost), parallelism: Number(lanes), tagLength: tag.length };
  try {
    return timingSafeEqual(argon2Sync("argon2id", { message, nonce, ...settings }), tag);
  } catch {
    return false; // a cost or a salt that the algorithm does not take
  }
}
