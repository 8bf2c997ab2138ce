/** Hooks and pipes of the second generation on a whole server (contract/plugins/v2.md section 4). */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import { pluginFiles } from "../../testing/plugins/plugin-server.ts";
import { startWhole, type WholeServer } from "../../testing/plugins/whole-server.ts";
import { Line, until } from "../api/wire.ts";

interface Opened extends WholeServer {
  readonly line: Line;
}

/** A server with one plugin in the style of its time, which keeps what it was called with in `seen`. */
async function withPlugin(t: TestContext, members: string, config: Record<string, unknown> = {}): Promise<Opened> {
  const main = `
    const { BadRequestError, KuzzleRequest } = require("kuzzle");
    const seen = [];
    module.exports = class ListeningPlugin {
      constructor () {
        this.seen = seen;
        this.api = { seen: { actions: { take: { handler: async () => seen.splice(0) } } } };
      }
      init () { Object.assign(this, ${members}); }
    };`;
  const whole = await startWhole(t, { files: pluginFiles("listening", main), config });
  const line = await Line.open(whole.server);
  t.after(() => line[Symbol.asyncDispose]());
  return { ...whole, line };
}

const taken = (line: Line): Promise<unknown[]> => line.result({ controller: "seen", action: "take" });
const now = { controller: "server", action: "now" };

test("an event without payload calls pipes with null and a callback, and hooks with its name alone", async (t) => {
  const { line } = await withPlugin(
    t,
    `{
      pipes: { "kuzzle:state:ready": (payload, done) => { seen.push(["pipe", payload, typeof done]); done(); } },
      hooks: { "kuzzle:state:ready": (...args) => void seen.push(["hook", ...args]),
               "kuzzle:state:live": (...args) => void seen.push(["live", ...args]),
               "core:kuzzleStart": (...args) => void seen.push(["started", ...args.slice(1)]) },
    }`,
  );
  assert.deepEqual(await taken(line), [
    ["live", "kuzzle:state:live"],
    ["pipe", null, "function"],
    ["hook", "kuzzle:state:ready"],
    ["started", "core:kuzzleStart"],
  ]);
});

test("the exact event comes first, then before* and after*, then *; the application's are last within each", async (t) => {
  const main = (mark: string): string => `module.exports = class {
    constructor () {
      const pipe = (name) => async (request) => { request.input.args.marks = (request.input.args.marks ?? []).concat(name); return request; };
      this.pipes = { "server:*": pipe("${mark} *"), "server:before*": pipe("${mark} before*"), "server:beforeNow": [pipe("${mark} 1"), pipe("${mark} 2")] };
    }
    init () {}
  };`;
  const marks: unknown[] = [];
  const { server } = await startWhole(t, {
    files: { ...pluginFiles("a", main("a")), ...pluginFiles("b", main("b")) },
    prepare: (app) => {
      app.pipe.register("server:beforeNow", async (request) => {
        request.input.args.marks = (request.input.args.marks as string[]).concat("app");
        return request;
      });
      app.hook.register("server:beforeNow", (request) => void marks.push(...(request.input.args.marks as string[])));
    },
  });
  await using line = await Line.open(server);
  await line.result(now);
  const expected = ["a 1", "a 2", "b 1", "b 2", "app", "a before*", "b before*", "a *", "b *"];
  assert.deepEqual(marks, expected, "and hooks see what all pipes have made of it");
});

test("names that are no wildcards of the contract never match", async (t) => {
  const { line } = await withPlugin(
    t,
    `{ hooks: Object.fromEntries(["*", "*:before*", "server:beforeN*", "server:beforeNo", "*:*", "server", "serv*:beforeNow"].map(
        (name) => [name, () => void seen.push(name)])) }`,
  );
  await line.result(now);
  assert.deepEqual(await taken(line), []);
});

