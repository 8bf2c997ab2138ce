/** What was replaced is free: nothing of the server's own holds it. Only ES modules themselves stay, as Node keeps them. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { commonJs, typed } from "./packages.ts";
import { type Files, startReloadable, until } from "./reloadable.ts";

const require = createRequire(import.meta.url);

const instances = { made: 0, alive: [] as WeakRef<object>[] };
Object.assign(globalThis, { instances });

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const note = "instances.made++; instances.alive.push(new WeakRef(this));";

/** Registers one thing of every kind. */
const second = (n: number): Files => ({
  ...commonJs(
    "kept",
    `constructor() {
      ${note}
      this.weight = new Array(10_000).fill(${n});
      this.helper = require("./lib/helper");
      this.hooks = { "document:afterCreate": () => this.weight.length };
      this.pipes = { "server:beforeNow": async (request) => { this.weight[0]++; return request; } };
      this.api = { kept: { actions: { weight: { handler: async () => this.weight[0] } } } };
      this.authenticators = { Word: require("passport-local").Strategy };
      const methods = { create: "yes", update: "yes", delete: "yes", exists: "yes", validate: "yes", verify: "yes" };
      this.strategies = { kept: { config: { authenticator: "Word" }, methods } };
      this.described = { config: { authenticator: "Word" }, methods };
    }
    async yes() { return true; }
    async init(config, context) {
      this.context = context;
      await context.accessors.strategies.add("called", this.described);
      await context.accessors.cluster.on("told", () => this.weight.length);
      await context.accessors.sdk.realtime.subscribe("library", "books", {}, () => this.weight.length);
      global.kuzzle.on("kept:event", () => this.weight.length);
      const type = Object.assign(new context.constructors.BaseValidationType(), { typeName: "kept", owner: this });
      context.accessors.validation.addType(type);
    }`,
  ),
  "plugins/enabled/kept/lib/helper.js": `exports.n = ${n}; exports.weight = new Array(10_000).fill(${n});`,
});

/** The module stays, and what it describes: but not what a server gave to it. */
const defined = (n: number): Files =>
  typed(
    "kept",
    `init(context) { instances.made++; instances.alive.push(new WeakRef(context)); },
     hooks: { "document:afterCreate": (request, context) => context.log.debug("created") },
     pipes: { "server:beforeNow": (request, context) => request },
     controllers: { kept: { weight: action({ summary: "", run: () => ${n} }) } },`,
  );

const alive = (): number => instances.alive.filter((reference) => reference.deref() !== undefined).length;

const oneIsLeft = (): boolean => {
  collectGarbage();
  return alive() <= 2; // the one that runs, and perhaps the one that the last answer still holds
};

test("a hundred reloads of a plugin leave one instance behind", async (t) => {
  instances.alive = [];
  instances.made = 0;
  const { server, ws, write, ask } = await startReloadable(t, {});
  await ws.index.create("library");
  await ws.collection.create("library", "books", {});
  for (let n = 0; n < 100; n++) {
    write(second(n));
    const outcome = await server.host.reload("kept");
    assert.notEqual(outcome.kind, "failed");
    await ask({ controller: "server", action: "now" });
    assert.equal(await ask({ controller: "kept", action: "weight" }), n + 1);
  }
  assert.equal(instances.made, 100);
  await until(oneIsLeft, `of ${instances.made} instances the last is left`);
  const files = Object.keys(require.cache).filter((file) => file.includes("plugins/enabled/kept"));
  assert.equal(files.length, 2, "the main file and its helper");
  assert.equal(await ask({ controller: "kept", action: "weight" }), 100);
});

test("a hundred reloads of an ES module leave one context behind, and nothing twice in the lists", async (t) => {
  instances.alive = [];
  instances.made = 0;
  const { server, write, ask } = await startReloadable(t, defined(0));
  const listed = async (): Promise<unknown> => [
    server.host.names,
    server.host.list(),
    Object.keys((await ask({ controller: "server", action: "publicApi" })) as object),
  ];
  const before = await listed();
  for (let n = 1; n < 100; n++) {
    write(defined(n));
    assert.equal((await server.host.reload("kept")).kind, "reloaded");
    assert.equal(await ask({ controller: "kept", action: "weight" }), n);
  }
  assert.equal(instances.made, 100);
  await until(oneIsLeft, `of ${instances.made} contexts the last is left`);
  assert.deepEqual(await listed(), before);
});
