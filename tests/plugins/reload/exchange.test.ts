/** What becomes of requests, routes, rights, order and everything else that a plugin has registered when it is loaded again. */
import assert from "node:assert/strict";
import { Agent } from "node:http";
import { test } from "node:test";
import { fetchJson } from "../../../testing/protocols/fetch-json.ts";
import { commonJs, typed } from "./packages.ts";
import { getOver, type Reloadable, startReloadable, until } from "./reloadable.ts";

/** What plugins and their test share. */
const shared = { seen: [] as unknown[], gate: Promise.withResolvers<void>() };
Object.assign(globalThis, { shared });

const action = (name: string, body: string, http = `[{ verb: "GET", path: "/_/${name}" }]`): string =>
  `${name}: action({ summary: "${name}", http: ${http}, run: async (args, request) => { ${body} } }),`;

/** Creates a collection; each call of the answer writes a document into it and says with which tags it was stored, in the order of the pipes. */
async function documentTags({ ws, ask }: Pick<Reloadable, "ws" | "ask">): Promise<() => Promise<string>> {
  const place = { index: "library", collection: "books" };
  await ws.index.create(place.index);
  await ws.collection.create(place.index, place.collection, {});
  return async () => {
    const data = { controller: "document", action: "create", ...place, body: { tags: "" } };
    return ((await ask(data)) as { _source: { tags: string } })._source.tags;
  };
}

test("a request that runs finishes with the former code, which is closed only then; the next one gets the new", async (t) => {
  const slow = (word: string): string => `
    pipes: { "slow:afterWait": (request) => { request.response.setHeader("x-pipe", "${word}"); return request; } },
    controllers: { slow: { ${action("wait", `shared.seen.push("runs ${word}"); await shared.gate.promise; return "${word}";`)}
      ${action("quick", `return "${word}";`)} } },
    close() { shared.seen.push("closed ${word}"); },`;
  shared.seen = [];
  shared.gate = Promise.withResolvers();
  const { server, write } = await startReloadable(t, typed("slow", slow("one")));
  const waiting = fetchJson(`${server.url}/_/wait`);
  await until(() => shared.seen.includes("runs one"), "the request runs");
  write(typed("slow", slow("two")));
  assert.equal((await server.host.reload("slow")).kind, "reloaded");
  assert.equal((await fetchJson(`${server.url}/_/quick`)).json.result, "two");
  assert.deepEqual(shared.seen, ["runs one"], "not closed while a request runs");
  shared.gate.resolve();
  assert.equal((await waiting).json.result, "one");
  await until(() => shared.seen.includes("closed one"), "the former plugin is closed");
  assert.ok(!shared.seen.includes("closed two"));
});

test("routes and actions that come and go are served, described, or 404 at once, and roles that name them hold", async (t) => {
  const files = (actions: string): ReturnType<typeof typed> => typed("shop", `controllers: { shop: { ${actions} } },`);
  const { server, ws, write, ask } = await startReloadable(t, files(action("old", `return "old";`)));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const status = async (path: string): Promise<number> => (await getOver(agent, server.url + path)).status;
  assert.deepEqual([await status("/_/old"), await status("/_/fresh")], [200, 404]);
  write(
    files(action("fresh", `return "new";`, `[{ verb: "GET", path: "/_/fresh" }, { verb: "GET", path: "/_/by/:id" }]`)),
  );
  await server.host.reload("shop");
  assert.deepEqual([await status("/_/old"), await status("/_/fresh"), await status("/_/by/7")], [404, 200, 200]);
  await assert.rejects(ask({ controller: "shop", action: "old" }), { id: "api.process.action_not_found" });
  const api = (await ask({ controller: "server", action: "publicApi" })) as { shop: object };
  assert.deepEqual(Object.keys(api.shop), ["fresh"]);
  const { paths } = (await fetchJson(`${server.url}/_openapi?scope=app`)).json;
  assert.ok("/_/by/{id}" in paths && !("/_/old" in paths));

  await ws.security.createRole("buyer", { controllers: { shop: { actions: { fresh: true } } } }, {
    force: false,
  } as never);
  await ws.security.createProfile("buyer", { policies: [{ roleId: "buyer" }] } as never);
  const credentials = { local: { username: "bo", password: "secret" } };
  await ws.security.createUser("bo", { content: { profileIds: ["buyer"] }, credentials } as never);
  const { jwt } = (await ask({ controller: "auth", action: "login", strategy: "local", body: credentials.local })) as {
    jwt: string;
  };
  write(files(action("fresh", `return "newer";`) + action("late", `return "";`)));
  await server.host.reload("shop");
  assert.equal(await ask({ controller: "shop", action: "fresh", jwt }), "newer");
  await assert.rejects(ask({ controller: "shop", action: "late", jwt }), { status: 403 });
});

