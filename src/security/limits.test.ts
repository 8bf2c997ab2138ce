import assert from "node:assert/strict";
import { test } from "node:test";
import { isLoopback } from "./open-gate.ts";
import { RateLimiter } from "./rate-limiter.ts";
import { RecentCache } from "./recent-cache.ts";
import { lifetimeMs } from "./tokens/lifetime.ts";

test("a limit counts within one second, by key, and zero means none", () => {
  let now = 10_000;
  const limiter = new RateLimiter({ now: () => now });
  const allowed = (key: string, limit: number, times: number): number =>
    Array.from({ length: times }, () => limiter.allow(key, limit)).filter(Boolean).length;
  assert.equal(allowed("a", 3, 10), 3);
  assert.equal(allowed("b", 3, 2), 2);
  assert.equal(allowed("c", 0, 1_000), 1_000);
  now = 10_999;
  assert.equal(allowed("a", 3, 10), 0);
  now = 11_000;
  assert.equal(allowed("a", 3, 10), 3);
});

test("a cache forgets what is not used, keeps what is, and stays within its bound", () => {
  const cache = new RecentCache<number, string>(10);
  for (let i = 0; i < 1_000; i++) {
    cache.set(i, String(i));
    assert.equal(cache.get(0), "0", "what is read all the time is never forgotten");
  }
  const kept = Array.from({ length: 1_000 }, (_, i) => cache.get(i)).filter((value) => value !== undefined);
  assert.ok(kept.length <= 20, `${kept.length} kept`);
  assert.equal(cache.get(999), "999");
  cache.delete(999);
  assert.equal(cache.get(999), undefined);
});

test("addresses of this machine are recognised, and nothing that only looks like one", () => {
  for (const address of ["127.0.0.1", "127.255.0.3", "::1", "::ffff:127.0.0.1", "::FFFF:127.0.0.1", "localhost"]) {
    assert.equal(isLoopback(address), true, address);
  }
  for (const address of [
    "128.0.0.1",
    "::2",
    "::ffff:10.0.0.1",
    "127.0.0.1.evil.example",
    "127.0.0.1, 1.2.3.4",
    "",
    "0.0.0.0",
    "10.0.0.1",
  ]) {
    assert.equal(isLoopback(address), false, address);
  }
});

test("lifetimes are milliseconds or text, and whatever else is refused", () => {
  const cases: readonly [unknown, number][] = [
    [1_000, 1_000],
    ["1000", 1_000],
    ["1h", 3_600_000],
    ["6d", 518_400_000],
    [-1, -1],
    ["-1", -1],
    ["0.5ms", 1],
  ];
  for (const [given, expected] of cases) assert.equal(lifetimeMs(given, -1), expected, String(given));
  for (const given of [
    0,
    "0",
    -2,
    "-1h",
    "soon",
    "",
    null,
    undefined,
    {},
    [],
    true,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    "1".repeat(200),
  ]) {
    assert.throws(() => lifetimeMs(given, -1), { id: "api.assert.invalid_argument" }, String(given));
  }
  for (const given of [-1, 1_001, "2s"])
    assert.throws(() => lifetimeMs(given, 1_000), { id: "security.token.ttl_exceeded" });
  assert.throws(() => lifetimeMs(1, 0), { id: "security.token.ttl_exceeded" });
});
