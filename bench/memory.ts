/** Nanoseconds per command of the embedded memory store: `node bench/memory.ts`. Takes about three seconds. */
import { silentLogger, systemClock } from "../src/kernel/index.ts";
import { createEmbeddedMemoryStore } from "../src/stores/memory/index.ts";

const keys = 100_000;
const rounds = 300_000;

const store = createEmbeddedMemoryStore({ clock: systemClock, log: silentLogger });
const names = Array.from({ length: keys }, (_, i) => `user:${i}`);
const name = (i: number): string => names[(i * 7919) % keys] ?? "";

function measure(label: string, count: number, work: (i: number) => void): void {
  const start = performance.now();
  for (let i = 0; i < count; i++) work(i);
  const nanoseconds = ((performance.now() - start) * 1e6) / count;
  console.log(`${label.padEnd(34)} ${nanoseconds.toFixed(0).padStart(9)} ns`);
}

measure("set, new key", keys, (i) => store.run("set", [name(i), "value"]));
measure("set, known key", rounds, (i) => store.run("set", [name(i), "value"]));
measure("set EX", rounds, (i) => store.run("set", [name(i), "value", "EX", "1000"]));
measure("get", rounds, (i) => store.run("get", [name(i)]));
measure("incr", rounds, () => store.run("incr", ["counter"]));
measure("hset", rounds, (i) => store.run("hset", ["hash", name(i), "value"]));
measure("hget", rounds, (i) => store.run("hget", ["hash", name(i)]));
measure("rpush", rounds, () => store.run("rpush", ["list", "value"]));
measure("lpop", rounds, () => store.run("lpop", ["list"]));
measure("sadd", rounds, (i) => store.run("sadd", ["set", name(i)]));
measure("zadd, 100 000 members", keys, (i) => store.run("zadd", ["sorted", String(i % 5003), name(i)]));
measure("zrank", keys, (i) => store.run("zrank", ["sorted", name(i)]));
measure("zrange, 10 from the middle", keys, () => store.run("zrange", ["sorted", "50000", "50009"]));
measure("zrangebyscore LIMIT 0 10", keys, (i) =>
  store.run("zrangebyscore", ["sorted", String(i % 5003), "inf", "LIMIT", "0", "10"]),
);
measure("keys user:1234*, of 100 000", 10, () => store.run("keys", ["user:1234*"]));
measure("keys *99*1*, of 100 000", 10, () => store.run("keys", ["*99*1*"]));
await store[Symbol.asyncDispose]();
