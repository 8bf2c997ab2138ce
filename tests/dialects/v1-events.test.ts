/** Every event of the contract's table of Kuzzle 1: caused by a client, heard by hooks and pipes of a plugin of that time. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import type { Kuzzle } from "kuzzle-sdk";
import { parse } from "yaml";
import { connectWebSocket } from "../../testing/index.ts";
import { type FormerServer, formerPackage, startFormer } from "./former-server.ts";

/** Listens to HOOKS and PIPES, and notes what it is given: requests as `Request <controller>:<action>`, all else as it is. */
const listener = (hooks: readonly string[], pipes: readonly string[], more = ""): string => `
'use strict';
module.exports = class {
  constructor () {
    this.notes = [];
    this.controllers = { it: { notes: 'take', execute: 'execute', nothing: () => Promise.resolve() } };
    this.routes = [{ verb: 'head', url: '/nothing', controller: 'it', action: 'nothing' }];
    this.hooks = {}; this.pipes = {};
    for (const event of ${JSON.stringify(hooks)}) this.hooks[event] = 'hook';
    for (const event of ${JSON.stringify(pipes)}) this.pipes[event] = 'pipe';
    ${more}
  }
  init (config, context) { this.context = context; }
  take () { return Promise.resolve(this.notes.splice(0)); }
  execute (request) {
    return this.context.accessors.execute(new this.context.constructors.Request(request.input.body.asked)).then(({ result }) => result);
  }
  show (payload) {
    if (payload instanceof this.context.constructors.Request) return 'Request ' + payload.input.controller + ':' + payload.input.action;
    return payload === undefined ? null : JSON.parse(JSON.stringify(payload));
  }
  hook (payload, event) { this.notes.push(['hook', event, this.show(payload)]); }
  pipe (payload, ...rest) { const callback = rest.pop(); this.notes.push(['pipe', null, this.show(payload)]); callback(null, payload); }
};`;

type Note = readonly ["hook" | "pipe", string | null, unknown];

interface Served extends FormerServer {
  notes(): Promise<readonly Note[]>;
}

async function listen(
  t: TestContext,
  hooks: readonly string[],
  pipes: readonly string[] = [],
  options: object = {},
): Promise<Served> {
  const former = await startFormer(t, formerPackage("listener", listener(hooks, pipes)), { listener: options });
  const notes = async (): Promise<readonly Note[]> => {
    const taken = (await former.ask({ controller: "listener/it", action: "notes" })) as Note[];
    return taken.filter(([, , payload]) => !String(payload).startsWith("Request listener/it:notes"));
  };
  return { ...former, notes };
}

interface Row {
  /** As the contract writes it. */
  readonly row: string;
  readonly events: readonly string[];
  /** Causes each of the events once. */
  readonly cause: (former: Served, t: TestContext) => Promise<unknown>;
  /** Of each event, in their order; a function looks at what cannot be known before. */
  readonly payloads: readonly (unknown | ((payload: never) => boolean))[];
  /** Hooks only: the event is emitted, and never runs pipes. */
  readonly hooksOnly?: true;
}

const library = { index: "library", collection: "books" };
const around = (scope: string, action: string): string[] => [`${scope}:before${action}`, `${scope}:after${action}`];
const twice = <T>(value: T): T[] => [value, value];
const has =
  (...names: readonly string[]) =>
  (payload: object): boolean =>
    names.every((name) => name in payload);

const subscriber = async (former: Served, t: TestContext, options: object = {}): Promise<Kuzzle> => {
  const ws = await connectWebSocket(former.server);
  t.after(() => ws.disconnect());
  await ws.realtime.subscribe("library", "books", {}, () => {}, options);
  return ws;
};

const local = { username: "ada", password: "correct horse" };
const createAda = ({ ws }: Served): Promise<unknown> =>
  ws.security.createUser("ada", { content: { profileIds: ["default"] }, credentials: { local } } as never);

