/** In which order plugins are loaded, initialised and called, on a whole server. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { definePlugin, type KuzzleRequest } from "../../src/index.ts";
import { connectWebSocket, type TestServer } from "../../testing/index.ts";
import { enabledPackage, startWith } from "./root.ts";

/** A plugin of each generation that writes its name into the body of a new document. */
const first = (name: string, manifest: object): Record<string, string> => ({
  ...enabledPackage(
    name,
    `module.exports = function () {
       this.pipes = { 'data:beforeCreate': 'note' };
       this.init = function (config, context, isDummy) { return this; };
       this.note = function (requestObject, callback) { requestObject.data.body.order.push('${name}'); callback(null, requestObject); };
     };`,
    { kuzzleVersion: ">=0.9.0 <1.0.0", ...manifest },
  ),
});
const former = (name: string, manifest: object): Record<string, string> => ({
  ...enabledPackage(
    name,
    `module.exports = function () {
       this.pipes = { 'document:beforeCreate': 'note' };
       this.init = function (config, context) {};
       this.note = function (request, callback) { request.input.body.order.push('${name}'); callback(null, request); };
     };`,
    { kuzzleVersion: ">=1.0.0 <2.0.0", ...manifest },
  ),
});
const second = (name: string, manifest: object): Record<string, string> => ({
  ...enabledPackage(
    name,
    `module.exports = class {
       constructor () { this.pipes = { "document:beforeCreate": async (request) => { request.getBody().order.push("${name}"); return request; } }; }
       async init () {}
     };`,
    { ...manifest },
  ),
});
const typed = (name: string, described: string, manifest: object): Record<string, string> => ({
  ...enabledPackage(
    name,
    `import { definePlugin } from "tenon";
     export default definePlugin({ name: "${name}", ${described}
       pipes: { "document:beforeCreate": (request) => { request.getBody().order.push("${name}"); return request; } } });`,
    { file: "index.mjs", ...manifest },
  ),
});

async function orderOf(server: TestServer): Promise<unknown> {
  const ws = await connectWebSocket(server);
  try {
    await ws.index.create("library");
    await ws.collection.create("library", "books", {});
    const { _source } = await ws.document.create("library", "books", { order: [] });
    return _source.order;
  } finally {
    ws.disconnect();
  }
}

test("plugins of all generations are called in the order that manifests and descriptions ask for, the application last", async (t) => {
  const files = {
    ...first("a-first", { after: ["d-typed"] }),
    ...former("b-former", { dependsOn: { "c-second": ">=1.0.0" } }),
    ...second("c-second", {}),
    ...typed("d-typed", 'before: ["c-second"],', { priority: -1 }),
    ...typed("e-typed", "priority: 5,", {}),
  };
  const application = (request: KuzzleRequest): Promise<KuzzleRequest> => {
    (request.getBody().order as string[]).push("application");
    return Promise.resolve(request);
  };
  const server = await startWith(t, files, {
    config: { "plugins.a-first._dialect": "v0" },
    prepare: (backend) => backend.pipe.register("document:beforeCreate", application),
  });
  assert.deepEqual(await orderOf(server), ["e-typed", "d-typed", "a-first", "c-second", "b-former", "application"]);
});

test("the code of a package runs after that of what its manifest wants first", async (t) => {
  const noting = (name: string): string =>
    `(globalThis.loadedInOrder ??= []).push("${name}"); module.exports = class { async init () {} };`;
  const holder = globalThis as { loadedInOrder?: string[] };
  t.after(() => delete holder.loadedInOrder);
  await startWith(t, {
    ...enabledPackage("alpha", noting("alpha"), { dependsOn: { zeta: "^1.0.0" } }),
    ...enabledPackage("beta", noting("beta")),
    ...enabledPackage("zeta", noting("zeta"), { version: "1.4.0" }),
  });
  assert.deepEqual(holder.loadedInOrder, ["zeta", "alpha", "beta"]);
});

