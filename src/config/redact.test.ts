import assert from "node:assert/strict";
import { test } from "node:test";
import { isPlainObject } from "../kernel/index.ts";
import { Configuration, redactedConfig } from "./index.ts";

test("server:getConfig shows the configuration without its secrets", () => {
  const configuration = new Configuration({
    argv: [],
    env: { kuzzle_STRAY_PASSWORD: "hidden-1", kuzzle_security__authToken__secret: "hidden-2" },
    root: "/",
    home: undefined,
    files: "none",
  });
  configuration.set("VAULT_KEY", "hidden-3");
  configuration.set("services.internalCache.options", {
    username: "tenon",
    password: "hidden-4",
    tls: { key: "hidden-5", servername: "cache", pfx: Buffer.from("hidden-6") },
    maxRetriesPerRequest: 3,
  });
  configuration.set("services.internalCache.node", {
    sentinels: [{ host: "s1", port: 1 }],
    name: "m",
    sentinelPassword: "hidden-7",
  });
  configuration.set("services.storageEngine.client", {
    node: "https://elastic:hidden-8@search:9200/path",
    nodes: ["http://a:hidden-9@h1", { url: "http://:hidden-0@h2" }],
    auth: { username: "elastic", password: "hidden-a", apiKey: { id: "x", api_key: "hidden-b" } },
    headers: { Authorization: "hidden-c" },
  });
  configuration.set("http.accessControlAllowOriginUseRegExp", true);
  configuration.set("http.accessControlAllowOrigin", ["^a[.]io$"]);
  const { config } = configuration.freeze();
  const shown = redactedConfig(config);

  const text = JSON.stringify(shown);
  assert.doesNotMatch(text, /hidden|VAULT_KEY|STRAY/);
  assert.ok(!("security" in shown));
  assert.ok(isPlainObject(shown.http) && isPlainObject(shown.services) && isPlainObject(shown.services.storageEngine));
  assert.ok(!("routes" in shown.http));
  assert.deepEqual(shown.http.accessControlAllowOrigin, ["^a[.]io$"]);
  assert.deepEqual(shown.services.storageEngine.client, {
    node: "https://elastic:***@search:9200/path",
    nodes: ["http://a:***@h1", { url: "http://:***@h2" }],
    auth: { username: "elastic", password: "***", apiKey: { id: "x", api_key: "***" } },
    headers: { Authorization: "***" },
  });
  assert.match(text, /"maxRetriesPerRequest":3/);
  assert.match(text, /"tls":\{"key":"\*\*\*","servername":"cache","pfx":"\*\*\*"\}/);
  assert.match(text, /"sentinels":\[\{"host":"s1","port":1\}\]/);
  assert.deepEqual(
    shown.services.storageEngine.internalIndex,
    config.services.storageEngine.internalIndex,
    "a field of a mapping is no secret, even one named token",
  );
  assert.equal(shown.version, "2.56.0");
  assert.deepEqual(shown.internal, config.internal);
  assert.equal(config.services.internalCache.options.password, "hidden-4", "the configuration itself is untouched");
});
