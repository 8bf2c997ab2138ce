import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { isPlainObject } from "../kernel/index.ts";
import { Configuration, type LoadedConfig, loadConfig, type Sources } from "./index.ts";

const nothing: Sources = { argv: [], env: {}, root: "/", home: undefined, files: "none" };
const load = (sources: Partial<Sources>): LoadedConfig => loadConfig({ ...nothing, ...sources });
const loadEnv = (env: Record<string, string>): LoadedConfig => load({ env });

test("without any source the configuration is the defaults, and nothing is recorded", () => {
  const { config, warnings, recorded } = load({});
  assert.equal(config.server.port, 7512);
  assert.equal(config.tenon.data, "data");
  assert.deepEqual(config.plugins.common.include, ["kuzzle-plugin-auth-passport-local"]);
  assert.deepEqual([warnings, recorded], [[], []]);
});

test("variables reach any key, give values their types, and are recorded", () => {
  const { config, recorded } = loadEnv({
    kuzzle_server__port: "7600",
    KUZZLE_stats__enabled: "false",
    kuzzle_services__storageEngine__client__node: "http://search:9200",
    kuzzle_plugins__billing__rate: "-1.5",
    kuzzle_plugins__billing__apiVersion: "2.10",
    kuzzle_plugins__common__include: '*json:["a", "b"]',
  });
  assert.equal(config.server.port, 7600);
  assert.equal(config.stats.enabled, false);
  assert.deepEqual(config.services.storageEngine.client, { node: "http://search:9200" });
  assert.deepEqual(config.plugins.billing, { rate: -1.5, apiVersion: "2.10" });
  assert.deepEqual(config.plugins.common.include, ["a", "b"]);
  assert.deepEqual(
    recorded.find(({ key }) => key === "server.port"),
    { key: "server.port", from: "variable kuzzle_server__port" },
  );
});

test("a text that reads as a number stays a text where the key is one, and where it would lose digits", () => {
  const { config } = loadEnv({
    kuzzle_security__authToken__secret: "0123456789",
    kuzzle_services__storageEngine__majorVersion: "8",
    kuzzle_application__account: "12345678901234567890",
    kuzzle_application__count: "+12",
    kuzzle_application__password: "0123",
    kuzzle_application__name: "1e5",
  });
  assert.equal(config.security.authToken.secret, "0123456789");
  assert.equal(config.services.storageEngine.majorVersion, "8");
  assert.deepEqual(config.application, { account: "12345678901234567890", count: 12, password: "0123", name: "1e5" });
});

test("arguments win over Tenon's variables, and those over Kuzzle's", () => {
  const env = { kuzzle_server__port: "1", tenon_server__port: "2" };
  assert.equal(load({ env: { kuzzle_server__port: "1" } }).config.server.port, 1);
  assert.equal(load({ env }).config.server.port, 2);
  assert.equal(load({ env: { tenon_server__port: "2", tenon_port: "3" } }).config.server.port, 2);
  assert.equal(load({ env, argv: ["--server.port", "4"] }).config.server.port, 4);
});

test("a variable for one key wins over a variable for its whole section, in any order", () => {
  const { config } = loadEnv({
    kuzzle_services__internalCache__node__port: "6380",
    kuzzle_services__internalCache__node: '*json:{"host": "cache", "port": 1}',
  });
  assert.deepEqual(config.services.internalCache.node, { host: "cache", port: 6380 });
});

test("an unknown key of Kuzzle's is a warning with the nearest known name", () => {
  const { warnings } = loadEnv({ kuzzle_server__prot: "1", KUZZLE_SERVER__PORT: "1", kuzzle_zzzzzzzz: "1" });
  assert.deepEqual(
    warnings.map(({ code, from, suggestion }) => [code, from, suggestion]),
    [
      ["unknown_key", "variable kuzzle_zzzzzzzz", undefined],
      ["unknown_key", "variable KUZZLE_SERVER__PORT", "server.port"],
      ["unknown_key", "variable kuzzle_server__prot", "server.port"],
    ],
  );
});

test("an unknown key of Tenon's is refused, and the refusal names the variable or argument", () => {
  const refusal = (message: RegExp) => ({ id: "core.configuration.cannot_parse", message });
  assert.throws(
    () => loadEnv({ tenon_server__prot: "1" }),
    refusal(/variable tenon_server__prot.*"server\.prot".*mean "server\.port"/),
  );
  assert.throws(() => load({ argv: ["--limits.loginPerSecond", "2"] }), refusal(/argument --limits\.loginPerSecond/));
  assert.throws(
    () => loadEnv({ kuzzle_tenon__security__openUntilAdmn: "true" }),
    refusal(/mean "tenon\.security\.openUntilAdmin"/),
  );
  assert.throws(() => loadEnv({ TENON_VAULT_KEY: "s3cret" }), refusal(/variable TENON_VAULT_KEY/));
});

