import assert from "node:assert/strict";
import { test } from "node:test";
import { action, arg, Events, type PipeListener } from "../events/index.ts";
import {
  BadRequestError,
  ClientConnection,
  type JSONObject,
  JsonText,
  KuzzleRequest,
  kerror,
  silentLogger,
} from "../kernel/index.ts";
import { ActionTable } from "./action-table.ts";
import type { AccessControl } from "./execution.ts";
import { Pipeline } from "./pipeline.ts";
import { RequestQueue } from "./request-queue.ts";

interface Bench {
  readonly pipeline: Pipeline;
  readonly events: Events;
  readonly trace: string[];
  readonly run: (data: JSONObject, connection?: ClientConnection) => Promise<KuzzleRequest>;
}

function bench({
  access = {},
  concurrent = 10,
  buffer = 100,
}: {
  access?: Partial<AccessControl>;
  concurrent?: number;
  buffer?: number;
} = {}): Bench {
  const trace: string[] = [];
  const events = new Events({ log: silentLogger, limits: { maxConcurrent: 50, bufferSize: 100 } });
  const actions = new ActionTable();
  actions.register({
    name: "math",
    actions: {
      add: action({ summary: "Adds", args: { a: arg.integer(), b: arg.integer() }, run: ({ a, b }) => a + b }),
      later: action({ summary: "Adds later", run: async () => "later" }),
      fail: action({ summary: "Fails", run: () => Promise.reject(new BadRequestError("no")) }),
      text: action({ summary: "Answers text", run: () => new JsonText('{"a":1}') }),
      created: action({
        summary: "Sets a status",
        run: (_, request) => {
          request.status = 201;
          return {};
        },
      }),
    },
  });
  const control: AccessControl = { identify: () => {}, authorize: () => {}, limit: () => {}, ...access };
  const limits = { concurrentRequests: concurrent, requestsBufferSize: buffer, requestsBufferWarningThreshold: buffer };
  const pipeline = new Pipeline({
    actions,
    events,
    access: control,
    queue: new RequestQueue(limits, () => {}),
    options: { isOriginAccepted: (origin) => origin === "https://good.example", strictSdkVersion: true },
  });
  const local = new ClientConnection("websocket", ["127.0.0.1"]);
  const run = (data: JSONObject, connection = local): Promise<KuzzleRequest> =>
    pipeline.run(new KuzzleRequest(data, { connection }), connection);
  return { pipeline, events, trace, run };
}

function listen({ events, trace }: Bench, ...names: readonly string[]): void {
  for (const event of names)
    pipe(events, event, ([payload]) => {
      trace.push(event);
      return payload;
    });
}

function pipe(events: Events, event: string, run: PipeListener["run"]): void {
  events.registerPipe({ owner: "test", event, order: 0, warnMs: 0, deadlineMs: 0, run });
}

test("a request goes through its events in the order of the contract", async () => {
  const subject = bench();
  listen(
    subject,
    "request:afterExecution",
    "request:onSuccess",
    "math:afterAdd",
    "math:beforeAdd",
    "request:onExecution",
    "request:onAuthorized",
    "request:beforeExecution",
  );
  const answer = await subject.run({ controller: "math", action: "add", a: 1, b: 2 });
  assert.equal(answer.result, 3);
  assert.equal(answer.status, 200);
  assert.deepEqual(subject.trace, [
    "request:beforeExecution",
    "request:onAuthorized",
    "request:onExecution",
    "math:beforeAdd",
    "math:afterAdd",
    "request:onSuccess",
    "request:afterExecution",
  ]);
});

test("a failing action fires its error events and then the end", async () => {
  const subject = bench();
  listen(subject, "math:errorFail", "request:onError", "request:afterExecution", "math:afterFail", "request:onSuccess");
  const answer = await subject.run({ controller: "math", action: "fail" });
  assert.equal(answer.status, 400);
  assert.deepEqual(subject.trace, ["math:errorFail", "request:onError", "request:afterExecution"]);
});

test("a pipe on the error event that clears the error recovers the request", async () => {
  const subject = bench();
  pipe(subject.events, "math:errorFail", ([request]) => {
    (request as KuzzleRequest).clearError();
    (request as KuzzleRequest).setResult("recovered");
    return request;
  });
  const answer = await subject.run({ controller: "math", action: "fail" });
  assert.equal(answer.error, null);
  assert.equal(answer.result, "recovered");
  assert.equal(answer.status, 200);
});

test("what is missing or contradictory in the envelope is refused before anything runs", async () => {
  const { run } = bench();
  assert.deepEqual((await run({})).error?.props, ["controller"]);
  assert.deepEqual((await run({ controller: "math" })).error?.props, ["action"]);
  assert.equal((await run({ controller: "math", action: "add", targets: {} })).error?.id, "api.assert.invalid_type");
  assert.equal(
    (await run({ controller: "math", action: "add", targets: [{}], index: "i" })).error?.id,
    "api.assert.mutually_exclusive",
  );
});

