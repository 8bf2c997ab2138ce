import type { Reply } from "../../memory-store.ts";
import type { Keyspace } from "../keyspace.ts";

/** A command with its name first, such that running it again has the same effect at any time. */
export type Effect = readonly string[];

/** Commands that change nothing. One forgotten here costs space in the journal, not data. */
const readers: ReadonlySet<string> = new Set(
  (
    "get strlen getrange mget getbit bitcount bitpos exists touch keys ttl pttl type object scan hscan sscan zscan randomkey dbsize " +
    "ping time info llen lindex lrange hget hmget hexists hstrlen hlen hkeys hvals hgetall scard sismember smembers srandmember " +
    "sinter sunion sdiff zscore zcard zrank zrevrank zrange zrevrange zrangebyscore zrevrangebyscore zrangebylex zrevrangebylex " +
    "zcount zlexcount geodist geohash geopos pfcount"
  ).split(" "),
);

export const changesNothing = (name: string): boolean => readers.has(name);

/** What a command did: relative delays become instants, random picks become their outcome. */
export function effectsOf(keys: Keyspace, name: string, args: readonly string[], reply: Reply): Effect[] {
  const key = args[0] ?? "";
  switch (name) {
    case "set":
      if (reply === null) return [];
      return args.length === 2 ? [[name, ...args]] : [["set", key, args[1] ?? ""], ...deadlineOf(keys, key)];
    case "setex":
    case "psetex":
      return [["set", key, args[2] ?? ""], ...deadlineOf(keys, key)];
    case "expire":
    case "pexpire":
    case "expireat":
    case "pexpireat":
      if (reply === 0) return [];
      return keys.peek(key) === undefined ? [["del", key]] : deadlineOf(keys, key);
    case "spop": {
      const members = (Array.isArray(reply) ? reply : [reply]).filter((member) => typeof member === "string");
      return members.length === 0 ? [] : [["srem", key, ...members]];
    }
    case "sort":
    case "georadius":
    case "georadiusbymember":
      // A number says how many were stored.
      return typeof reply === "number" ? [[name, ...args]] : [];
    default:
      return [[name, ...args]];
  }
}

function deadlineOf(keys: Keyspace, key: string): Effect[] {
  const expiresAt = keys.peek(key)?.expiresAt ?? 0;
  return expiresAt === 0 ? [] : [["pexpireat", key, String(expiresAt)]];
}
