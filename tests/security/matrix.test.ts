/**
 * Every action of the server against every kind of user. A pipe stops what has passed the rights check before it is run, so the verdict is that of
 * the check alone, also for actions that would end the server; the last tests run some for real.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { BadRequestError, type JSONObject, type KuzzleRequest } from "../../src/kernel/index.ts";
import { startServer, type TestServer } from "../../testing/index.ts";
import { type Answer, http, Line, type Verb } from "../api/wire.ts";
import { aliases, matrixRows, type Row } from "./matrix-rows.ts";

type Verdict = "allowed" | "refused";

/** Where a request goes: the collection of the restricted users, its neighbour, and another index. */
const places = {
  own: { index: "mine", collection: "books" },
  sibling: { index: "mine", collection: "secrets" },
  foreign: { index: "theirs", collection: "books" },
} as const;
type PlaceName = keyof typeof places;

interface Identity {
  readonly jwt: string | null;
  readonly kuid: string;
  readonly verdict: (controller: string, action: string, row: Row, place: PlaceName) => Verdict;
}

interface PublicAction {
  readonly http?: readonly { readonly verb: Verb; readonly path: string }[];
}
type PublicApi = Readonly<Record<string, Readonly<Record<string, PublicAction>>>>;

const password = "a long password";
const halted = "It passed the rights check.";

let open: TestServer;
let closed: TestServer;
let api: PublicApi;
const identities = new Map<string, Identity>();

const start = (): Promise<TestServer> =>
  startServer({
    data: ":memory:",
    config: {
      "stats.enabled": false,
      "plugins.common.include": ["kuzzle-plugin-auth-passport-local", "totp"],
    },
    prepare: (backend) => {
      backend.controller.register("shop", { actions: { buy: { handler: async () => ({ bought: true }) } } });
      backend.pipe.register("request:onAuthorized", async (request: KuzzleRequest) => {
        if (request.input.volatile?.run !== true) throw new BadRequestError(halted);
        return request;
      });
    },
  });

before(async () => {
  open = await start();
  closed = await start();
  const { sdk } = closed.backend;
  const security = (action: string, _id: string, body: JSONObject): Promise<unknown> =>
    sdk.query({ controller: "security", action, _id, body });
  for (const { index, collection } of Object.values(places)) {
    if (!(await sdk.index.exists(index))) await sdk.index.create(index);
    await sdk.collection.create(index, collection, {});
  }
  await security("createOrReplaceRole", "clerk", { controllers: roleOfClerk() });
  await security("createOrReplaceRole", "mute", { controllers: { "*": { actions: { "*": false } } } });
  const restricted = (restriction: JSONObject): JSONObject => ({
    policies: [{ roleId: "clerk", restrictedTo: [restriction] }],
  });
  await security("createProfile", "index-clerks", restricted({ index: "mine" }));
  await security("createProfile", "collection-clerks", restricted({ index: "mine", collections: ["books"] }));
  await security("createProfile", "mutes", { policies: [{ roleId: "mute" }] });
  for (const [kuid, profile] of [
    ["plain", "default"],
    ["index-clerk", "index-clerks"],
    ["collection-clerk", "collection-clerks"],
    ["mute", "mutes"],
  ] as const) {
    const credentials = { local: { username: kuid, password } };
    await security("createUser", kuid, { content: { profileIds: [profile] }, credentials });
  }
  const credentials = { local: { username: "root", password } };
  await sdk.query({
    controller: "security",
    action: "createFirstAdmin",
    _id: "root",
    reset: true,
    body: { credentials },
  });
  const { result } = await sdk.query({ controller: "server", action: "publicApi" });
  api = result as PublicApi;

  const logIn = async (username: string): Promise<string> => {
    const body = { username, password };
    const answer = await sdk.query({ controller: "auth", action: "login", strategy: "local", body });
    return (answer.result as { jwt: string }).jwt;
  };
  const add = async (name: string, kuid: string, verdict: Identity["verdict"]): Promise<void> => {
    identities.set(name, { jwt: kuid === "-1" ? null : await logIn(kuid), kuid, verdict });
  };
  const standard =
    (profile: "anonymous" | "default"): Identity["verdict"] =>
    (_controller, _action, row) =>
      row.standard.includes(profile) ? "allowed" : "refused";
  await add("a stranger", "-1", standard("anonymous"));
  await add("a user of profile default", "plain", standard("default"));
  await add("a user restricted to an index", "index-clerk", (_controller, _action, row, place) =>
    row.clerk && (row.place === "nothing" || place !== "foreign") ? "allowed" : "refused",
  );
  await add("a user restricted to a collection", "collection-clerk", (_controller, _action, row, place) => {
    if (!row.clerk) return "refused";
    if (row.place === "nothing" || place === "own") return "allowed";
    // Who names no collection asks about the index, of which a part is the user's.
    return row.place === "index" && place === "sibling" ? "allowed" : "refused";
  });
  await add("a user whose role denies everything", "mute", () => "refused");
  await add("an administrator", "root", () => "allowed");
});