const rows: readonly Row[] = [
  {
    row: "index:beforeRefresh",
    events: around("index", "Refresh"),
    cause: ({ ws }) => ws.collection.refresh("library", "books"),
    payloads: twice("Request collection:refresh"),
  },
  {
    row: "index:beforeRefreshInternal",
    events: around("index", "RefreshInternal"),
    cause: ({ ws }) => ws.security.refresh("users"),
    payloads: twice("Request security:refresh"),
  },
  {
    row: "collection:beforeGetUserMapping",
    events: around("collection", "GetUserMapping"),
    cause: ({ ws }) => ws.security.getUserMapping(),
    payloads: twice("Request security:getUserMapping"),
  },
  {
    row: "security:beforeCreateOrReplaceUser",
    events: around("security", "CreateOrReplaceUser"),
    cause: async (former) => {
      await createAda(former);
      await former.ws.security.replaceUser("ada", { profileIds: ["default"] });
    },
    payloads: twice("Request security:replaceUser"),
  },
  {
    row: "admin:beforeResetKuzzleData",
    events: around("admin", "ResetKuzzleData"),
    cause: ({ ask }) => ask({ controller: "admin", action: "resetDatabase" }),
    payloads: twice("Request admin:resetDatabase"),
  },
  {
    row: "<controller>:<before|after|error><Action>",
    events: [
      "document:beforeGet",
      "document:errorGet",
      "server:beforeNow",
      "server:afterNow",
      "ms:beforeGet",
      "realtime:afterPublish",
    ],
    cause: async ({ ws }) => {
      await assert.rejects(ws.document.get("library", "books", "none"));
      await ws.query({ controller: "server", action: "now" });
      await ws.ms.get("key");
      await ws.realtime.publish("library", "books", {});
    },
    payloads: [
      "Request document:get",
      "Request document:get",
      "Request server:now",
      "Request server:now",
      "Request ms:get",
      "Request realtime:publish",
    ],
  },
  {
    row: "http:<get|post|put|patch|delete|head|options>",
    events: ["get", "post", "put", "patch", "delete", "head", "options"].map((verb) => `http:${verb}`),
    cause: async ({ server }) => {
      const send = (method: string, path: string, body?: object): Promise<Response> =>
        fetch(server.url + path, {
          method,
          headers: { "Content-Type": "application/json" },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
      await send("GET", "/_now");
      await send("POST", "/library/books/_create", {});
      await send("PUT", "/library/books/one", {});
      await send("PATCH", "/library/books/one/_update", {});
      await send("DELETE", "/library/books/one");
      await send("HEAD", "/_plugin/listener/nothing");
      await send("OPTIONS", "/_now");
    },
    payloads: [
      ...["server:now", "document:create", "document:createOrReplace", "document:update", "document:delete"].map(
        (asked) => `Request ${asked}`,
      ),
      ...twice((payload: string) => payload.startsWith("Request")),
    ],
  },
  {
    row: "request:<onAuthorized|onUnauthorized|onSuccess|onError>",
    events: ["request:onAuthorized", "request:onSuccess"],
    cause: ({ ws }) => ws.query({ controller: "server", action: "now" }),
    payloads: twice("Request server:now"),
  },
  {
    row: "generic:document:<before|after><Write|Update|Delete|Get>",
    events: ["Write", "Update", "Get", "Delete"].flatMap((kind) => [
      `generic:document:before${kind}`,
      `generic:document:after${kind}`,
    ]),
    cause: async ({ ws }) => {
      await ws.document.create("library", "books", { n: 1 }, "one");
      await ws.document.update("library", "books", "one", { n: 2 });
      await ws.document.get("library", "books", "one");
      await ws.document.delete("library", "books", "one");
    },
    payloads: Array.from(
      { length: 8 },
      () => (documents: { _id: string }[]) => documents.length === 1 && documents[0]?._id === "one",
    ),
  },
  {
    row: "auth:strategyAuthenticated",
    events: ["auth:strategyAuthenticated"],
    cause: async (former) => {
      await createAda(former);
      await former.ws.auth.login("local", local);
      await former.ws.auth.logout();
    },
    payloads: [
      ({ strategy, content }: { strategy: string; content: { _id: string } }) =>
        strategy === "local" && content._id === "ada",
    ],
  },
  {
    row: "notify:<document|user|server>",
    events: ["notify:document", "notify:user"],
    cause: async (former, t) => {
      await subscriber(former, t, { users: "all" });
      await former.ws.document.create("library", "books", {});
    },
    payloads: [has("type", "action", "result"), has("type", "user", "result")],
  },
  {
    row: "notify:dispatch",
    events: ["notify:dispatch"],
    cause: async (former, t) => {
      await subscriber(former, t);
      await former.ws.document.create("library", "books", {});
    },
    payloads: [has("type", "action", "result")],
  },
  {
    row: "core:notify:dispatch",
    events: ["core:notify:dispatch"],
    cause: async (former, t) => {
      await subscriber(former, t);
      await former.ws.document.create("library", "books", {});
    },
    payloads: [has("channels", "notification")],
    hooksOnly: true,
  },
  {
    row: "core:notify:<document|user>",
    events: ["core:notify:document", "core:notify:user"],
    cause: async (former, t) => {
      await subscriber(former, t, { users: "all" });
      await former.ws.document.create("library", "books", {});
    },
    payloads: [has("notification", "rooms"), has("notification", "room")],
    hooksOnly: true,
  },
  {
    row: "room:<new|remove>",
    events: ["room:new", "room:remove"],
    cause: async (former, t) => (await subscriber(former, t)).disconnect(),
    payloads: [
      ({ roomId, ...place }: { roomId: string }) =>
        roomId.length > 0 && JSON.stringify(place) === JSON.stringify(library),
      (roomId: string) => roomId.length > 0,
    ],
    hooksOnly: true,
  },
  {
    row: "core:hotelClerk:<addSubscription|join|removeRoomForCustomer>",
    events: ["core:hotelClerk:addSubscription", "core:hotelClerk:join", "core:hotelClerk:removeRoomForCustomer"],
    cause: async (former, t) => {
      const ws = await subscriber(former, t);
      const { roomId } = (await ws.query({ controller: "realtime", action: "list" })).result as never;
      assert.equal(roomId, undefined);
      const { library: rooms } = (await former.ask({ controller: "realtime", action: "list" })) as {
        library: { books: object };
      };
      await ws.query({ controller: "realtime", action: "join", body: { roomId: Object.keys(rooms.books)[0] } });
      ws.disconnect();
    },
    payloads: [has("collection", "connectionId", "filters", "index", "roomId"), has("roomId"), has("room")],
  },
  {
    row: "core:indexCache:<add|remove|reset>",
    events: ["core:indexCache:add", "core:indexCache:remove"],
    cause: async ({ ws, ask }) => {
      await ws.collection.create("library", "more", {});
      await ask({ controller: "collection", action: "delete", index: "library", collection: "more" });
    },
    payloads: twice(
      ({ index, collection }: { index: string; collection: string }) => index === "library" && collection === "more",
    ),
    hooksOnly: true,
  },
  {
    row: "core:<roleRepository|profileRepository>:<save|delete>",
    events: [
      "core:roleRepository:save",
      "core:profileRepository:save",
      "core:profileRepository:delete",
      "core:roleRepository:delete",
    ],
    cause: async ({ ws }) => {
      await ws.security.createRole("few", { controllers: { server: { actions: { now: true } } } } as never);
      await ws.security.createProfile("some", { policies: [{ roleId: "few" }] } as never);
      await ws.security.deleteProfile("some");
      await ws.security.deleteRole("few");
    },
    payloads: [
      ({ _id, controllers }: { _id: string; controllers: object }) => _id === "few" && "server" in controllers,
      ({ _id, policies }: { _id: string; policies: { roleId: string }[] }) =>
        _id === "some" && policies[0]?.roleId === "few",
      { _id: "some" },
      { _id: "few" },
    ],
    hooksOnly: true,
  },
  {
    row: "connection:<new|remove>",
    events: ["connection:new", "connection:remove"],
    cause: async ({ server }) => (await connectWebSocket(server)).disconnect(),
    payloads: twice(
      ({ protocol, ips }: { protocol: string; ips: string[] }) => protocol === "websocket" && ips.length > 0,
    ),
    hooksOnly: true,
  },
  {
    row: "validation:error",
    events: ["validation:error"],
    cause: async ({ ws }) => {
      await ws.collection.updateSpecifications("library", "books", {
        strict: true,
        fields: { n: { type: "integer" } },
      });
      await assert.rejects(ws.document.create("library", "books", { n: "text" }));
      await assert.rejects(ws.document.get("library", "books", "none"));
    },
    payloads: [(message: string) => typeof message === "string" && message.length > 0],
    hooksOnly: true,
  },
];

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
