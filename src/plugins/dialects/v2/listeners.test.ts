import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { makeRoot, startTestServer, type TestServer } from "../../../../testing/plugins/plugin-server.ts";
import { BadRequestError, KuzzleRequest } from "../../../kernel/index.ts";
import { usePlugin } from "../../discovery/used-plugin.ts";

type Callback = (error?: unknown, payload?: unknown) => void;

async function using(t: TestContext, plugin: object, name = "subject", common = {}): Promise<TestServer> {
  const { root, remove } = makeRoot();
  t.after(remove);
  const instance = { init() {}, ...plugin };
  const server = await startTestServer({ root, common, deps: { used: [usePlugin(instance, { name })] } });
  t.after(() => server.close());
  return server;
}

const aRequest = (): KuzzleRequest => new KuzzleRequest({ controller: "document", action: "create" });
const fire = async (server: TestServer, event: string, ...args: unknown[]): Promise<unknown> =>
  server.events.pipe(event, ...args);

test("a pipe answers by callback, at once or later, or by a promise", async (t) => {
  const server = await using(t, {
    pipes: {
      "numbers:add": [
        (n: number, done: Callback) => done(null, n + 1),
        (n: number, done: Callback) => void setImmediate(done, null, n + 10),
        async (n: number) => n + 100,
      ],
    },
  });
  assert.equal(await fire(server, "numbers:add", 0), 111);
});

test("a pipe gets every argument, and only the first is passed on", async (t) => {
  const seen: unknown[][] = [];
  const pipe = async (...args: unknown[]): Promise<unknown> => {
    seen.push(args.slice(0, -1));
    return `${String(args[0])}!`;
  };
  const server = await using(t, { pipes: { "three:arguments": [pipe, pipe] } });
  assert.equal(await fire(server, "three:arguments", "a", "b", "c"), "a!!");
  assert.deepEqual(seen, [
    ["a", "b", "c"],
    ["a!", "b", "c"],
  ]);
});

test("an event without payload calls a pipe with null and the callback", async (t) => {
  let first: unknown;
  const server = await using(t, {
    pipes: {
      "kuzzle:state:ready": (payload: unknown, done: Callback) => {
        first = payload;
        done();
      },
    },
  });
  await fire(server, "kuzzle:state:ready");
  assert.equal(first, null);
});

test("a pipe that calls back twice is answered once, and the log names it", async (t) => {
  const server = await using(t, {
    pipes: {
      "twice:done": (n: number, done: Callback) => {
        done(null, n + 1);
        done(null, n + 2);
      },
    },
  });
  assert.equal(await fire(server, "twice:done", 1), 2);
  assert.deepEqual(
    server.log.filter(({ event }) => event.endsWith("plugin.pipe_answered_twice")).map(({ fields }) => fields),
    [{ plugin: "subject", event: "twice:done" }],
  );
});

test("an asynchronous pipe that calls back and fails afterwards does not end the process", async (t) => {
  const server = await using(t, {
    pipes: {
      "late:failure": async (n: number, done: Callback) => {
        done(null, n);
        throw new Error("too late");
      },
    },
  });
  assert.equal(await fire(server, "late:failure", 5), 5);
  await sleep(1);
  assert.ok(server.log.some(({ event }) => event.endsWith("plugin.pipe_failed_after_answer")));
});

test("a pipe refuses with an error of the API, which reaches the client as it is", async (t) => {
  const refuse = { pipes: { "document:beforeCreate": async () => Promise.reject(new BadRequestError("no thanks")) } };
  const server = await using(t, refuse);
  await assert.rejects(fire(server, "document:beforeCreate", aRequest()), { status: 400, message: "no thanks" });
});

for (const [how, pipe] of [
  [
    "throws",
    () => {
      throw new TypeError("x is not a function");
    },
  ],
  [
    "rejects with",
    async () => {
      throw new TypeError("x is not a function");
    },
  ],
  ["calls back with", (_: unknown, done: Callback) => done(new TypeError("x is not a function"))],
] as const) {
  test(`a pipe that ${how} any other error fails the request as the plugin's fault`, async (t) => {
    const server = await using(t, { pipes: { "document:beforeCreate": pipe } });
    await assert.rejects(fire(server, "document:beforeCreate", aRequest()), {
      status: 500,
      id: "plugin.runtime.unexpected_error",
      message: /x is not a function/,
    });
  });
}

test("a pipe that answers garbage is refused by name, with a hint when it answered nothing", async (t) => {
  const server = await using(t, {
    pipes: {
      "document:beforeCreate": async () => undefined,
      "document:beforeReplace": async () => ({ fake: true }),
      "generic:document:beforeWrite": (_documents: unknown, _request: unknown, done: Callback) =>
        done(null, "documents"),
    },
  });
  await assert.rejects(fire(server, "document:beforeCreate", aRequest()), {
    message: /\[subject\] The pipe on "document:beforeCreate" must answer the request.*is a return missing\?/,
  });
  await assert.rejects(fire(server, "document:beforeReplace", aRequest()), {
    message: /it answered an object \(Object\)/,
  });
  await assert.rejects(fire(server, "generic:document:beforeWrite", [], aRequest()), {
    message: /must answer the array/,
  });
});

