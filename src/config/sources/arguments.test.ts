import assert from "node:assert/strict";
import { test } from "node:test";
import { loadConfig } from "../index.ts";

const load = (...argv: string[]) => loadConfig({ argv, env: {}, root: "/", home: undefined, files: "none" }).config;

test("keys take their value from the next word or behind an equals sign, and the last one counts", () => {
  assert.equal(load("--server.port", "7600").server.port, 7600);
  assert.equal(load("--server.port=7600", "--server.port=7601").server.port, 7601);
  assert.equal(load("--application.motto=a=b").application.motto, "a=b");
  assert.equal(load("--security.authToken.maxTTL", "-1").security.authToken.maxTTL, -1);
});

test("flags need no value, and do not swallow the word behind them", () => {
  assert.equal(load("--dump.enabled", "start").dump.enabled, true);
  assert.equal(load("--no-cluster.enabled").cluster.enabled, false);
  assert.equal(load("--cluster.enabled", "false").cluster.enabled, false);
  assert.equal(load("--dump.enabled", "--server.port", "7600").server.port, 7600);
});

test("--port, --host and --data are short; --root is the caller's", () => {
  const config = load("--port", "7600", "--host", "127.0.0.1", "--data", "/var/lib/tenon", "--root", "/srv/app");
  assert.deepEqual([config.server.port, config.server.host, config.tenon.data], [7600, "127.0.0.1", "/var/lib/tenon"]);
});

test("words without dashes, and all behind two dashes, are not the configuration's", () => {
  assert.equal(load("start", "server.port", "--", "--nonsense", "-x").server.port, 7512);
});

test("arguments that name no key are refused", () => {
  for (const [argument, message] of [
    ["-p", /-p is unknown.*two dashes/],
    ["--=1", /names no key/],
    ["--prot", /argument --prot sets "prot"/],
    ["--server", /"server" must be a section|"server"/],
    ["--no-server.port", /server\.port/],
  ] as const) {
    assert.throws(() => load(argument), message, argument);
  }
});