test("a refused origin is 401, a good or absent one passes", async () => {
  const { run } = bench();
  const from = (origin?: string) => {
    const connection = new ClientConnection("websocket", ["1.2.3.4"], origin === undefined ? {} : { origin });
    return run({ controller: "math", action: "add", a: 1, b: 1 }, connection);
  };
  assert.equal((await from("https://evil.example")).error?.id, "api.process.unauthorized_origin");
  assert.equal((await from("https://good.example")).result, 2);
  assert.equal((await from()).result, 2);
});

test("an unknown action is 404, but only for those who pass the check of rights", async () => {
  const open = bench();
  assert.equal((await open.run({ controller: "nope", action: "x" })).error?.id, "api.process.controller_not_found");
  assert.equal((await open.run({ controller: "math", action: "x" })).error?.id, "api.process.action_not_found");
  const closed = bench({
    access: {
      authorize: () => {
        throw kerror("security.rights.forbidden", "c", "a", "u");
      },
    },
  });
  listen(closed, "request:onUnauthorized", "request:onAuthorized");
  assert.equal((await closed.run({ controller: "nope", action: "x" })).status, 403);
  assert.deepEqual(closed.trace, ["request:onUnauthorized"]);
});

test("a prototype's member is no controller and no action", async () => {
  const { run } = bench();
  assert.equal((await run({ controller: "__proto__", action: "x" })).status, 404);
  assert.equal((await run({ controller: "math", action: "constructor" })).status, 404);
});

test("when all slots are taken requests wait, and beyond the buffer they are refused", async () => {
  const { run, events } = bench({ concurrent: 1, buffer: 1 });
  const gate = Promise.withResolvers<void>();
  pipe(events, "math:beforeLater", async ([request]) => {
    await gate.promise;
    return request;
  });
  const first = run({ controller: "math", action: "later" });
  const second = run({ controller: "math", action: "add", a: 1, b: 1 });
  const third = await run({ controller: "math", action: "add", a: 1, b: 1 });
  assert.equal(third.error?.id, "api.process.overloaded");
  gate.resolve();
  assert.equal((await first).result, "later");
  assert.equal((await second).result, 2);
});

test("an old client library is refused, and a two-digit version is not taken for an old one", async () => {
  const { run } = bench();
  const ask = (volatile: JSONObject) => run({ controller: "math", action: "add", a: 1, b: 1, volatile });
  assert.equal((await ask({ sdkName: "js@6.1.0" })).error?.id, "api.process.incompatible_sdk_version");
  assert.equal((await ask({ sdkVersion: "5.0.0" })).error?.id, "api.process.incompatible_sdk_version");
  assert.equal((await ask({ sdkName: "js@10.0.0" })).result, 2);
  assert.equal((await ask({ sdkName: "toString@1.0.0" })).result, 2);
});

test("a pipe that answers garbage is an error that names its event", async () => {
  const { run, events } = bench();
  pipe(events, "math:beforeAdd", () => undefined);
  const answer = await run({ controller: "math", action: "add", a: 1, b: 1 });
  assert.equal(answer.status, 500);
  assert.match(answer.error?.message ?? "", /math:beforeAdd/);
});

test("a result in text reaches listeners as an object, and the client as text when nobody listens", async () => {
  const quiet = bench();
  assert.ok((await quiet.run({ controller: "math", action: "text" })).result instanceof JsonText);
  const heard = bench();
  const seen: unknown[] = [];
  pipe(heard.events, "math:afterText", ([request]) => {
    seen.push((request as KuzzleRequest).result);
    return request;
  });
  await heard.run({ controller: "math", action: "text" });
  assert.deepEqual(seen, [{ a: 1 }]);
});

test("an action may set its status", async () => {
  assert.equal((await bench().run({ controller: "math", action: "created" })).status, 201);
});

test("a call from inside skips rights and events unless it asks for them, and rejects with its error", async () => {
  const subject = bench({
    access: { authorize: () => Promise.reject(kerror("security.rights.forbidden", "c", "a", "u")) },
  });
  listen(subject, "math:beforeAdd", "request:beforeExecution", "math:errorFail");
  const data = { controller: "math", action: "add", a: 2, b: 2 };
  assert.equal((await subject.pipeline.runInternal(new KuzzleRequest(data))).result, 4);
  assert.deepEqual(subject.trace, []);
  await subject.pipeline.runInternal(new KuzzleRequest({ ...data, triggerEvents: true }));
  assert.deepEqual(subject.trace, ["math:beforeAdd"]);
  await assert.rejects(subject.pipeline.runInternal(new KuzzleRequest(data), { checkRights: true }), {
    id: "security.rights.forbidden",
  });
  await assert.rejects(
    subject.pipeline.runInternal(new KuzzleRequest({ controller: "math", action: "fail" })),
    BadRequestError,
  );
});