after(async () => {
  await closed?.close();
  await open?.close();
});

function roleOfClerk(): JSONObject {
  const controllers: Record<string, { actions: Record<string, boolean> }> = {};
  for (const [controller, rows] of Object.entries(matrixRows)) {
    if (aliases.has(controller)) continue;
    const actions = Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, row.clerk]));
    controllers[controller] = { actions };
  }
  return controllers;
}

/** Every action as the server tells it: `[controller, action, row]`. */
function* cells(): Generator<readonly [string, string, Row]> {
  for (const [controller, actions] of Object.entries(api)) {
    for (const action of Object.keys(actions)) {
      const row = matrixRows[controller]?.[action];
      assert.ok(row, `${controller}:${action} has no row`);
      yield [controller, action, row];
    }
  }
}

function placeOf({ place }: Row, name: PlaceName): JSONObject {
  const { index, collection } = places[name];
  if (place === "nothing") return {};
  return place === "index" ? { index } : { index, collection };
}

/** Fails for an answer that is neither: a verdict must come from the rights check. */
function verdictOf({ error, status }: Answer, asked: readonly [string, string, string]): Verdict {
  const [controller, action, kuid] = asked;
  if (error?.message === halted) return "allowed";
  const id = kuid === "-1" ? "security.rights.unauthorized" : "security.rights.forbidden";
  assert.deepEqual(
    [error?.id, status, error?.status, error?.props],
    [id, kuid === "-1" ? 401 : 403, status, [controller, action, kuid]],
    `${controller}:${action} as ${kuid}: ${JSON.stringify(error)}`,
  );
  return "refused";
}

test("every action has a row, and every row is of an action", () => {
  const names = (table: Readonly<Record<string, object>>): string[] =>
    Object.entries(table)
      .flatMap(([controller, actions]) => Object.keys(actions).map((action) => `${controller}:${action}`))
      .sort();
  assert.deepEqual(names(matrixRows), names(api));
});

test("rows name the places that the routes of their actions have", () => {
  for (const [controller, action, row] of cells()) {
    for (const { path } of api[controller]?.[action]?.http ?? []) {
      const inPath =
        path.includes("/:collection") && path.includes(":index")
          ? "collection"
          : path.includes(":index")
            ? "index"
            : "nothing";
      assert.equal(row.place, inPath, `${controller}:${action} ${path}`);
    }
  }
});

test("until the rights are restricted anybody of this machine may do everything", async () => {
  await using line = await Line.open(open);
  const answers = [...cells()].map(async ([controller, action, row]) => {
    const answer = await line.ask({ controller, action, ...placeOf(row, "own") });
    assert.equal(verdictOf(answer, [controller, action, "-1"]), "allowed", `${controller}:${action}`);
  });
  await Promise.all(answers);
  assert.ok(answers.length > 300);
});