test("the vault's variables, npm's and those of other programs are left alone", () => {
  const { config, warnings } = loadEnv({
    KUZZLE_VAULT_KEY: "s3cret",
    kuzzle_SECRETS_FILE: "config/secrets.json",
    npm_config_kuzzle_port: "1",
    KUZZLER: "x",
    kuzzle_: "x",
  });
  assert.deepEqual(warnings, []);
  assert.doesNotMatch(JSON.stringify(config), /s3cret/);
});

test("obsolete keys are known and say what replaces them", () => {
  const { warnings } = loadEnv({ kuzzle_server__protocols__websocket__heartbeat: "1000" });
  assert.deepEqual(
    warnings.map(({ code, from }) => [code, from]),
    [["obsolete_key", "variable kuzzle_server__protocols__websocket__heartbeat"]],
  );
  assert.match(warnings[0]?.message ?? "", /idleTimeout/);
});

test("a section that is given one value is refused, whatever other variables say", () => {
  assert.throws(() => loadEnv({ kuzzle_server: "abc", kuzzle_server__port: "1" }), {
    id: "core.configuration.invalid_type",
    message: /"server" must be a section of keys, found "abc" \(from variable kuzzle_server\)/,
  });
});

test("JSON in a variable that cannot be parsed is refused, without showing it", () => {
  assert.throws(
    () => loadEnv({ kuzzle_plugins__x__password: "*json:{s3cret" }),
    (error: Error) => /variable kuzzle_plugins__x__password/.test(error.message) && !/s3cret/.test(inspect(error)),
  );
});

test("__proto__ is refused and pollutes nothing", () => {
  const hostile = JSON.parse('{"__proto__": {"polluted": true}}') as unknown; // parsed so that the key is an own one
  const refusal = { id: "core.configuration.cannot_parse", message: /__proto__/ };
  assert.throws(() => loadEnv({ kuzzle_application: '*json:{"a": {"__proto__": {"polluted": 1}}}' }), refusal);
  assert.throws(() => load({ argv: ["--__proto__.polluted", "1"] }), refusal);
  const configuration = new Configuration(nothing);
  assert.throws(() => configuration.set("__proto__.polluted", true), refusal);
  assert.throws(() => configuration.set(["application", "__proto__", "polluted"], true), refusal);
  assert.throws(() => configuration.merge({ application: hostile }), refusal);
  configuration.set("constructor.prototype.polluted", true);
  configuration.content.application = { hostile };
  assert.throws(() => configuration.freeze(), refusal);
  assert.equal(Reflect.get({}, "polluted"), undefined);
});

test("what is nested too deep is refused, in every source", () => {
  const refusal = { id: "core.configuration.cannot_parse", message: /nested deeper/ };
  const deep = `${"[".repeat(5000)}${"]".repeat(5000)}`;
  assert.throws(() => loadEnv({ kuzzle_application: `*json:{"a": ${deep}}` }), refusal);
  assert.throws(() => loadEnv({ [`kuzzle_application${"__a".repeat(5000)}`]: "1" }), { id: refusal.id });
  const configuration = new Configuration(nothing);
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  assert.throws(() => configuration.merge({ application: cycle }), refusal);
  configuration.content.validation = cycle;
  assert.throws(() => configuration.freeze(), refusal);
});

test("what an application adds beside the known keys is kept, with one warning", () => {
  const configuration = new Configuration({ ...nothing, env: { kuzzle_shop__currency: "EUR" } });
  configuration.set("limits.loginPerSecond", 3);
  const { config, warnings } = configuration.freeze();
  assert.deepEqual(Reflect.get(config, "shop"), { currency: "EUR" });
  assert.deepEqual(
    warnings.map(({ key, from, suggestion }) => [key, from, suggestion]),
    [
      ["shop.currency", "variable kuzzle_shop__currency", undefined],
      ["limits.loginPerSecond", "config.set", "limits.loginsPerSecond"],
    ],
  );
});