test("a plugin action's error is told on its error event and on error*, and may be recovered from there", async (t) => {
  const { line } = await withPlugin(
    t,
    `{
      api: { seen: { actions: { take: { handler: async () => seen.splice(0) } } },
             frail: { actions: { run: { handler: async () => { throw new BadRequestError("as planned"); } } } } },
      hooks: { "frail:error*": (request, event) => void seen.push([event, request.error.message]) },
      pipes: { "frail:errorRun": async (request) => {
        if (!request.input.args.recover) return request;
        request.clearError(); request.setResult("recovered"); return request; } },
    }`,
  );
  const frail = { controller: "frail", action: "run" };
  assert.equal((await line.ask(frail)).error?.message, "as planned");
  assert.equal(await line.result<unknown>({ ...frail, recover: true }), "recovered");
  assert.deepEqual((await taken(line))[0], ["frail:error*", "as planned"]);
});

for (const [how, pipe] of [
  ["throws", "() => { throw new TypeError('oops'); }"],
  ["rejects", "async () => { throw new TypeError('oops'); }"],
  ["calls back with an error", "(request, done) => done(new TypeError('oops'))"],
  ["calls back later with an error", "(request, done) => setImmediate(done, new TypeError('oops'))"],
  ["rejects with no error at all", "() => Promise.reject('oops')"],
] as const) {
  test(`a pipe that ${how} fails the request as the plugin's fault, without a stack on the wire`, async (t) => {
    const { line } = await withPlugin(t, `{ pipes: { "server:afterNow": ${pipe} } }`);
    const { error, status } = await line.ask(now);
    assert.deepEqual([status, error?.id], [500, "plugin.runtime.unexpected_error"]);
    assert.match(String(error?.message), /oops/);
  });
}

for (const [how, pipe] of [
  ["throws", "() => { throw new BadRequestError('no'); }"],
  ["rejects with", "async () => { throw new BadRequestError('no'); }"],
  ["calls back with", "(request, done) => done(new BadRequestError('no'))"],
] as const) {
  test(`a pipe that ${how} an error of the API refuses by it`, async (t) => {
    const { line } = await withPlugin(t, `{ pipes: { "server:beforeNow": ${pipe} } }`);
    const { error, status } = await line.ask(now);
    assert.deepEqual([status, error?.message, error?.id], [400, "no", undefined]);
  });
}

test("a pipe that answers something else than a request is named", async (t) => {
  const { line } = await withPlugin(t, `{ pipes: { "server:beforeNow": async () => ({ not: "a request" }) } }`);
  const { error } = await line.ask(now);
  assert.equal(error?.id, "plugin.runtime.unexpected_error");
  assert.match(String(error?.message), /\[listening\] The pipe on "server:beforeNow" must answer the request/);
});

test("a pipe that answers twice counts once, and is named in the log", async (t) => {
  const { line, log } = await withPlugin(
    t,
    `{ pipes: { "server:afterNow": async (request, done) => { done(null, request); done(new BadRequestError("late")); return "garbage"; } } }`,
  );
  assert.equal((await line.ask(now)).status, 200);
  assert.ok(
    log.some(({ event, fields }) => event.endsWith("plugin.pipe_answered_twice") && fields.plugin === "listening"),
  );
});

test("a pipe that neither calls back nor returns a promise is named while its request waits, and nobody else does", async (t) => {
  const { line, log } = await withPlugin(
    t,
    `{ pipes: { "server:beforeNow": (request, done) => { this.goOn = done; seen.push("called"); this.request = request; return request; },
                "seen:beforeTake": async (request) => { if (this.goOn) this.goOn(null, this.request); return request; } } }`,
    { "plugins.listening": { pipeWarnTime: 10 } },
  );
  const waiting = line.ask(now);
  await until(() => log.some(({ event }) => event.endsWith("plugin.silent_pipe")), "the warning");
  const [warning] = log.filter(({ event }) => event.endsWith("plugin.silent_pipe"));
  assert.partialDeepStrictEqual(warning?.fields, { plugin: "listening", event: "server:beforeNow" });
  await taken(line);
  assert.equal((await waiting).status, 200);
});

