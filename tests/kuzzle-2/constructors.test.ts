/** The classes in `context.constructors` of plugins of the second generation (contract/plugins/v2.md section 7). */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import { openProbes, type Probes } from "./probe.ts";

let probes: Probes;

before(async () => {
  probes = await openProbes();
});

after(() => probes?.close());

const run: Probes["run"] = (...given) => probes.run(...given);
const failure: Probes["failure"] = (code) => probes.failure(code);

test("a mutex is held by one plugin at a time, is waited for, and frees itself after its time", async () => {
  const code = (name: string): string =>
    `const mutex = kept.${name} = new context.constructors.Mutex("the-door", { attemptDelay: 5, timeout: 20, ttl: 200 });`;
  assert.deepEqual(await run(`${code("a")} return [await mutex.lock(), mutex.locked, mutex.resource];`), [
    true,
    true,
    "the-door",
  ]);
  assert.deepEqual(
    await run(
      `${code("b")} return [await mutex.lock(), mutex.locked, await mutex.wait({ attemptDelay: 5, timeout: 10 })];`,
      {},
      "other",
    ),
    [false, false, false],
  );
  assert.equal(
    await run(`return kept.b.wait({ attemptDelay: 5, timeout: 5000 });`, {}, "other"),
    true,
    "the first has lost it by time",
  );
  assert.deepEqual(await run(`return [await kept.b.lock(), await kept.b.unlock()];`, {}, "other"), [true, null]);
  const twice = await failure(`const mutex = new kuzzle.Mutex("never-locked"); await mutex.unlock();`);
  assert.match(twice.message, /is not locked/);
});

test("a Koncorde of the plugin's own has the calls of its third version", async () => {
  assert.deepEqual(
    await run(`const koncorde = new context.constructors.Koncorde();
      const { id, diff } = koncorde.register("lib", "books", { equals: { lang: "fr" } });
      const awaited = await koncorde.register("lib", "books", { equals: { lang: "fr" } });
      const normalized = koncorde.normalize("lib", "films", { range: { year: { gt: 1990 } } });
      const stored = koncorde.store(normalized);
      return { same: awaited.id === id, again: awaited.diff, diff: diff.index, normalized: [normalized.index, normalized.collection, typeof normalized.id, normalized instanceof kuzzle.NormalizedFilterV3],
        stored: stored.id === normalized.id, hits: koncorde.test("lib", "books", { lang: "fr" }).length, misses: koncorde.test("lib", "books", { lang: "en" }), elsewhere: koncorde.test("lib", "nowhere", {}),
        byId: koncorde.register("lib", "books", { ids: { values: ["x"] } }).id === koncorde.test("lib", "books", {}, "x")[0],
        exists: [koncorde.exists("lib", "books"), koncorde.exists("lib", "nowhere")], ids: koncorde.getFilterIds("lib", "books").length, has: koncorde.hasFilterId(id),
        indexes: koncorde.getIndexes(), collections: koncorde.getCollections("lib"), removed: [koncorde.remove(id), koncorde.hasFilterId(id)], validate: koncorde.validate({}) ?? null };`),
    {
      same: true,
      again: false,
      diff: "lib",
      normalized: ["lib", "films", "string", true],
      stored: true,
      hits: 1,
      misses: [],
      elsewhere: [],
      byId: true,
      exists: [true, false],
      ids: 2,
      has: true,
      indexes: ["lib"],
      collections: ["books", "films"],
      removed: [null, false],
      validate: null,
    },
  );
  assert.equal(
    (await failure(`new context.constructors.Koncorde().register("a", "b", { equls: {} });`)).id,
    "api.assert.koncorde_dsl_error",
  );
});

test("on the embedded engine ESClient says what to use instead", async () => {
  const error = await failure("new context.constructors.ESClient();");
  assert.equal(error.id, "services.storage.unexpected_error");
  assert.match(error.message, /accessors\.sdk or constructors\.Repository/);
});

test("RequestContext and RequestInput make parts of requests", async () => {
  assert.deepEqual(
    await run(`const { RequestContext, RequestInput } = context.constructors;
      const input = new RequestInput({ controller: "a", action: "b", body: { c: 1 }, _id: "7", jwt: null });
      const made = new RequestContext({ connectionId: "x", protocol: "p" });
      return [input.controller, input.args._id, input.resource._id, made.connection.id, made.protocol];`),
    ["a", "7", "7", "x", "p"],
  );
});

test("a request derived from another has its user, connection, token and target, and volatile data of both", async () => {
  const derived = await run<JSONObject>(
    `const made = new context.constructors.Request(request, { controller: "document", action: "get", volatile: { more: 2 } });
     return { args: made.input.args, volatile: made.input.volatile, jwt: made.input.jwt === request.input.jwt, connection: made.context.connection.id === request.context.connection.id,
       own: made.context.user === request.context.user, isRequest: made instanceof kuzzle.KuzzleRequest, id: made.id !== request.id };`,
    { index: "lib", collection: "books", _id: "7", lang: "fr", volatile: { from: 1 } },
  );
  const { args, ...rest } = derived;
  assert.partialDeepStrictEqual(args, { index: "lib", collection: "books", _id: "7", lang: "fr" });
  assert.deepEqual(rest, {
    volatile: { sdkName: undefined, from: 1, more: 2 }.from === 1 ? { from: 1, more: 2 } : {},
    jwt: true,
    connection: true,
    own: true,
    isRequest: true,
    id: true,
  });
});

test("names are turned from one style into another, and made up", async () => {
  assert.deepEqual(
    await run(`const { Inflector } = kuzzle;
      return [Inflector.kebabCase("MyHTTPPlugin some_name"), Inflector.upFirst("abc"), Inflector.pascalCase("my-plugin"), Inflector.camelCase("my plugin"), Inflector.snakeCase("MyPlugin")];`),
    ["my-httpplugin-some-name", "Abc", "MyPlugin", "myPlugin", "my_plugin"],
  );
  const names = await run<string[]>(`const { NameGenerator } = kuzzle;
    return [NameGenerator.getRandomName(), NameGenerator.getRandomAdjective(), NameGenerator.generateRandomName({ prefix: "node", separator: "_" }),
      NameGenerator.generateRandomName({ postfixRandRange: false }), NameGenerator.generateRandomName({ suffixRange: { min: 7, max: 7 } })];`);
  const shapes = [/^[a-z]+$/, /^[a-z]+$/, /^node_[a-z]+_[a-z]+_\d+$/, /^[a-z]+-[a-z]+$/, /^[a-z]+-[a-z]+-7$/];
  for (const [i, shape] of shapes.entries()) assert.match(names[i] ?? "", shape);
});