test("an application changes the configuration until it is frozen", () => {
  const configuration = new Configuration({ ...nothing, env: { kuzzle_limits__loginsPerSecond: "5" } });
  assert.equal(configuration.content.limits.loginsPerSecond, 5);
  configuration.content.server.port = 8000;
  configuration.set("server.logs.transports[0].silent", false);
  configuration.set("plugins.shop.currencies", ["EUR"]);
  configuration.merge({ plugins: { shop: { open: true } }, stats: { ttl: 60 } });
  const { config, recorded } = configuration.freeze();
  assert.deepEqual(
    recorded.map(({ key, from }) => `${key} from ${from}`),
    [
      "limits.loginsPerSecond from variable kuzzle_limits__loginsPerSecond",
      "server.logs.transports.0.silent from config.set",
      "plugins.shop.currencies from config.set",
      "plugins.shop.open from config.merge",
      "stats.ttl from config.merge",
      "server.port from the application's code",
    ],
  );
  assert.equal(config.server.port, 8000);
  assert.equal(config.server.logs.transports[0]?.silent, false);
  assert.deepEqual(config.plugins.shop, { currencies: ["EUR"], open: true });
  assert.equal(config.stats.ttl, 60);
  assert.equal(configuration.freeze().config, config);
  assert.throws(() => configuration.set("server.port", 1), { id: "plugin.runtime.already_started" });
  assert.throws(() => configuration.merge({}), { id: "plugin.runtime.already_started" });
});

test("errors in what the application set name the application", () => {
  const bySet = new Configuration({ ...nothing, env: { kuzzle_stats__ttl: "60" } });
  bySet.set("stats.ttl", "long");
  assert.throws(() => bySet.freeze(), { message: /"stats\.ttl" must be a number, found "long" \(from config\.set\)/ });
  bySet.set("stats.ttl", 30);
  assert.equal(bySet.freeze().config.stats.ttl, 30);

  const assigned = new Configuration({ ...nothing, env: { kuzzle_stats__ttl: "60" } });
  assigned.content.stats.ttl = -1;
  assert.throws(() => assigned.freeze(), { id: "core.configuration.out_of_range", message: /application's code/ });
});

test("merge takes objects only, and paths are not empty", () => {
  const configuration = new Configuration(nothing);
  for (const bad of [undefined, null, "x", []]) assert.throws(() => configuration.merge(bad), /takes an object/);
  assert.throws(() => configuration.set("", 1), /key is empty/);
});

test("the frozen configuration cannot be changed, down to plugin options, and instances in it stay whole", () => {
  const configuration = new Configuration(nothing);
  const secret = Buffer.from("bytes");
  const retry = (): number => 1;
  configuration.set("security.authToken.secret", secret);
  configuration.set("services.internalCache.options", { retryStrategy: retry, since: new Date(0) });
  configuration.set("plugins.shop", { prices: [{ amount: 1 }] });
  const { config } = configuration.freeze();
  assert.equal(config.security.authToken.secret, secret);
  assert.equal(config.services.internalCache.options.retryStrategy, retry);
  const shop = config.plugins.shop;
  assert.ok(isPlainObject(shop) && Array.isArray(shop.prices));
  for (const part of [config, config.server, config.limits, config.internal, shop, shop.prices, shop.prices[0]]) {
    assert.ok(Object.isFrozen(part));
  }
  assert.throws(() => {
    // @ts-expect-error the configuration is read-only
    config.server.port = 1;
  }, TypeError);
  assert.ok(!Object.isFrozen(configuration.content.plugins.shop));
});

test("a deleted key falls back to its default; a deleted protocol is disabled with a warning", () => {
  const configuration = new Configuration(nothing);
  Reflect.deleteProperty(configuration.content.server, "port");
  Reflect.deleteProperty(configuration.content.server.protocols, "http");
  const { config, warnings } = configuration.freeze();
  assert.equal(config.server.port, 7512);
  assert.equal(config.server.protocols.http.enabled, false);
  assert.equal(config.server.protocols.http.maxEncodingLayers, 3);
  assert.deepEqual(
    warnings.map(({ code, key }) => [code, key]),
    [["protocol_disabled", "server.protocols.http"]],
  );
});

test("two servers' configurations share nothing", () => {
  const first = new Configuration(nothing);
  first.content.plugins.common.include.push("other");
  first.content.services.storageEngine.commonMapping.dynamic = "true";
  assert.deepEqual(load({}).config.plugins.common.include, ["kuzzle-plugin-auth-passport-local"]);
  assert.equal(load({}).config.services.storageEngine.commonMapping.dynamic, "false");
});
