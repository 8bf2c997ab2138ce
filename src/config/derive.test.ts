import assert from "node:assert/strict";
import { test } from "node:test";
import { Configuration, loadConfig, type Sources } from "./index.ts";

const nothing: Sources = { argv: [], env: {}, root: "/", home: undefined, files: "none" };
const loadEnv = (env: Record<string, string>) => loadConfig({ ...nothing, env });

test("accepted origins are a list: text is split on commas and trimmed", () => {
  const { config } = loadEnv({ kuzzle_http__accessControlAllowOrigin: "https://a.io , https://b.io," });
  assert.deepEqual(config.http.accessControlAllowOrigin, ["https://a.io", "https://b.io"]);
  assert.equal(config.internal.allowAllOrigins, false);
  assert.deepEqual(loadEnv({}).config.http.accessControlAllowOrigin, ["*"]);
  assert.equal(loadEnv({}).config.internal.allowAllOrigins, true);
});

test("accepted origins may be regular expressions, and a wrong one stops the start", () => {
  const env = { kuzzle_http__accessControlAllowOriginUseRegExp: "true" };
  const list = { ...env, kuzzle_http__accessControlAllowOrigin: '*json:["^https://.*\\\\.a\\\\.io$", "*"]' };
  const { config } = loadEnv(list);
  assert.deepEqual(config.http.accessControlAllowOrigin, [/^https:\/\/.*\.a\.io$/, "*"]);
  for (const wrong of ["(", '*json:["("]']) {
    assert.throws(() => loadEnv({ ...env, kuzzle_http__accessControlAllowOrigin: wrong }), {
      id: "core.configuration.cannot_parse",
      message: /variable kuzzle_http__accessControlAllowOrigin/,
    });
  }
});

test("protocols that are enabled and notified are listed", () => {
  const notifiable = (env: Record<string, string>) => loadEnv(env).config.internal.notifiableProtocols;
  assert.deepEqual(notifiable({}), ["websocket"]);
  assert.deepEqual(
    notifiable({
      kuzzle_server__protocols__mqtt__enabled: "true",
      kuzzle_server__protocols__websocket__realtimeNotifications: "false",
      kuzzle_server__protocols__coap__realtimeNotifications: "true",
      kuzzle_server__protocols__amqp__enabled: "true",
    }),
    ["mqtt", "coap"],
  );
});

test("a former token key counts where the new one is not set", () => {
  const former = {
    kuzzle_security__jwt__expiresIn: "2h",
    kuzzle_security__jwt__secret: "old",
    kuzzle_security__jwt__gracePeriod: "5",
  };
  const { config, warnings } = loadEnv(former);
  assert.deepEqual(
    { ...config.security.authToken },
    { algorithm: "HS256", expiresIn: "2h", gracePeriod: 5, maxTTL: -1, secret: "old" },
  );
  assert.deepEqual(new Set(warnings.map(({ code }) => code)), new Set(["obsolete_key"]));

  const both = loadEnv({ ...former, kuzzle_security__authToken__expiresIn: "1h" });
  assert.equal(both.config.security.authToken.expiresIn, "1h");
  assert.equal(both.config.security.authToken.secret, "old");

  const configuration = new Configuration({ ...nothing, env: former });
  configuration.content.security.authToken.expiresIn = "3h";
  assert.equal(configuration.freeze().config.security.authToken.expiresIn, "3h");
});

test("the older name of MQTT's port counts where the new one is not set", () => {
  const older = { kuzzle_server__protocols__mqtt__port: "1884" };
  assert.equal(loadEnv(older).config.server.protocols.mqtt.server.port, 1884);
  const both = { ...older, kuzzle_server__protocols__mqtt__server__port: "1885" };
  assert.equal(loadEnv(both).config.server.protocols.mqtt.server.port, 1885);
});

test("an idle timeout under a second becomes a minute, with a warning", () => {
  const { config, warnings } = loadEnv({ kuzzle_server__protocols__websocket__idleTimeout: "999" });
  assert.equal(config.server.protocols.websocket.idleTimeout, 60_000);
  assert.deepEqual(
    warnings.map(({ code, from }) => [code, from]),
    [["value_changed", "variable kuzzle_server__protocols__websocket__idleTimeout"]],
  );
});

test("the version is the contract's unless the caller says another", () => {
  assert.equal(loadEnv({ kuzzle_version: "9" }).config.version, "2.56.0");
  assert.equal(loadConfig({ ...nothing, version: "1.12.0" }).config.version, "1.12.0");
});
