/** The members of an application's `Backend`, each on a whole server (contract/plugins/framework.md sections 1 to 5). */
import assert from "node:assert/strict";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Backend, Controller, type KuzzleRequest } from "../../src/index.ts";
import { createLogger, type Logger } from "../../src/kernel/index.ts";
import { ask, createApplication } from "./application.ts";

const alreadyStarted = { id: "plugin.runtime.already_started" };
const beforeStart = { id: "plugin.runtime.unavailable_before_start" };

class PriceTagController extends Controller {
  readonly currency = "EUR";

  constructor(app: Backend) {
    super(app);
    this.definition = { actions: { show: { handler: this.show }, now: { handler: async () => this.app.name } } };
  }

  async show(request: KuzzleRequest): Promise<string> {
    return `${request.getNumber("price")} ${this.currency}`;
  }
}

test("a name is lower-case letters, digits and hyphens", () => {
  assert.throws(() => new Backend("My App", { env: {} }), { id: "plugin.assert.invalid_application_name" });
});

test("name, node, version and commit are known before the start, and started after it", async (t) => {
  const root = await mkdtemp(join(tmpdir(), "tenon-framework-"));
  await writeFile(join(root, "package.json"), '{ "version": "4.2.0" }');
  const app = await createApplication(t, { root });
  assert.deepEqual([app.name, app.version, app.commit, app.started], ["shop", "4.2.0", null, false]);
  const { nodeId } = app;
  assert.match(nodeId, /^knode-[a-z]+-[a-z]+-\d+$/);
  app.version = "5.0.0";
  const atReady: unknown[] = [];
  app.pipe.register("kuzzle:state:ready", async () => atReady.push(app.started, await app.trigger("shop:open", 1)));
  await app.start();
  assert.deepEqual([app.started, app.nodeId, atReady], [true, nodeId, [true, 1]]);
  const { serverInfo } = (await ask(app, "/_serverInfo")).result as {
    serverInfo: { kuzzle: { application: { version: string } } };
  };
  assert.equal(serverInfo.kuzzle.application.version, "5.0.0");
  await assert.rejects(app.start(), alreadyStarted);
});

test("what needs a server is refused before the start, and what shapes one after it", async (t) => {
  const app = await createApplication(t);
  assert.throws(() => app.sdk, beforeStart);
  assert.throws(() => app.storage.storageClient, beforeStart);
  assert.throws(() => app.pipe.unregister("x"), beforeStart);
  await assert.rejects(app.trigger("x"), beforeStart);
  await assert.rejects(app.cluster.broadcast("x", {}), beforeStart);
  await assert.rejects(app.subscription.add({ id: "x", protocol: "http" }, "a", "b", {}), beforeStart);
  await app.start();
  const late: (() => unknown)[] = [
    () => app.hook.register("x:y", () => {}),
    () => app.controller.register("late", { actions: {} }),
    () => app.controller.use(new PriceTagController(app)),
    () => app.plugin.use({ init() {} }, { name: "late" }),
    () => app.import.roles({}),
    () => app.install("late", async () => {}),
    () => app.config.set("server.port", 1),
    () => app.config.merge({}),
    () => {
      app.vault.key = "late";
    },
    () => {
      app.openApi.definition = {};
    },
    () => {
      app._support = {};
    },
  ];
  for (const call of late) assert.throws(call, alreadyStarted, call.toString());
});

test("a class controller has its name from the class, and its handlers are its methods", async (t) => {
  const app = await createApplication(t);
  app.controller.use(new PriceTagController(app));
  app.controller.register("till", {
    actions: { open: { handler: async () => "open", http: [{ verb: "get", path: "till" }] } },
  });
  await app.start();
  assert.deepEqual(await ask(app, "/_/price-tag/show?price=3"), { status: 200, result: "3 EUR" });
  assert.equal((await ask(app, "/_/price-tag/now")).result, "shop");
  assert.equal((await ask(app, "/_/till")).result, "open");
});