test("ten reloads under a hundred requests a second over HTTP and WebSocket: none fails, each is answered by one whole version", async (t) => {
  // The action and the pipe behind it say their version: one request may see two, but never none.
  const version = (n: number): ReturnType<typeof typed> =>
    typed(
      "busy",
      `pipes: { "busy:beforeRun": (request) => { request.input.args.piped = ${n}; return request; } },
       controllers: { busy: { ${action("run", `await null; return { ran: ${n}, piped: request.input.args.piped };`)} } },`,
    );
  const { server, write, ask } = await startReloadable(t, version(0));
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  const answers: { ran: number; piped: number }[] = [];
  const failures: unknown[] = [];
  const once = async (i: number): Promise<void> => {
    try {
      if (i % 2 === 0)
        answers.push((await ask({ controller: "busy", action: "run" })) as { ran: number; piped: number });
      else {
        const answer = await getOver(agent, `${server.url}/_/run`);
        if (answer.status === 200) answers.push(answer.result);
        else failures.push(answer);
      }
    } catch (error) {
      failures.push(error);
    }
  };
  const running: Promise<void>[] = [];
  const ticker = setInterval(() => running.push(once(running.length)), 10);
  t.after(() => clearInterval(ticker));
  await until(() => answers.length > 5, "the first version answers");
  for (let n = 1; n <= 10; n++) {
    const { length } = answers;
    write(version(n));
    assert.equal((await server.host.reload("busy")).kind, "reloaded");
    await until(() => answers.length > length + 5, "requests are answered between the reloads");
  }
  clearInterval(ticker);
  await Promise.all(running);
  assert.deepEqual(failures, []);
  assert.ok(answers.length > 60);
  for (const { ran, piped } of answers) assert.ok(piped <= ran && ran - piped <= 1, `${piped} before ${ran}`);
  assert.equal(new Set(answers.map(({ ran }) => ran)).size, 11, "every version has answered");
});

test("a plugin keeps its place among the pipes, one that is new gets the place of its name, one whose folder is gone is removed", async (t) => {
  const tagging = (name: string, tag = name) =>
    typed(
      name,
      `pipes: { "document:beforeCreate": (request) => { request.input.body.tags += " ${tag}"; return request; } },`,
    );
  const { server, ws, write, remove, ask, log } = await startReloadable(t, { ...tagging("a"), ...tagging("d") });
  const tags = await documentTags({ ws, ask });
  assert.equal(await tags(), " a d");
  write({ ...tagging("a", "A"), ...tagging("c"), ...tagging("b") });
  assert.equal((await server.host.reload("a")).kind, "reloaded");
  assert.equal(await tags(), " A d");
  assert.equal((await server.host.reload("c")).kind, "added");
  assert.equal((await server.host.reload("b")).kind, "added");
  assert.equal(await tags(), " A b c d");
  remove("plugins/enabled/a");
  assert.equal((await server.host.reload("a")).kind, "removed");
  assert.equal(await tags(), " b c d");
  const { serverInfo } = (await ask({ controller: "server", action: "info" })) as {
    serverInfo: { kuzzle: { plugins: object } };
  };
  const names = Object.keys(serverInfo.kuzzle.plugins).filter((name) => name.length === 1);
  assert.deepEqual(names, ["b", "c", "d"]);
  const outcome = await server.host.reload("a");
  assert.ok(outcome.kind === "failed" && outcome.error.id === "plugin.assert.plugin_not_found");
  assert.equal(log.at(-1)?.event, "plugins: plugin.reload_failed");
});

test("what a plugin declares of its order, its dependencies and its capabilities counts anew", async (t) => {
  const tagging = (name: string, more = "") =>
    typed(
      name,
      `version: "1.0.0", ${more} pipes: { "document:beforeCreate": (request) => { request.input.body.tags += " ${name}"; return request; } },`,
    );
  const { server, ws, write, ask } = await startReloadable(t, { ...tagging("a"), ...tagging("b"), ...tagging("c") });
  const tags = await documentTags({ ws, ask });
  assert.equal(await tags(), " a b c");
  write(tagging("c", `before: ["a"],`));
  assert.equal((await server.host.reload("c")).kind, "reloaded");
  assert.equal(await tags(), " c a b");
  write(tagging("b", `priority: 7,`));
  assert.equal((await server.host.reload("b")).kind, "reloaded");
  assert.equal(await tags(), " b c a");
  for (const [more, id] of [
    [`dependsOn: { d: "^1.0.0" },`, "plugin.order.missing_dependency"],
    [`dependsOn: { c: "^2.0.0" },`, "plugin.order.version_mismatch"],
    [`before: ["c"],`, "plugin.order.cycle"],
    [`capabilities: { events: ["document:get*"] },`, "plugin.capability.undeclared_contribution"],
  ] as const) {
    write(tagging("a", more));
    const outcome = await server.host.reload("a");
    assert.ok(outcome.kind === "failed" && outcome.error.id === id, `${id}: ${JSON.stringify(outcome)}`);
    assert.equal(await tags(), " b c a");
  }
  write(tagging("a", `dependsOn: { c: "^1.0.0" },`));
  assert.equal((await server.host.reload("a")).kind, "reloaded");
  assert.deepEqual(
    server.host.names.filter((name) => name.length === 1),
    ["b", "c", "a"],
  );
});

