import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Type } from "typebox";
import { makeRoot, pluginFiles, startTestServer, type TestServer } from "../../../testing/plugins/plugin-server.ts";
import { action, arg, type DocumentResults, type EventDocument } from "../../events/index.ts";
import { BadRequestError, type JSONObject, KuzzleRequest } from "../../kernel/index.ts";
import { usePlugin } from "../discovery/used-plugin.ts";
import { type DefinedPlugin, definePlugin } from "./define-plugin.ts";

declare module "../../events/index.ts" {
  interface EventTable {
    "shop:order": [order: { total: number }];
  }
}

/** Compiles only when both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const sameType = <A, B>(_proof: Same<A, B>): void => {};

async function using(t: TestContext, plugin: DefinedPlugin, config: JSONObject = {}): Promise<TestServer> {
  const { root, remove } = makeRoot();
  t.after(remove);
  const used = usePlugin(plugin);
  const server = await startTestServer({ root, plugins: { [used.name]: config }, deps: { used: [used] } });
  t.after(() => server.close());
  return server;
}

test("a defined plugin has typed pipes, hooks, actions and a configuration with its defaults", async (t) => {
  const seen: string[] = [];
  const plugin = definePlugin({
    name: "stamp",
    version: "2.0.0",
    config: Type.Object({ field: Type.String({ default: "stampedBy" }), forbidden: Type.Optional(Type.String()) }),
    pipes: {
      "generic:document:beforeWrite": (documents, request, { config }) => {
        sameType<typeof documents, EventDocument[]>(true);
        sameType<typeof request, KuzzleRequest>(true);
        sameType<typeof config, { field: string; forbidden?: string }>(true);
        for (const { _source } of documents) if (_source !== undefined) _source[config.field] = "stamp";
        return documents;
      },
      "document:beforeCreate": async (request) => {
        sameType<typeof request, KuzzleRequest>(true);
        throw new BadRequestError("closed");
      },
      "shop:order": (order) => {
        sameType<typeof order, { total: number }>(true);
        return { total: order.total * 2 };
      },
    },
    hooks: {
      "document:afterDelete": (request) => {
        sameType<typeof request.result, DocumentResults["delete"]>(true);
        seen.push(request.getId());
      },
      "document:*": (payload) => {
        sameType<typeof payload, unknown>(true);
        seen.push("any");
      },
    },
    controllers: {
      stamp: {
        repeat: action({
          summary: "Repeats a text.",
          http: [{ verb: "GET", path: "/_/stamp/:text" }],
          args: { text: arg.string(), times: arg.default.integer(2) },
          run: ({ text, times }) => text.repeat(times),
        }),
      },
    },
  });
  const server = await using(t, plugin);
  const request = new KuzzleRequest({ controller: "document", action: "create", _id: "7" });
  assert.deepEqual(await server.events.pipe("generic:document:beforeWrite", [{ _source: {} }], request), [
    { _source: { stampedBy: "stamp" } },
  ]);
  await assert.rejects(Promise.resolve(server.events.pipe("document:beforeCreate", request)), { status: 400 });
  assert.deepEqual(await server.events.pipe("shop:order", { total: 2 }), { total: 4 });
  server.events.hook("document:afterDelete", request);
  assert.deepEqual(seen, ["7", "any"]);
  assert.equal(await server.run({ controller: "stamp", action: "repeat", text: "ab", times: "3" }), "ababab");
  assert.equal(await server.run({ controller: "stamp/stamp", action: "repeat", text: "ab" }), "abab");
  assert.equal(server.host.list().stamp?.version, "2.0.0");
});

test("events that do not exist and answers of the wrong type do not compile", () => {
  const plugin = definePlugin({
    name: "wrong",
    pipes: {
      // @ts-expect-error no such event
      "documents:create": (request: KuzzleRequest) => request,
      // @ts-expect-error no such action on documents
      "document:beforeCraete": (request: KuzzleRequest) => request,
      // @ts-expect-error a pipe answers its payload
      "generic:document:beforeWrite": () => "documents",
      // @ts-expect-error a pipe on a request answers a request
      "document:beforeGet": async () => {},
    },
  });
  assert.equal(usePlugin(plugin).name, "wrong");
});

test("a configuration that does not fit the schema stops the start and names the option", async (t) => {
  const plugin = definePlugin({ name: "strict", config: Type.Object({ port: Type.Integer() }) });
  await assert.rejects(using(t, plugin, { port: "x" }), /\[strict\].*plugins\.strict\.port/s);
  const server = await using(t, plugin, { port: 80 });
  assert.deepEqual(server.host.names, ["strict"]);
});

test("a pipe of a defined plugin that takes too long fails its request with 504", async (t) => {
  const plugin = definePlugin({
    name: "slow",
    pipeDeadlineMs: 10,
    pipes: { "document:beforeGet": () => new Promise<KuzzleRequest>(() => {}) },
  });
  const server = await using(t, plugin);
  const request = new KuzzleRequest({ controller: "document", action: "get" });
  await assert.rejects(Promise.resolve(server.events.pipe("document:beforeGet", request)), {
    id: "plugin.runtime.pipe_timeout",
    status: 504,
    message: /\[slow\].*document:beforeGet.*10 ms/,
  });
});

test("a package in plugins/enabled may export a defined plugin, and is closed with the server", async (t) => {
  const main = `import { definePlugin } from "tenon";
    export default definePlugin({ name: "packaged", close() { globalThis.closedPackaged = true; } });`;
  const { root, remove } = makeRoot(pluginFiles("packaged", main, { file: "index.mjs" }));
  t.after(remove);
  const server = await startTestServer({ root });
  assert.deepEqual(server.host.names, ["packaged"]);
  await server.close();
  assert.equal((globalThis as { closedPackaged?: boolean }).closedPackaged, true);
});