test("a controller that is not defined correctly is refused when it is given", async (t) => {
  const app = await createApplication(t);
  const invalid = { id: "plugin.assert.invalid_controller_definition" };
  const handler = async (): Promise<null> => null;
  const wrong: unknown[] = [
    null,
    { actions: [] },
    { actions: { a: {} } },
    { actions: { a: { handler: "a" } } },
    { actions: { a: { handler, http: {} } } },
    { actions: { a: { handler, http: [{ verb: "fetch", path: "/a" }] } } },
    { actions: { a: { handler, http: [{ verb: "get" }] } } },
    { actions: { a: { handler, http: [{ verb: "get", path: "/a", paht: 1 }] } } },
  ];
  for (const definition of wrong) assert.throws(() => app.controller.register("x", definition as never), invalid);
  for (const name of ["", "a b", "a/b", "__proto__", 3]) {
    assert.throws(() => app.controller.register(name as never, { actions: {} }), invalid);
  }
  app.controller.register("x", { actions: {} });
  assert.throws(() => app.controller.register("x", { actions: {} }), invalid);
  app.controller.register("document", { actions: { mine: { handler } } });
  await assert.rejects(app.start(), invalid);
});

test("pipes change, hooks observe, in the order of their registration, and a pipe of the running server can go", async (t) => {
  const app = await createApplication(t);
  const heard: unknown[] = [];
  app.pipe.register("server:afterNow", async (request) => {
    request.setResult({ ...(request.result as object), first: true });
    return request;
  });
  app.hook.register("server:afterNow", (request, event) => heard.push([request.getAction(), event]));
  assert.throws(() => app.pipe.register("a:b", "no function" as never), { id: "plugin.assert.invalid_pipe" });
  assert.throws(() => app.hook.register("a:b", "no function" as never), { id: "plugin.assert.invalid_hook" });
  await app.start();
  const pipeId = app.pipe.register("shop:price", async (price: number) => price + 1, { dynamic: true });
  assert.equal(await app.trigger("shop:price", 1), 2);
  assert.ok(pipeId);
  app.pipe.unregister(pipeId);
  assert.equal(await app.trigger("shop:price", 1), 1);
  assert.throws(() => app.pipe.unregister(pipeId), { id: "plugin.runtime.unknown_pipe" });
  assert.equal(((await ask(app, "/_now")).result as { first: boolean }).first, true);
  assert.deepEqual(heard, [["now", "server:afterNow"]]);
});

test("plugins given in code are listed and found, with a hint when the name is nearly right", async (t) => {
  const app = await createApplication(t);
  class DiscountPlugin {
    init(): void {}
  }
  const plugin = new DiscountPlugin();
  app.plugin.use(plugin);
  assert.throws(() => app.plugin.use({ init() {} }), { id: "plugin.assert.no_name_provided" });
  assert.equal(app.plugin.get<DiscountPlugin>("discount"), plugin);
  await app.start();
  assert.deepEqual(app.plugin.list(), ["discount", "kuzzle-plugin-auth-passport-local"]);
  assert.throws(() => app.plugin.get("discont"), { id: "plugin.assert.plugin_not_found", message: /discount/ });
});

test("the application's errors have its ids, its classes and codes that count up", async (t) => {
  const { errors, kerror } = await createApplication(t);
  errors.register("shop", "till", "closed", { class: "ForbiddenError", message: "%s is closed", description: "" });
  errors.register("shop", "till", "teapot", { class: "KuzzleError", message: "no coffee", status: 418 });
  const closed = errors.get("shop", "till", "closed", "Till 3");
  assert.deepEqual(
    [closed.message, closed.status, closed.id, closed.code],
    ["Till 3 is closed", 403, "shop.till.closed", 0],
  );
  const cause = new Error("broken");
  const teapot = errors.wrap("shop", "till").getFrom(cause, "teapot");
  assert.deepEqual([teapot.status, teapot.code, teapot.cause], [418, 1, cause]);
  await assert.rejects(errors.wrap("shop", "till").reject("closed", "All"), { message: "All is closed" });
  assert.match(errors.get("shop", "till", "close").message, /Did you mean "shop.till.closed"/);
  assert.throws(() => errors.register("shop", "till", "closed", { class: "ForbiddenError", message: "" }), /already/);
  assert.throws(() => errors.register("shop", "till", "x", { class: "Oops" as never, message: "" }), {
    id: "validation.assert.invalid_type",
  });
  assert.equal(kerror.get("services", "storage", "not_found", "1", "lib", "books").status, 404);
});