test("a pipe that is slower than pipeWarnTime is named with its event and duration; none is when it is 0", async (t) => {
  const slow = `{ pipes: { "server:beforeNow": async (request) => { await new Promise((r) => setTimeout(r, 25)); return request; } } }`;
  for (const pipeWarnTime of [10, 0]) {
    const { line, log } = await withPlugin(t, slow, { "plugins.common.pipeWarnTime": pipeWarnTime });
    await line.result(now);
    const warnings = log.filter(({ event }) => event.endsWith("plugin.slow_pipe"));
    assert.equal(warnings.length, pipeWarnTime === 0 ? 0 : 1);
    if (warnings[0] === undefined) continue;
    const { plugin, event, durationMs } = warnings[0].fields;
    assert.deepEqual([plugin, event], ["listening", "server:beforeNow"]);
    assert.ok(Number(durationMs) >= 20);
  }
});

test("more chains of pipes than may run at once wait, more than may wait are refused; events without pipes do not count", async (t) => {
  const { line } = await withPlugin(
    t,
    `{ pipes: { "server:beforeNow": (request, done) => { this.waiting = (this.waiting ?? []).concat(() => done(null, request)); },
                "plugin:nothing": async () => {} },
       api: { door: { actions: { open: { handler: async () => { const open = this.waiting ?? []; this.waiting = []; open.forEach((go) => go()); return open.length; } } } } } }`,
    { "plugins.common.maxConcurrentPipes": 1, "plugins.common.pipesBufferSize": 1 },
  );
  const first = line.ask(now);
  const second = line.ask(now);
  const refused = await line.ask(now);
  assert.deepEqual([refused.status, refused.error?.id], [503, "plugin.runtime.too_many_pipes"]);
  const open = { controller: "door", action: "open" };
  assert.equal(await line.result<unknown>(open), 1, "an action to whose events no pipe listens goes through");
  assert.equal((await first).status, 200);
  let opened = 0;
  while (opened === 0) opened = (await line.result<unknown>(open)) as number;
  assert.equal((await second).status, 200);
});

const eventsOfRequests = [
  "request:beforeExecution",
  "request:onAuthorized",
  "request:onExecution",
  "generic:document:beforeWrite",
  "document:beforeCreate",
  "generic:document:injectMetadata",
  "document:afterCreate",
  "generic:document:afterWrite",
  "request:onSuccess",
  "request:afterExecution",
];

test("a client's request fires its events in order; one of a plugin none, or from onExecution on when it asks for them", async (t) => {
  const { line } = await withPlugin(
    t,
    `{
      hooks: Object.fromEntries(${JSON.stringify(eventsOfRequests)}.map((name) => [name, (payload) => {
        const request = payload.request ?? (Array.isArray(payload) ? undefined : payload);
        if (request === undefined || request.input.controller === "document") seen.push(name);
      }])),
      api: { seen: { actions: { take: { handler: async () => seen.splice(0) }, write: { handler: async (request) => {
        const { sdk } = this.context.accessors;
        await sdk.query({ controller: "document", action: "create", index: "lib", collection: "books", body: {}, triggerEvents: request.getBoolean("loud") });
        return null;
      } } } } },
      context: arguments[1],
    }`,
  );
  await line.result({ controller: "index", action: "create", index: "lib" });
  const books = { index: "lib", collection: "books" };
  await line.result({ controller: "collection", action: "create", ...books });
  await taken(line);
  const events = async (request: JSONObject): Promise<unknown[]> => {
    await line.result(request);
    return (await taken(line)) as string[];
  };
  const client = await events({ controller: "document", action: "create", ...books, body: {} });
  assert.deepEqual(client, eventsOfRequests);
  const write = { controller: "seen", action: "write" };
  assert.deepEqual(
    await events(write),
    ["generic:document:injectMetadata"],
    "which is about storage, not about requests",
  );
  assert.deepEqual(await events({ ...write, loud: true }), eventsOfRequests.slice(2));
});
