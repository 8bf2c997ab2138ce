/** Every event of the contract's table of Kuzzle 1: caused by a client, heard by hooks and pipes of a plugin of that time. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "yaml";
import { connectWebSocket } from "../../testing/index.ts";
import { formerPackage, startFormer } from "./former-server.ts";
import { listen, listener, type Note } from "./v1-event-listener.ts";
import { around, createAda, local, rows } from "./v1-event-rows.ts";

for (const { row, events, cause, payloads, hooksOnly } of rows) {
  test(`${row}: fires once, for hooks${hooksOnly ? "" : " and for pipes"}, with its payload`, async (t) => {
    const former = await listen(t, events, hooksOnly ? [] : events);
    await former.notes();
    await cause(former, t);
    const heard: Note[] = [];
    const deadline = Date.now() + 2_000;
    const wanted = events.length * (hooksOnly ? 1 : 2);
    while (heard.length < wanted && Date.now() < deadline) heard.push(...(await former.notes()));
    const hooks = heard.filter(([kind]) => kind === "hook");
    for (const [at, event] of events.entries()) {
      const given = hooks.filter(([, name]) => name === event).map(([, , payload]) => payload);
      const relevant = given.filter((payload) => isExpected(payload, payloads[at]));
      assert.equal(relevant.length, 1, `${event}: ${JSON.stringify(given)}`);
    }
    if (hooksOnly) return;
    const piped = heard.filter(([kind]) => kind === "pipe").map(([, , payload]) => payload);
    for (const [at, event] of events.entries()) {
      assert.ok(
        piped.some((payload) => isExpected(payload, payloads[at])),
        `${event} as a pipe: ${JSON.stringify(piped)}`,
      );
    }
  });
}

function isExpected(payload: unknown, expected: unknown): boolean {
  if (typeof expected !== "function") return JSON.stringify(payload) === JSON.stringify(expected);
  return payload !== null && (expected as (payload: unknown) => boolean)(payload);
}

const emulated = ["Refresh", "RefreshInternal", "GetAutoRefresh", "SetAutoRefresh"].flatMap((action) =>
  around("index", action),
);

test("actions that only plugins can still ask for are answered, and with the first releases their events are fired once around each", async (t) => {
  const former = await listen(t, emulated, [], { _dialect: "v1.b" });
  await former.ws.collection.create("library", "more", {});
  const execute = (asked: object): Promise<unknown> =>
    former.ask({ controller: "listener/it", action: "execute", body: { asked } });
  const index = { controller: "index", index: "library" };
  assert.deepEqual(await execute({ ...index, action: "refresh" }), { _shards: { total: 2, successful: 2, failed: 0 } });
  assert.deepEqual(await execute({ ...index, action: "refreshInternal" }), { acknowledged: true });
  assert.equal(await execute({ ...index, action: "getAutoRefresh" }), false);
  assert.equal(await execute({ ...index, action: "setAutoRefresh", body: { autoRefresh: true } }), true);
  assert.equal(await execute({ ...index, action: "getAutoRefresh" }), true);
  assert.equal(await execute({ ...index, index: "other", action: "getAutoRefresh" }), false);
  await assert.rejects(execute({ ...index, action: "setAutoRefresh", body: { autoRefresh: "yes" } }), { status: 400 });
  const events = (await former.notes()).map(([, event, payload]) => `${event} ${payload}`);
  const expected = [
    ...["Refresh", "RefreshInternal", "GetAutoRefresh", "SetAutoRefresh", "GetAutoRefresh", "GetAutoRefresh"].flatMap(
      (action) =>
        around("index", action).map(
          (event) => `${event} Request index:${action.charAt(0).toLowerCase()}${action.slice(1)}`,
        ),
    ),
    "index:beforeSetAutoRefresh Request index:setAutoRefresh",
  ];
  assert.deepEqual(events, expected);
});

test("createOrReplaceUser creates a user, then replaces it", async (t) => {
  const former = await listen(t, []);
  const asked = (content: object): object => ({
    controller: "security",
    action: "createOrReplaceUser",
    _id: "ada",
    body: { content },
  });
  const execute = (content: object): Promise<unknown> =>
    former.ask({ controller: "listener/it", action: "execute", body: { asked: asked(content) } });
  await execute({ profileIds: ["default"], name: "Ada" });
  assert.equal((await former.ws.security.getUser("ada")).content.name, "Ada");
  const replaced = (await execute({ profileIds: ["admin"], nick: "a" })) as { _id: string };
  assert.equal(replaced._id, "ada");
  const { content } = await former.ws.security.getUser("ada");
  assert.deepEqual([content.name, content.nick, content.profileIds], [undefined, "a", ["admin"]]);
});

test("a refused request passes request:onUnauthorized, a failed one request:onError", async (t) => {
  const former = await listen(
    t,
    ["request:onUnauthorized", "request:onError"],
    ["request:onUnauthorized", "request:onError"],
  );
  const http = await fetch(`${former.server.url}/library/_exists`, { headers: { Authorization: "Bearer nonsense" } });
  assert.equal(http.status, 401);
  await assert.rejects(former.ws.document.get("library", "books", "none"), { status: 404 });
  assert.deepEqual(await former.notes(), [
    ["pipe", null, "Request index:exists"],
    ["hook", "request:onUnauthorized", "Request index:exists"],
    ["pipe", null, "Request document:get"],
    ["hook", "request:onError", "Request document:get"],
  ]);
});

test("the end of a token is notified through notify:server", async (t) => {
  const former = await listen(t, ["notify:server"], ["notify:server"]);
  await createAda(former);
  const ws = await connectWebSocket(former.server);
  t.after(() => ws.disconnect());
  await ws.auth.login("local", local, "300ms" as never);
  const heard: Note[] = [];
  const deadline = Date.now() + 5_000;
  while (heard.length < 2 && Date.now() < deadline) heard.push(...(await former.notes()));
  assert.deepEqual(
    heard.map(([kind, , payload]) => [kind, (payload as { type: string }).type]),
    [
      ["pipe", "TokenExpired"],
      ["hook", "TokenExpired"],
    ],
  );
});

test("the start of the server is told, and its overload as a number", async (t) => {
  const slow =
    "this.pipes = { 'server:beforeNow': (request, callback) => setTimeout(() => callback(null, request), 200) };";
  const former = await startFormer(
    t,
    formerPackage("listener", listener(["core:kuzzleStart", "core:overload"], [], slow)),
    {},
    {
      config: {
        "limits.concurrentRequests": 1,
        "limits.requestsBufferSize": 5,
        "limits.requestsBufferWarningThreshold": 1,
      },
    },
  );
  const now = { controller: "server", action: "now" };
  await Promise.allSettled(Array.from({ length: 8 }, () => former.ask(now)));
  const notes = (await former.ask({ controller: "listener/it", action: "notes" })) as Note[];
  const [started, ...overloads] = notes;
  assert.deepEqual(started?.slice(0, 2), ["hook", "core:kuzzleStart"]);
  assert.equal(typeof started?.[2], "string");
  assert.ok(
    overloads.length > 0 && overloads.every(([, event, fill]) => event === "core:overload" && typeof fill === "number"),
    JSON.stringify(overloads),
  );
});

test("what is never fired any more is said when a plugin listens to it", async (t) => {
  const never = ["gc:start", "gc:end", "core:indexCache:reset"];
  const { log } = await listen(t, never, ["gc:start"]);
  for (const event of never)
    assert.ok(
      log.some((line) => line.startsWith("warn plugin.event_never_fires") && line.includes(event)),
      event,
    );
});

test("what a pipe on security:formatUserForSerialization leaves of a user is answered", async (t) => {
  const hide =
    "this.pipes = { 'security:formatUserForSerialization': (user, callback) => { delete user._source.secret; callback(null, user); } };";
  const { ws, ask } = await startFormer(t, formerPackage("listener", listener([], [], hide)));
  await ws.security.createUser("ada", {
    content: { profileIds: ["default"], secret: "x", name: "Ada" },
    credentials: {},
  });
  const { _source } = (await ask({ controller: "security", action: "getUser", _id: "ada" })) as { _source: object };
  assert.deepEqual(["secret" in _source, "name" in _source], [false, true]);
});

/** Rows that other tests prove. */
const elsewhere: Readonly<Record<string, string>> = {
  "core:auth:<strategyAdded|strategyRemoved>": "v1-strategies.test.ts",
  "log:<level>": "v1-context.test.ts",
  "plugin-<plugin>:<event>": "v1-context.test.ts",
  "security:formatUserForSerialization": "above",
  "core:kuzzleStart": "above",
  "core:overload": "above",
  "gc:start": "above",
  "gc:end": "above",
};

test("every row of the contract's table is proven", () => {
  const contract = parse(readFileSync(new URL("../../contract/plugins/events.yaml", import.meta.url), "utf8")) as {
    legacy: { v1: readonly { v1: string; kind: string }[] };
  };
  const proven = new Map(rows.map((one) => [one.row, one.hooksOnly === true]));
  for (const { v1, kind } of contract.legacy.v1) {
    const pair = v1.replace(":after", ":before");
    if (elsewhere[v1] !== undefined || emulated.includes(v1)) continue;
    assert.ok(proven.has(v1) || proven.has(pair), `${v1} is not in the table`);
    assert.equal(proven.get(v1) ?? proven.get(pair), kind === "hook", `${v1}: ${kind}`);
  }
});
