/** The contract's table of events of Kuzzle 1, row by row: what causes each, and what its listeners get. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { Kuzzle } from "kuzzle-sdk";
import { connectWebSocket } from "../../testing/index.ts";
import type { Served } from "./v1-event-listener.ts";

export interface Row {
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
export const around = (scope: string, action: string): string[] => [
  `${scope}:before${action}`,
  `${scope}:after${action}`,
];
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

export const local = { username: "ada", password: "correct horse" };
export const createAda = ({ ws }: Served): Promise<unknown> =>
  ws.security.createUser("ada", { content: { profileIds: ["default"] }, credentials: { local } } as never);

export const rows: readonly Row[] = [
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
