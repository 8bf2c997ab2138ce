import type { Reply } from "../../memory-store.ts";
import type { Keyspace } from "../keyspace.ts";
import { between, type CommandTable, exactly } from "./command.ts";

/** The version of Redis whose behaviour the engine follows where versions differ. */
export const followedVersion = "7.2.0";

const time = (keys: Keyspace): Reply => {
  const now = keys.now();
  const seconds = Math.floor(now / 1000);
  return [String(seconds), String(Math.floor((now - seconds * 1000) * 1000))];
};

const dbsize = (keys: Keyspace): Reply => {
  keys.removeExpired();
  return keys.size;
};

const randomkey = (keys: Keyspace): Reply => {
  keys.removeExpired();
  return keys.random()?.key ?? null;
};

const flushdb = (keys: Keyspace): Reply => {
  keys.clear();
  return "OK";
};

/** The few lines that `server:info` reads. Memory is that of the whole process: the store shares its heap. */
const info = (): Reply => {
  const { heapUsed } = process.memoryUsage();
  const peak = process.resourceUsage().maxRSS * 1024;
  const lines = [
    "# Server",
    `redis_version:${followedVersion}`,
    "redis_mode:standalone",
    "# Memory",
    `used_memory:${heapUsed}`,
    `used_memory_human:${megabytes(heapUsed)}`,
    `used_memory_peak:${peak}`,
    `used_memory_peak_human:${megabytes(peak)}`,
  ];
  return `${lines.join("\r\n")}\r\n`;
};

const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(2)}M`;

export const serverCommands = {
  ping: between(0, 1, (_keys, args) => args[0] ?? "PONG"),
  time: exactly(0, time),
  dbsize: exactly(0, dbsize),
  randomkey: exactly(0, randomkey),
  flushdb: exactly(0, flushdb),
  info: between(0, 1, info),
} satisfies CommandTable;
