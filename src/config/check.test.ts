import assert from "node:assert/strict";
import { test } from "node:test";
import { Configuration, loadConfig, type Sources } from "./index.ts";

const nothing: Sources = { argv: [], env: {}, root: "/", home: undefined, files: "none" };
const loadEnv = (env: Record<string, string>) => loadConfig({ ...nothing, env });

const refused: readonly [variable: string, value: string, id: string, message: RegExp][] = [
  ["limits__concurrentRequests", "many", "invalid_type", /must be an integer, found "many" \(from variable kuzzle_lim/],
  ["limits__concurrentRequests", "0", "out_of_range", /at least 1, found 0/],
  ["limits__subscriptionRooms", "-1", "out_of_range", /at least 0/],
  [
    "limits__concurrentRequests",
    "50000",
    "out_of_range",
    /less than limits\.requestsBufferSize, which is 50000 \(from the d/,
  ],
  ["limits__requestsBufferWarningThreshold", "99", "out_of_range", /at least limits\.concurrentRequests, which is 100/],
  ["limits__requestsBufferWarningThreshold", "50001", "out_of_range", /at most limits\.requestsBufferSize/],
  ["http__cookieAuthentication", "yes", "invalid_type", /must be true or false/],
  ["server__protocols__http__enabled", "1", "invalid_type", /must be true or false, found 1/],
  ["server__protocols__http__maxEncodingLayers", "0", "out_of_range", /at least 1/],
  ["server__protocols__websocket__idleTimeout", "1.5", "invalid_type", /an integer, found 1\.5/],
  ["server__protocols__websocket__rateLimit", "-1", "out_of_range", /at least 0/],
  ["server__maxRequestSize", "huge", "out_of_range", /a size such as "1MB", found "huge"/],
  ["security__authToken__expiresIn", "soon", "out_of_range", /a duration such as "1h"/],
  ["security__restrictedProfileIds", "default", "invalid_type", /an array \(in a variable: \*json:/],
  ["security__restrictedProfileIds", "*json:[1]", "invalid_type", /restrictedProfileIds\.0" must be a text/],
  ["cluster__ip", "both", "out_of_range", /one of private, public, null/],
  ["cluster__heartbeat", "0", "out_of_range", /more than 0/],
  ["cluster__syncTimeout", "60000", "out_of_range", /less than cluster\.joinTimeout/],
  ["server__appLogs__level", "loud", "out_of_range", /one of trace, debug/],
  ["server__protocols__mqtt__server__port", "70000", "out_of_range", /at most 65535/],
  ["plugins__common", "*json:null", "invalid_type", /a section of keys, found null/],
  ["plugins__common__maxConcurrentPipes", "0", "out_of_range", /at least 1/],
];

for (const [variable, value, id, message] of refused) {
  test(`${variable}=${value} stops the start`, () => {
    assert.throws(() => loadEnv({ [`kuzzle_${variable}`]: value }), { id: `core.configuration.${id}`, message });
  });
}

test("server.port is an integer from 0 to 65535", () => {
  for (const port of ["7512.5", "http", "-1", "65536", "*json:null"]) {
    assert.throws(() => loadEnv({ kuzzle_server__port: port }), {
      id: "network.entrypoint.invalid_port",
      message: /variable kuzzle_server__port/,
    });
  }
  assert.equal(loadEnv({ kuzzle_server__port: "0" }).config.server.port, 0);
});

test("limits that are 0 for no limit may be 0, and the rule between limits may be met exactly", () => {
  const { limits } = loadEnv({
    kuzzle_limits__subscriptionRooms: "0",
    kuzzle_limits__subscriptionDocumentTTL: "0",
    kuzzle_limits__requestsBufferWarningThreshold: "100",
  }).config;
  assert.deepEqual([limits.subscriptionRooms, limits.subscriptionDocumentTTL], [0, 0]);
});

test("null unsets a key without default, and is a value where null is one", () => {
  const { config } = loadEnv({
    kuzzle_plugins__common__pipeTimeout: "*json:null",
    kuzzle_cluster__ip: "*json:null",
  });
  assert.ok(!("pipeTimeout" in config.plugins.common));
  assert.equal(config.cluster.ip, null);
});

test("a wrong secret is not shown in the message", () => {
  const configuration = new Configuration(nothing);
  configuration.set("security.authToken.secret", ["s3cret"]);
  assert.throws(() => configuration.freeze(), { message: /secret" must be a text or null, found an array/ });
  assert.throws(
    () => loadEnv({ kuzzle_security__authToken: "s3cret" }),
    (error: Error) => !error.message.includes("s3cret") || /authToken" must be a section/.test(error.message),
  );
});

test("a long wrong value is cut", () => {
  assert.throws(
    () => loadEnv({ kuzzle_stats__ttl: "x".repeat(10_000) }),
    (error: Error) => error.message.length < 300,
  );
});
