/** Mistakes in plugins: what stops the start, and what their calls are answered, each by its error. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Backend } from "../../src/app/index.ts";
import { type JSONObject, KuzzleRequest } from "../../src/kernel/index.ts";
import { startServer, type TestServer } from "../../testing/index.ts";
import { http } from "./wire.ts";

const manifest = { kuzzleVersion: ">=2.0.0" };
const names = ["create", "delete", "exists", "update", "validate", "verify"];
const methods = Object.fromEntries(names.map((name) => [name, "answer"]));
const config = { authenticator: "Own" };
const authenticators = { Own: class Own {} };
const answer = async (): Promise<boolean> => true;
const strategy = (own: unknown): JSONObject => ({ authenticators, answer, strategies: { own } });
const action = (http: unknown): JSONObject => ({ api: { c: { actions: { a: { handler: answer, http } } } } });
const legacy = (routes: unknown): JSONObject => ({ answer, controllers: { c: { a: "answer" } }, routes });
const route = { verb: "get", url: "/a", controller: "c", action: "a" };

/** `[error id, what the plugin has beside its init]` */
const broken: readonly (readonly [id: string, members: JSONObject])[] = [
  ["plugin.authenticators.not_an_object", { ...strategy({ config, methods }), authenticators: [] }],
  ["plugin.authenticators.invalid_authenticator", { ...strategy({ config, methods }), authenticators: { Own: 3 } }],
  ["plugin.strategy.invalid_description", strategy("own")],
  ["plugin.strategy.invalid_methods", strategy({ config, methods: 3 })],
  ["plugin.strategy.invalid_config", strategy({ config: 3, methods })],
  ["plugin.strategy.invalid_authenticator", strategy({ config: { authenticator: 3 }, methods })],
  ["plugin.strategy.unknown_authenticator", strategy({ config: { authenticator: "Owm" }, methods })],
  ["plugin.strategy.invalid_option", strategy({ config: { ...config, strategyOptions: 3 }, methods })],
  ["plugin.strategy.invalid_fields", strategy({ config: { ...config, fields: "name" }, methods })],
  ["plugin.strategy.invalid_method_type", strategy({ config, methods: { ...methods, verify: 3 } })],
  ["plugin.strategy.missing_method_function", strategy({ config, methods: { ...methods, verify: "nowhere" } })],
  ["plugin.controller.invalid_description", { controllers: { c: 3 } }],
  ["plugin.controller.invalid_action", { controllers: { c: { a: "nowhere" } } }],
  ["plugin.controller.undefined_controller", legacy([{ ...route, controller: "d" }])],
  ["plugin.controller.undefined_action", legacy([{ ...route, action: "b" }])],
  ["plugin.controller.unexpected_route_property", legacy([{ ...route, colour: "blue" }])],
  ["plugin.controller.invalid_route_property", legacy([{ ...route, verb: "" }])],
  ["plugin.controller.unsupported_verb", legacy([{ ...route, verb: "fetch" }])],
  ["plugin.controller.invalid_route_property", action([3])],
  ["plugin.assert.invalid_pipe", { pipes: { "server:afterNow": 3 } }],
  ["plugin.assert.invalid_hook", { hooks: { "server:afterNow": 3 } }],
  ["plugin.assert.duplicated_api_definition", { ...action([]), ...legacy([]) }],
  ["plugin.context.missing_authenticator", strategy({ config: {}, methods })],
  ["plugin.strategy.unexpected_constructor", strategy({ config: { ...config, constructor: class {} }, methods })],
  ["plugin.controller.invalid_openapi_schema", action([{ verb: "get", path: "/a", openapi: "a" }])],
];

for (const [id, members] of broken) {
  test(`the start is refused with ${id}: ${JSON.stringify(members).slice(0, 60)}`, async () => {
    const use = (backend: Backend): void =>
      backend.plugin.use({ ...members, init: () => {} }, { name: "broken", manifest });
    await assert.rejects(startServer({ data: ":memory:", prepare: use }), { id });
  });
}

const index = "module.exports = class P { init () {} };";
const packageFile = JSON.stringify({ name: "broken", version: "1.0.0", main: "index.js" });

/** `[error id, files of the package in plugins/enabled]` */
const brokenPackages: readonly (readonly [id: string, files: Readonly<Record<string, string>>])[] = [
  ["plugin.manifest.invalid_name_type", { "manifest.json": '{"name": 3, "kuzzleVersion": ">=2.0.0"}' }],
  ["plugin.manifest.invalid_name", { "manifest.json": '{"name": "a b", "kuzzleVersion": ">=2.0.0"}' }],
  [
    "plugin.manifest.invalid_privileged",
    { "manifest.json": '{"name": "b", "kuzzleVersion": ">=2.0.0", "privileged": 3}' },
  ],
  ["plugin.manifest.cannot_load", { "manifest.json": "{" }],
  ["plugin.manifest.missing_name", { "manifest.json": '{"kuzzleVersion": ">=2.0.0"}' }],
  ["plugin.manifest.missing_package_name", { "package.json": "{}" }],
  [
    "plugin.manifest.invalid_errors",
    {
      "manifest.json":
        '{"name": "b", "kuzzleVersion": ">=2.0.0", "errors": {"e": {"code": 0, "message": "", "class": "X"}}}',
    },
  ],
  [
    "plugin.assert.not_a_constructor",
    { "manifest.json": '{"name": "b", "kuzzleVersion": ">=2.0.0"}', "index.js": "module.exports = {};" },
  ],
  [
    "plugin.assert.init_not_found",
    { "manifest.json": '{"name": "b", "kuzzleVersion": ">=2.0.0"}', "index.js": "module.exports = class {};" },
  ],
  ["plugin.runtime.unexpected_error", { "index.js": "throw new Error('broken');" }],
  [
    "plugin.manifest.missing_version",
    {
      "index.js":
        'const { Plugin } = require("kuzzle"); module.exports = class extends Plugin { constructor () { super({}); } init () {} };',
    },
  ],
  ["plugin.manifest.version_mismatch", { "manifest.json": '{"name": "b", "kuzzleVersion": ">=9.0.0"}' }],
];