test("a vault needs its key and its file together", async (t) => {
  const app = await createApplication(t);
  assert.deepEqual(app.vault.secrets, {});
  app.vault.key = "secret";
  await assert.rejects(app.start(), { id: "core.vault.cannot_decrypt" });
});

test("an OpenAPI definition may be edited, and is served with the routes", async (t) => {
  const app = await createApplication(t);
  app.openApi.definition.info.title = "The shop";
  app.openApi.definition.tags.push({ name: "till" });
  app.controller.register("till", {
    actions: {
      open: { handler: async () => 1, http: [{ verb: "get", path: "/till/:id", openapi: { description: "Opens" } }] },
    },
  });
  await app.start();
  const answer = await fetch(`http://127.0.0.1:${app.address.port}/_openapi?scope=app`);
  const served = (await answer.json()) as typeof app.openApi.definition;
  assert.equal(served.info.title, "The shop");
  assert.partialDeepStrictEqual(served.paths, { "/till/{id}": { get: { description: "Opens" } } });
});

test("the log takes texts and errors before and after the start, from a level on", async (t) => {
  const lines: string[] = [];
  const record = (part: string): Logger =>
    createLogger((level, event) => void lines.push(`${level} ${part}${event}`), record);
  const { log } = await createApplication(t, { log: record("") });
  log.level("info");
  log.info("before");
  log.verbose("too fine");
  log.child("till").error(new Error("stuck"));
  log.level("silent");
  log.fatal("unheard");
  assert.deepEqual(lines, ["info before", "error tillstuck"]);
  assert.throws(() => log.level("loud"), { id: "validation.assert.invalid_type" });
});

test("an installation runs once, with the SDK at hand, and imports are there before it", async (t) => {
  const app = await createApplication(t);
  app.import.mappings({ shop: { goods: { mappings: { properties: { name: { type: "keyword" } } } } } });
  app.install("first-goods", async () => {
    await app.sdk.document.create("shop", "goods", { name: "pen" }, "pen");
  });
  await app.start();
  assert.equal((await app.sdk.document.get("shop", "goods", "pen"))._source.name, "pen");
});

test("a client's connection is subscribed in its place, and unsubscribed", async (t) => {
  const app = await createApplication(t);
  app.import.mappings({ shop: { goods: {} } });
  await app.start();
  const connection = { id: "somebody", protocol: "websocket" };
  const { roomId, channel } = await app.subscription.add(
    connection,
    "shop",
    "goods",
    { exists: "name" },
    { users: "none" },
  );
  assert.ok(channel.startsWith(roomId));
  await app.subscription.remove(connection, roomId);
  await assert.rejects(app.subscription.remove(connection, roomId), { id: "core.realtime.not_subscribed" });
});

test("two applications in one process do not see each other", async (t) => {
  const [shop, bank] = [await createApplication(t), await createApplication(t, { name: "bank" })];
  for (const app of [shop, bank]) {
    const name = app.name;
    app.controller.register(name, {
      actions: { who: { handler: async () => (globalThis as unknown as { app: Backend }).app.name } },
    });
    app.pipe.register("common:event", async (names: string) => names + name);
  }
  await Promise.all([shop.start(), bank.start()]);
  assert.equal((await ask(shop, "/_/shop/who")).result, "shop");
  assert.equal((await ask(bank, "/_/bank/who")).result, "bank");
  assert.equal((await ask(bank, "/_/shop/who")).status, 404);
  assert.deepEqual([await shop.trigger("common:event", ""), await bank.trigger("common:event", "")], ["shop", "bank"]);
});