test("reloads of one plugin that are asked for at once run one after the other", async (t) => {
  const slow = (n: number) =>
    typed(
      "slow",
      `async init() { shared.seen.push("${n} starts"); await new Promise((r) => setTimeout(r, 20)); shared.seen.push("${n} ends"); },`,
    );
  const { server, write } = await startReloadable(t, slow(1));
  shared.seen = [];
  write(slow(2));
  const outcomes = await Promise.all([
    server.host.reload("slow"),
    server.host.reload("slow"),
    server.host.reload("slow"),
  ]);
  assert.deepEqual(
    outcomes.map(({ kind }) => kind),
    ["reloaded", "reloaded", "reloaded"],
  );
  assert.deepEqual(shared.seen, ["2 starts", "2 ends", "2 starts", "2 ends", "2 starts", "2 ends"]);
});

test("manifest and configuration are read again", async (t) => {
  const main = `
    async init(config, context) { this.said = config.said; }
    constructor() { this.api = { told: { actions: { me: { handler: this.me } } } }; }
    async me() { return this.said; }`;
  const rc = (said: string) => ({
    ".kuzzlerc": JSON.stringify({ plugins: { told: { said }, other: { kept: "in code" } } }),
  });
  const { server, write, ask } = await startReloadable(t, { ...commonJs("told", main), ...rc("first") });
  assert.equal(await ask({ controller: "told", action: "me" }), "first");
  write({ ...rc("second"), ...commonJs("told", main, { kuzzleVersion: ">=2.4.0 <3.0.0" }) });
  assert.equal((await server.host.reload("told")).kind, "reloaded");
  assert.equal(await ask({ controller: "told", action: "me" }), "second");
  assert.equal(server.host.list().told?.manifest.kuzzleVersion, ">=2.4.0 <3.0.0");
  write({ ".kuzzlerc": "{ broken" });
  const outcome = await server.host.reload("told");
  assert.ok(outcome.kind === "failed" && outcome.error.id === "core.configuration.cannot_parse");
  assert.equal(await ask({ controller: "told", action: "me" }), "second");
});

test("a configuration that was set in code stays", async (t) => {
  const main = `
    async init(config) { this.said = config.said; }
    constructor() { this.api = { told: { actions: { me: { handler: this.me } } } }; }
    async me() { return this.said; }`;
  const { server, ask } = await startReloadable(t, commonJs("told", main), { "plugins.told.said": "in code" });
  await server.host.reload("told");
  assert.equal(await ask({ controller: "told", action: "me" }), "in code");
});

test("the new instance hears that the server has started, the former one that it ends", async (t) => {
  const main = (word: string): string => `
    init() {
      this.hooks = { "kuzzle:state:ready": () => { shared.seen.push("${word} hears ready"); }, "core:kuzzleStart": () => { shared.seen.push("${word} hears start"); } };
      this.pipes = { "kuzzle:state:live": async () => { shared.seen.push("${word} hears live"); }, "kuzzle:shutdown": async () => { shared.seen.push("${word} hears shutdown"); } };
    }`;
  shared.seen = [];
  const { server, write } = await startReloadable(t, commonJs("told", main("one")));
  assert.deepEqual(shared.seen.splice(0), ["one hears live", "one hears ready", "one hears start"]);
  write(commonJs("told", main("two")));
  await server.host.reload("told");
  await until(() => shared.seen.includes("one hears shutdown"), "the former one is told");
  assert.deepEqual(shared.seen, ["two hears live", "two hears ready", "two hears start", "one hears shutdown"]);
});

test("what a plugin wants loaded is loaded when it has changed", async (t) => {
  const main = (properties: object): string => `
    init() { this.imports = { mappings: { lib: { notes: { mappings: { properties: ${JSON.stringify(properties)} } } } } }; }`;
  const { server, ws, write } = await startReloadable(t, commonJs("notes", main({ text: { type: "keyword" } })));
  write(commonJs("notes", main({ text: { type: "keyword" }, at: { type: "date" } })));
  assert.equal((await server.host.reload("notes")).kind, "reloaded");
  const { properties } = (await ws.collection.getMapping("lib", "notes")) as { properties: object };
  assert.deepEqual(Object.keys(properties).sort(), ["at", "text"]);
});