for (const [id, files] of brokenPackages) {
  test(`the start is refused with ${id} for a package ${JSON.stringify(files)}`, async (t) => {
    const root = await mkdtemp(join(tmpdir(), "tenon-broken-"));
    t.after(() => rm(root, { recursive: true, force: true }));
    const folder = join(root, "plugins", "enabled", "broken");
    await mkdir(folder, { recursive: true });
    for (const [name, content] of Object.entries({ "package.json": packageFile, "index.js": index, ...files })) {
      await writeFile(join(folder, name), content);
    }
    await assert.rejects(startServer({ root, data: ":memory:" }), { id });
  });
}

test("the start is refused for a folder that is no package, and for a folder of plugins that is none", async (t) => {
  const root = await mkdtemp(join(tmpdir(), "tenon-no-package-"));
  t.after(() => rm(root, { recursive: true, force: true }));
  const enabled = join(root, "plugins", "enabled");
  await mkdir(join(enabled, "empty"), { recursive: true });
  await assert.rejects(startServer({ root, data: ":memory:" }), {
    id: "plugin.manifest.missing_package",
    message: /empty/,
  });
  await rm(enabled, { recursive: true });
  await writeFile(enabled, "a file");
  await assert.rejects(startServer({ root, data: ":memory:" }), { id: "plugin.assert.invalid_plugins_dir" });
});

interface Context {
  readonly accessors: {
    execute(request: unknown, callback?: unknown): Promise<unknown>;
    trigger(event: string, payload?: unknown): Promise<unknown>;
    readonly sdk: { as(user: unknown): unknown };
    readonly subscription: { register(...args: readonly unknown[]): Promise<unknown> };
    readonly strategies: {
      add(name: string, strategy: unknown): Promise<void>;
      remove(name: string): Promise<void>;
    };
  };
  readonly constructors: {
    readonly Repository: new (collection?: unknown) => unknown;
    readonly Request: new (request: unknown, data?: unknown) => unknown;
  };
}

let server: TestServer;
let context: Context;
let attempt: () => unknown = () => undefined;

before(async () => {
  server = await startServer({
    data: ":memory:",
    config: { "stats.enabled": false },
    prepare: (backend) => {
      const plugin = {
        api: { clumsy: { actions: { run: { handler: async () => attempt() } } } },
        init: (_config: unknown, given: Context): void => {
          context = given;
        },
      };
      backend.plugin.use(plugin, { name: "clumsy", manifest });
      assert.throws(() => backend.plugin.use(plugin, { name: "clumsy", manifest }), {
        id: "plugin.assert.name_already_exists",
      });
    },
  });
});

after(() => server?.close());

/** `[error id, status, what the plugin does in an action]`: its error is the answer. */
const calls: readonly (readonly [id: string, status: number, run: () => unknown])[] = [
  ["plugin.context.invalid_event", 500, () => context.accessors.trigger("")],
  ["plugin.context.invalid_user", 500, () => context.accessors.sdk.as({})],
  ["plugin.context.missing_collection", 500, () => new context.constructors.Repository()],
  ["plugin.context.missing_request", 500, () => context.accessors.execute(undefined)],
  ["plugin.context.invalid_callback", 500, () => context.accessors.execute(new KuzzleRequest({}), 3)],
  ["plugin.context.missing_request_data", 500, () => new context.constructors.Request(undefined)],
  ["plugin.strategy.strategy_not_found", 404, () => context.accessors.strategies.remove("nowhere")],
  ["plugin.strategy.unauthorized_removal", 500, () => context.accessors.strategies.remove("local")],
  ["plugin.strategy.invalid_description", 500, () => context.accessors.strategies.add("own", 3)],
  ["plugin.runtime.already_started", 500, () => server.backend.controller.register("late", { actions: {} })],
  [
    "plugin.assert.invalid_plugin_name",
    500,
    () => new Backend("x", { env: {} }).plugin.use({ init() {} }, { name: "A b" }),
  ],
  ["plugin.assert.no_name_provided", 500, () => new Backend("x", { env: {} }).plugin.use({ init() {} })],
  ["plugin.assert.invalid_application_name", 500, () => new Backend("A b", { env: {} })],
  ["plugin.runtime.unavailable_before_start", 500, () => new Backend("x", { env: {} }).trigger("a:b")],
  ["plugin.runtime.unknown_pipe", 500, () => server.backend.pipe.unregister("nowhere")],
  ["plugin.assert.plugin_not_found", 404, () => server.backend.plugin.get("nowhere")],
];

for (const [id, status, run] of calls) {
  test(`a plugin's call is answered ${id}`, async () => {
    attempt = run;
    const { error } = await http(server, "POST", "/_query", { controller: "clumsy", action: "run" });
    assert.deepEqual([error?.id, error?.status], [id, status], JSON.stringify(error));
  });
}
