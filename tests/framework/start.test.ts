/** The order in which an application starts and stops, what is installed and imported on the way, and what stops it (contract/plugins/framework.md). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type KuzzleRequest, Plugin } from "../../src/index.ts";
import { ask, createApplication } from "./application.ts";

class FirstPlugin extends Plugin {
  readonly order: string[];
  imports = { roles: { guest: { controllers: { document: { actions: { get: true } } } } } };
  constructor(order: string[]) {
    super({ kuzzleVersion: ">=2.0.0 <3" });
    this.order = order;
  }
  async init(): Promise<void> {
    await Promise.resolve();
    this.order.push("plugin's init");
  }
}

test("plugins start before what is imported, that before what is installed, and clients come last", async (t) => {
  const app = await createApplication(t);
  const order: string[] = [];
  app.plugin.use(new FirstPlugin(order));
  app.import.mappings({ shop: { goods: {} } });
  app.import.userMappings({ properties: { nick: { type: "keyword" } } });
  app.import.roles({ clerk: { controllers: { document: { actions: { "*": true } } } } });
  app.import.users({ cleo: { content: { profileIds: ["default"], nick: "C" }, credentials: {} } });
  app.hook.register("core:storage:collection:create:after", ({ index, scope }: { index: string; scope: string }) => {
    if (scope === "public") order.push(`mappings of ${index}`);
  });
  for (const event of [
    "security:afterUpdateUserMapping",
    "security:afterCreateOrReplaceRole",
    "security:afterCreateUser",
  ]) {
    app.hook.register(event, (request: KuzzleRequest) => order.push(`${event} ${request.input.args._id ?? ""}`));
  }
  app.install("first", async () => void order.push("first installation"));
  app.install("second", async () => void order.push("second installation"));
  for (const event of ["kuzzle:start", "kuzzle:state:live", "kuzzle:state:ready"]) {
    app.pipe.register(event, async () => void order.push(`${event}, ${app.started ? "started" : "not yet started"}`));
  }
  app.hook.register("core:kuzzleStart", () => order.push("core:kuzzleStart"));
  await app.start();
  order.push("started");
  assert.deepEqual(
    order.filter((step) => !/ (anonymous|default|admin)$/.test(step)),
    [
      "plugin's init",
      "security:afterUpdateUserMapping ",
      "mappings of shop",
      "security:afterCreateOrReplaceRole guest",
      "security:afterCreateOrReplaceRole clerk",
      "security:afterCreateUser cleo",
      "first installation",
      "second installation",
      "kuzzle:start, not yet started",
      "kuzzle:state:live, not yet started",
      "kuzzle:state:ready, started",
      "core:kuzzleStart",
      "started",
    ],
  );
  assert.equal((await app.sdk.security.getUser("cleo")).content.nick, "C");
});

test("an installation leaves its trace in the private index of the server", async (t) => {
  const app = await createApplication(t);
  app.install("seed-goods", async () => app.log.debug("seeding"), "The first goods");
  await app.start();
  const { body } = (await app.storage.storageClient.get({ index: "%kuzzle.installations", id: "seed-goods" })) as {
    body: { _source: Record<string, unknown> };
  };
  assert.deepEqual(Object.keys(body._source).sort(), ["description", "handler", "installedAt"]);
  assert.equal(body._source.description, "The first goods");
  assert.match(String(body._source.handler), /"seeding"/);
  assert.equal(typeof body._source.installedAt, "number");
});

test("mappings of one index are merged, user mappings are not: the last call counts", async (t) => {
  const app = await createApplication(t);
  app.import.mappings({ shop: { goods: { mappings: { properties: { a: { type: "keyword" } } } } } });
  app.import.mappings({ shop: { people: {} } });
  app.import.userMappings({ properties: { first: { type: "keyword" } } });
  app.import.userMappings({ properties: { last: { type: "keyword" } } });
  await app.start();
  const { collections } = await app.sdk.collection.list("shop");
  assert.deepEqual((collections as unknown as { name: string }[]).map(({ name }) => name).sort(), ["goods", "people"]);
  const { mapping } = (await app.sdk.security.getUserMapping()) as unknown as { mapping: object };
  assert.ok("last" in mapping && !("first" in mapping), JSON.stringify(mapping));
});

test("configuration is read and written by path before the start, with what files and variables say", async (t) => {
  const app = await createApplication(t, { env: { kuzzle_limits__documentsFetchCount: "77" } });
  app.config.set("plugins.discount.rate", 5);
  app.config.merge({ limits: { documentsWriteCount: 66 } });
  const { limits } = app.config.content;
  assert.deepEqual([limits.documentsFetchCount, limits.documentsWriteCount], [77, 66]);
  class DiscountPlugin extends Plugin {
    constructor() {
      super({ kuzzleVersion: "*" });
    }
    init(config: unknown): void {
      assert.deepEqual(config, { rate: 5 });
    }
  }
  app.plugin.use(new DiscountPlugin());
  await app.start();
});

test("an OpenAPI definition that is none stops the start", async (t) => {
  for (const wrong of [
    {},
    { openapi: "2.0" },
    { openapi: "3.1.0", info: { title: 1 } },
    { openapi: "3.1.0", info: { title: "a", version: "1" }, paths: [] },
  ]) {
    const app = await createApplication(t);
    app.openApi.definition = wrong as never;
    await assert.rejects(app.start(), { id: "plugin.assert.invalid_openapi_schema" }, JSON.stringify(wrong));
  }
});

test("a plugin may have the name of its application", async (t) => {
  const app = await createApplication(t, { name: "first" });
  app.plugin.use(new FirstPlugin([]), { name: "first" });
  app.pipe.register("server:afterNow", async (request) => request);
  await app.start();
  assert.ok(app.plugin.list().includes("first"));
  assert.ok(app.plugin.get("first") instanceof FirstPlugin);
  const { serverInfo } = (await ask(app, "/_serverInfo")).result as {
    serverInfo: {
      kuzzle: { application: { name: string; pipes: string[] }; plugins: Record<string, { imports: string[] }> };
    };
  };
  assert.deepEqual(serverInfo.kuzzle.plugins.first?.imports, ["roles"]);
  assert.deepEqual(serverInfo.kuzzle.application.pipes, ["server:afterNow"]);
});

test("a failing start of a plugin closes what was open, and the application cannot be started twice", async (t) => {
  const app = await createApplication(t);
  class FrailPlugin extends Plugin {
    constructor() {
      super({ kuzzleVersion: "*" });
    }
    async init(): Promise<void> {
      throw new Error("no licence");
    }
  }
  app.plugin.use(new FrailPlugin());
  await assert.rejects(app.start(), { id: "plugin.runtime.failed_init" });
  assert.equal(app.started, false);
  await assert.rejects(app.start(), { id: "plugin.runtime.already_started" });
});

test("the end is told once the server refuses requests, to pipes that it waits for", async (t) => {
  const app = await createApplication(t);
  const order: string[] = [];
  app.pipe.register("kuzzle:shutdown", async () => {
    await new Promise((resolve) => setTimeout(resolve, 10));
    order.push("pipe");
  });
  app.hook.register("kuzzle:shutdown", (event) => order.push(`hook ${event}`));
  app.hook.register("core:shutdown", (event) => order.push(`last ${event}`));
  app.hook.register("kuzzle:state:change", (state) => order.push(`state ${state}`));
  await app.start();
  order.splice(0);
  await app.stop();
  assert.deepEqual(order, ["state 3", "pipe", "hook kuzzle:shutdown", "last core:shutdown"]);
});