test("over WebSocket every action is allowed and refused as its row says, in every place", async () => {
  await using line = await Line.open(closed);
  const seen = new Map<string, Set<Verdict>>();
  for (const [who, { jwt, kuid, verdict }] of identities) {
    const answers = [...cells()].flatMap(([controller, action, row]) =>
      (row.place === "nothing" ? (["own"] as const) : (Object.keys(places) as PlaceName[])).map(async (place) => {
        const request = { controller, action, ...placeOf(row, place), ...(jwt === null ? {} : { jwt }) };
        const found = verdictOf(await line.ask(request), [controller, action, kuid]);
        assert.equal(found, verdict(controller, action, row, place), `${controller}:${action} in ${place} by ${who}`);
        const verdicts = seen.get(`${controller}:${action}`) ?? new Set();
        seen.set(`${controller}:${action}`, verdicts.add(found));
      }),
    );
    await Promise.all(answers);
  }
  for (const [name, verdicts] of seen)
    assert.equal(verdicts.size, 2, `${name} was never ${verdicts.has("allowed") ? "refused" : "allowed"}`);
});

test("over HTTP every route asks for the right of its action, in the place that its path names", async () => {
  const filled = (path: string, place: PlaceName): string =>
    path.replaceAll(/:(\w+)/g, (_, name: string) =>
      name === "index" || name === "collection" ? places[place][name] : "some",
    );
  for (const [who, { jwt, kuid, verdict }] of identities) {
    if (kuid === "mute" || kuid === "index-clerk") continue;
    const headers: Record<string, string> = jwt === null ? {} : { authorization: `Bearer ${jwt}` };
    const answers = [...cells()].flatMap(([controller, action, row]) => {
      if (aliases.has(controller)) return [];
      return (api[controller]?.[action]?.http ?? []).map(async ({ verb, path }, i) => {
        const place = (["own", "foreign", "sibling"] as const)[i % 3] ?? "own";
        const asked = row.place === "nothing" ? "own" : kuid === "collection-clerk" ? place : "own";
        const body = ["GET", "DELETE", "HEAD"].includes(verb) ? undefined : {};
        const answer = await http(closed, verb, filled(path, asked), body, headers);
        const found = verdictOf(answer, [controller, action, kuid]);
        assert.equal(found, verdict(controller, action, row, asked), `${verb} ${path} in ${asked} by ${who}`);
      });
    });
    assert.ok(answers.length > 300);
    await Promise.all(answers);
  }
});

test("an action that does not exist is refused like one that does, and missed only by those who may do everything", async () => {
  await using line = await Line.open(closed);
  for (const { jwt, kuid } of identities.values()) {
    for (const [controller, action] of [
      ["ghost", "walk"],
      ["document", "walk"],
      ["__proto__", "constructor"],
      ["document", "__proto__"],
    ] as const) {
      const request = { controller, action, volatile: { run: true }, ...(jwt === null ? {} : { jwt }) };
      const answer = await line.ask(request);
      if (kuid === "root") assert.equal(answer.status, 404, `${controller}:${action}`);
      else assert.equal(verdictOf(answer, [controller, action, kuid]), "refused");
    }
  }
});

test("what is allowed does its work over both protocols, and what is refused leaves no trace", async () => {
  const clerk = identities.get("a user restricted to a collection")?.jwt ?? "";
  const root = identities.get("an administrator")?.jwt ?? "";
  await using line = await Line.open(closed);
  const headers = { authorization: `Bearer ${clerk}`, "x-kuzzle-volatile": '{"run":true}' };
  const volatile = { run: true };
  for (const [name, { index, collection }] of Object.entries(places)) {
    const expected = name === "own" ? 200 : 403;
    const overWebSocket = {
      controller: "document",
      action: "create",
      index,
      collection,
      body: {},
      jwt: clerk,
      volatile,
    };
    assert.equal((await line.ask(overWebSocket)).status, expected, name);
    assert.equal((await http(closed, "POST", `/${index}/${collection}/_create`, {}, headers)).status, expected, name);
    const count = { controller: "document", action: "count", index, collection, body: {}, jwt: root, volatile };
    assert.deepEqual(await line.result(count), { count: expected === 200 ? 2 : 0 }, name);
  }
  assert.deepEqual(await line.result({ controller: "shop", action: "buy", jwt: clerk, volatile }), { bought: true });
  assert.equal((await http(closed, "GET", "/_now", undefined, headers)).status, 200);
  assert.equal((await http(closed, "GET", "/_serverInfo", undefined, headers)).status, 403);
});