test("an init begins when those of its dependencies have ended; the others run at once", async (t) => {
  const seen: string[] = [];
  const met = Promise.withResolvers<void>();
  const base = definePlugin({
    name: "base",
    version: "2.1.0",
    init: async () => {
      seen.push("base begins");
      await met.promise; // resolved by a plugin that does not wait for this one
      seen.push("base ends");
    },
  });
  const shop = definePlugin({
    name: "shop",
    dependsOn: { base: "^2.0.0" },
    init: () => void seen.push("shop begins"),
  });
  const beside = definePlugin({
    name: "beside",
    after: ["shop"],
    init: () => {
      seen.push("beside begins");
      met.resolve();
    },
  });
  await startWith(t, {}, { prepare: ({ plugin }) => [shop, beside, base].forEach((one) => void plugin.use(one)) });
  assert.deepEqual(seen, ["base begins", "beside begins", "base ends", "shop begins"]);
});

test("a failing init ends the start with its own error, and its dependents are not begun", async (t) => {
  let isBegun = false;
  const base = definePlugin({ name: "base", init: () => Promise.reject(new Error("no disk")) });
  const shop = definePlugin({
    name: "shop",
    dependsOn: { base: "*" },
    init: () => {
      isBegun = true;
    },
  });
  const prepare = {
    prepare: ({ plugin }: TestServer["backend"]) => [shop, base].forEach((one) => void plugin.use(one)),
  };
  await assert.rejects(startWith(t, {}, prepare), { id: "plugin.runtime.failed_init", message: /\[base\].*no disk/ });
  assert.equal(isBegun, false);
});

test("a plugin that may be left out takes those with it that depend on it, by name", async (t) => {
  const broken = `module.exports = function () { this.init = function () { throw new Error('no mail today'); }; };`;
  const files = {
    ...enabledPackage("mail", broken, { kuzzleVersion: ">=1.0.0 <2.0.0" }),
    ...enabledPackage("shop", "module.exports = class { async init () {} };", { dependsOn: { mail: "*" } }),
  };
  await assert.rejects(startWith(t, files, { config: { "plugins.mail._dialect": "v1.a" } }), {
    id: "plugin.runtime.failed_init",
    message: /\[shop\].*"mail", which did not start/,
  });
});

const idle = "module.exports = class { async init () {} };";

for (const [what, files, error] of [
  [
    "a dependency that is not enabled",
    enabledPackage("shop", idle, { dependsOn: { mail: "^1.0.0" } }),
    { id: "plugin.order.missing_dependency", message: /\[shop\].*"mail"/ },
  ],
  [
    "a dependency that a description names and that is not enabled",
    typed("shop", 'dependsOn: { mail: "^1.0.0" },', {}),
    { id: "plugin.order.missing_dependency", message: /\[shop\].*"mail"/ },
  ],
  [
    "a dependency of another version",
    {
      ...enabledPackage("shop", idle, { dependsOn: { mail: "^1.0.0" } }),
      ...typed("mail", 'version: "2.0.1",', { version: "1.0.0" }),
    },
    { id: "plugin.order.version_mismatch", message: /\[shop\].*"mail".*"\^1\.0\.0".*2\.0\.1/ },
  ],
  [
    "a circle between manifest and description",
    {
      ...enabledPackage("shop", idle, { after: ["mail"] }),
      ...enabledPackage("bank", idle, { dependsOn: { shop: "*" } }),
      ...typed("mail", 'after: ["bank"],', {}),
    },
    {
      id: "plugin.order.cycle",
      message: /mail -> bank -> shop -> mail|bank -> shop -> mail -> bank|shop -> mail -> bank -> shop/,
    },
  ],
  [
    "an order that is none",
    enabledPackage("shop", idle, { priority: "first" }),
    { id: "plugin.order.invalid_declaration", message: /\[shop\] "priority"/ },
  ],
] as const) {
  test(`${what} refuses the start and names the plugins`, async (t) => {
    await assert.rejects(startWith(t, files), error);
  });
}