test("a pipe on request:onUnauthorized may answer nothing: its answer is not used", async (t) => {
  const server = await using(t, { pipes: { "request:onUnauthorized": async () => undefined } });
  await fire(server, "request:onUnauthorized", aRequest());
});

test("a pipe that neither calls back nor returns a promise is named in a warning while the request waits", async (t) => {
  const server = await using(t, { pipes: { "stuck:here": () => 42 } }, "subject", { pipeWarnTime: 10 });
  const answer = fire(server, "stuck:here", 1);
  const first = await Promise.race([answer, sleep(60, "waiting")]);
  assert.equal(first, "waiting");
  assert.ok(
    server.log.some(({ event, fields }) => event.endsWith("plugin.silent_pipe") && fields.plugin === "subject"),
  );
});

test("hooks get the payload and the event as it was registered, wildcards included", async (t) => {
  const seen: unknown[][] = [];
  const hook = (...args: unknown[]): void => void seen.push(args);
  const server = await using(t, {
    hooks: { "document:afterCreate": hook, "document:after*": hook, "document:*": hook },
  });
  await fire(server, "document:afterCreate", "payload", 2);
  assert.deepEqual(seen, [
    ["payload", 2, "document:afterCreate"],
    ["payload", 2, "document:after*"],
    ["payload", 2, "document:*"],
  ]);
});

test("a hook that throws or rejects is logged with its plugin, told to hook:onError in either form, and fails nobody", async (t) => {
  const told: unknown[] = [];
  const server = await using(t, {
    hooks: {
      "document:afterCreate": [
        () => {
          throw new Error("sync");
        },
        async () => {
          throw new Error("async");
        },
      ],
      "hook:onError": [
        (pluginName: string, event: string, error: Error) => void told.push([pluginName, event, error.message]),
        ({ pluginName, error }: { pluginName: string; error: Error }) => void told.push([pluginName, error.message]),
      ],
    },
  });
  assert.equal(await fire(server, "document:afterCreate", "payload"), "payload");
  await sleep(1);
  assert.deepEqual(told, [
    ["subject", "document:afterCreate", "sync"],
    ["subject", "sync"],
    ["subject", "document:afterCreate", "async"],
    ["subject", "async"],
  ]);
  const failures = server.log.filter(({ event }) => event === "plugin.hook_failed");
  assert.deepEqual(
    failures.map(({ fields }) => fields.plugin),
    ["subject", "subject"],
  );
});

test("a failing hook:onError does not call itself for ever", async (t) => {
  let loops = 0;
  const server = await using(t, {
    hooks: {
      "a:b": () => {
        throw new Error("first");
      },
      "hook:onError": () => {
        throw new Error("second");
      },
      "plugin:hook:loop-error": () => {
        loops++;
        throw new Error("third");
      },
    },
  });
  await fire(server, "a:b");
  assert.equal(loops, 1);
});

test("a target may be a method's name, a method, or any function; a method keeps its this", async (t) => {
  class Subject {
    suffix = "?";
    pipes = { "a:b": ["append", this.append, appendAlso] };
    init(): void {}
    async append(text: string): Promise<string> {
      return text + this.suffix;
    }
  }
  async function appendAlso(text: string): Promise<string> {
    return `${text}.`;
  }
  const { root, remove } = makeRoot();
  t.after(remove);
  const server = await startTestServer({ root, deps: { used: [usePlugin(new Subject())] } });
  t.after(() => server.close());
  assert.equal(await fire(server, "a:b", "x"), "x??.");
});

test("pipes run in the load order of their plugins, and the exact event before wildcards", async (t) => {
  const pipe = (mark: string) => async (text: string) => text + mark;
  const { root, remove } = makeRoot();
  t.after(remove);
  const one = { init() {}, pipes: { "a:*": pipe("1*"), "a:beforeB": pipe("1") } };
  const two = { init() {}, pipes: { "a:beforeB": pipe("2"), "a:before*": pipe("2b") } };
  const used = [usePlugin(one, { name: "one" }), usePlugin(two, { name: "two" })];
  const server = await startTestServer({ root, deps: { used } });
  t.after(() => server.close());
  assert.equal(await fire(server, "a:beforeB", ""), "122b1*");
});

test("what a plugin changes after its init is not seen", async (t) => {
  const plugin: { pipes: Record<string, unknown> } = { pipes: {} };
  const server = await using(t, plugin);
  plugin.pipes["a:b"] = async () => "changed";
  assert.equal(await fire(server, "a:b", "same"), "same");
});
