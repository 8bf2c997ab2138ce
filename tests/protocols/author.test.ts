/** What the author of a protocol may count on, and what his mistakes reach. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import { connectWebSocket } from "../../testing/index.ts";
import { startHosted } from "../../testing/protocols/hosted-server.ts";
import { lastProbe, packageOf, startProbe } from "../../testing/protocols/probe.ts";

test("an author finds his options in two places, the server's own stand, and what he changes stays his", async (t) => {
  const options = { protocols: { probe: { answer: 42 }, port: { one: 1 } } };
  const files = { ...packageOf("probe"), ...packageOf("port") };
  const hosted = await startHosted(t, { files, ...options });
  const { config } = lastProbe(hosted).entryPoint;
  assert.deepEqual(config.probe, { answer: 42 });
  assert.equal(config.probe, config.protocols.probe);
  assert.equal(lastProbe(hosted, "port").entryPoint.config.port, 0);
  (config.probe as JSONObject).answer = 43;
  assert.deepEqual(lastProbe(hosted, "port").entryPoint.config.protocols.probe, { answer: 42 });
});

test("the base class of the context reads options and limits", async (t) => {
  const { probe } = await startProbe(t, { protocols: { probe: { answer: 42 } } });
  const base = new probe.context.Protocol("probe");
  await base.init(null, probe.entryPoint);
  const { config, maxRequestSize, initCalled, name } = base;
  assert.deepEqual(
    { config, maxRequestSize, initCalled, name },
    { config: { answer: 42 }, maxRequestSize: 1024 * 1024, initCalled: true, name: "probe" },
  );
});

test("an author's throws and rejections are logged with his name, and reach neither other protocols nor the request", async (t) => {
  const members = `
    broadcast () { throw new Error("broken broadcast"); }
    async joinChannel () { throw new Error("broken join"); }`;
  const { hosted, probe } = await startProbe(t, {}, members);
  const sdk = await connectWebSocket(hosted.server);
  t.after(() => sdk.disconnect());
  await sdk.index.create("lib");
  await sdk.collection.create("lib", "books", {});
  const heard = Promise.withResolvers<unknown>();
  await sdk.realtime.subscribe("lib", "books", {}, (notification) => heard.resolve(notification));

  const connection = new probe.context.ClientConnection("probe", ["127.0.0.1"]);
  probe.entryPoint.newConnection(connection);
  const subscribe = { controller: "realtime", action: "subscribe", index: "lib", collection: "books", body: {} };
  const answer = await probe.entryPoint.execute(connection, new probe.context.Request(subscribe), () => {
    throw new Error("broken callback");
  });
  assert.equal(answer.status, 200);
  await sdk.document.create("lib", "books", { n: 1 });
  await heard.promise;
  for (const what of ["broken broadcast", "broken join", "broken callback"]) {
    const line = hosted.log.find((it) => it.includes(what));
    assert.match(line ?? "", /^error protocol\.failed .*"protocol":"probe"/);
  }
});

test("what one author writes into a notification reaches no other protocol", async (t) => {
  const { hosted } = await startProbe(
    t,
    {},
    "broadcast (data) { data.payload.room = 'mine'; data.channels.length = 0; }",
  );
  const sdk = await connectWebSocket(hosted.server);
  t.after(() => sdk.disconnect());
  await sdk.index.create("lib");
  await sdk.collection.create("lib", "books", {});
  const heard = Promise.withResolvers<JSONObject>();
  const subscriber = await connectWebSocket(hosted.server);
  t.after(() => subscriber.disconnect());
  await subscriber.realtime.subscribe("lib", "books", {}, (it) => heard.resolve(it as unknown as JSONObject));
  await sdk.document.create("lib", "books", { n: 1 });
  assert.notEqual((await heard.promise).room, "mine");
});

const given = { channels: ["a"], payload: { n: 1 } };

test("notifications come as one object, or by position when the methods take two arguments or more", async (t) => {
  const positional = `
    broadcast (channels, payload) { this.told.push(["broadcast", channels, payload]); }
    notify (channels, connectionId, payload) { this.told.push(["notify", channels, connectionId, payload]); }`;
  const rest = "broadcast (...args) { this.told.push(['broadcast', ...args]); }";
  const forms: [string, JSONObject, unknown[]][] = [
    ["", {}, ["broadcast", given]],
    [positional, {}, ["broadcast", ["a"], { n: 1 }]],
    [rest, {}, ["broadcast", given]],
    [rest, { _arguments: "positional" }, ["broadcast", ["a"], { n: 1 }]],
  ];
  for (const [members, options, expected] of forms) {
    const { probe } = await startProbe(t, { protocols: { probe: options } }, members);
    probe.entryPoint.dispatch("broadcast", given);
    assert.deepEqual(probe.told, [expected]);
  }
  const { probe } = await startProbe(t, {}, positional);
  const connection = new probe.context.ClientConnection("under another name", []);
  probe.entryPoint.newConnection(connection);
  probe.entryPoint.dispatch("notify", { ...given, connectionId: connection.id });
  assert.deepEqual(probe.told, [["notify", ["a"], connection.id, { n: 1 }]]);
});

test("execute answers once in both of its forms, whatever comes of the request", async (t) => {
  const { probe } = await startProbe(t);
  const { entryPoint, context } = probe;
  const connection = new context.ClientConnection("probe", ["127.0.0.1"], { authorization: "Bearer nonsense" });
  entryPoint.newConnection(connection);
  const now = { controller: "server", action: "now", requestId: "7" };
  const answers: JSONObject[] = [];
  const keep = (answer: JSONObject): void => void answers.push(answer);
  await entryPoint.execute(new context.Request(now), keep);
  await entryPoint.execute(connection, new context.Request(now), keep);
  await entryPoint.execute(new context.Request(now, connection), keep);
  await entryPoint.execute({ controller: "server" }, keep);
  await entryPoint.execute(undefined, keep);
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 401, 401, 500, 500],
  );
  const [{ raw, requestId, content } = {}] = answers;
  assert.deepEqual(
    [raw, requestId, typeof (content as { result: { now: number } }).result.now],
    [false, "7", "number"],
  );
  const { error } = (answers[2] as JSONObject).content as { error: JSONObject };
  assert.equal(error.id, "security.token.invalid");
  assert.equal(Object.getPrototypeOf(error), Object.prototype);
});

test("what is no connection is refused, and one that is declared twice counts once", async (t) => {
  const { probe, hosted } = await startProbe(t);
  for (const wrong of [undefined, null, {}, { id: "" }, { id: "a", protocol: "b", ips: "c" }]) {
    assert.throws(() => probe.entryPoint.newConnection(wrong as object), { id: "protocol.runtime.invalid_connection" });
  }
  const connection = new probe.context.ClientConnection("probe", []);
  probe.entryPoint.newConnection(connection);
  probe.entryPoint.newConnection(connection);
  const { connections } = (await hosted.server.backend.sdk.server.getLastStats({})) as unknown as {
    connections: JSONObject;
  };
  assert.equal(connections.probe, 1);
});

test("at the end connections are told to close, are gone, and requests get a 503", async (t) => {
  const { probe, hosted } = await startProbe(t);
  const connection = new probe.context.ClientConnection("probe", []);
  probe.entryPoint.newConnection(connection);
  assert.equal(probe.entryPoint.isShuttingDown, false);
  await hosted.server.close();
  assert.equal(probe.entryPoint.isShuttingDown, true);
  assert.deepEqual(probe.told, [["disconnect", connection.id]]);
  const late = await probe.entryPoint.execute(new probe.context.Request({ controller: "server", action: "now" }));
  assert.equal((late.content.error as JSONObject).id, "network.entrypoint.shutting_down");
});

test("a client of a hosted protocol on another machine is not let in while there is no administrator", async (t) => {
  const { probe } = await startProbe(t);
  const { ClientConnection, Request } = probe.context;
  const list = { controller: "index", action: "list" };
  const askFrom = async (...ips: string[]): Promise<number> => {
    const connection = new ClientConnection("probe", ips);
    probe.entryPoint.newConnection(connection);
    return (await probe.entryPoint.execute(new Request(list, { connectionId: connection.id }))).status;
  };
  assert.equal(await askFrom("127.0.0.1"), 200);
  assert.equal(await askFrom("203.0.113.5"), 401);
  assert.equal(await askFrom("127.0.0.1", "203.0.113.5"), 401);
});

test("a hosted protocol may listen to the HTTP server", async (t) => {
  const members = `
    init (entryPoint) { entryPoint.httpServer.on("request", ({ url }) => this.told.push(["request", url])); }`;
  const { hosted, probe } = await startProbe(t, {}, members);
  assert.equal((await fetch(`${hosted.server.url}/_now`)).status, 200);
  assert.deepEqual(probe.told, [["request", "/_now"]]);
});

const subscribe = { controller: "realtime", action: "subscribe", index: "lib", collection: "books", body: {} };

test("a client joins a channel once, before it has its answer and before anything is sent there", async (t) => {
  const { probe, hosted } = await startProbe(t);
  const { ClientConnection, Request } = probe.context;
  const sdk = await connectWebSocket(hosted.server);
  t.after(() => sdk.disconnect());
  await sdk.index.create("lib");
  await sdk.collection.create("lib", "books", {});
  const connection = new ClientConnection("probe", ["127.0.0.1"]);
  probe.entryPoint.newConnection(connection);
  let atAnswer: unknown[] = [];
  const ask = (data: object): Promise<{ content: JSONObject }> =>
    probe.entryPoint.execute(connection, new Request(data), () => {
      atAnswer = [...probe.told];
    });
  const { channel, roomId } = (await ask(subscribe)).content.result as { channel: string; roomId: string };
  assert.deepEqual(atAnswer, [["joinChannel", channel, connection.id]]);
  await ask(subscribe);
  await sdk.document.create("lib", "books", {});
  const told = probe.told.map(([what]) => what);
  assert.deepEqual(
    [told[0], told.filter((what) => what === "joinChannel").length, told.at(-1)],
    ["joinChannel", 1, "broadcast"],
  );
  await ask({ controller: "realtime", action: "unsubscribe", body: { roomId } });
  assert.deepEqual(probe.told.at(-1), ["leaveChannel", channel, connection.id]);
  probe.entryPoint.removeConnection(connection.id);
  probe.entryPoint.removeConnection("unknown");
  const { result } = await sdk.query({ controller: "realtime", action: "list" });
  assert.deepEqual(result, {}, "the room is gone");
});

test("the entry point has what any release of it had", async (t) => {
  const { probe, hosted } = await startProbe(t, { protocols: { probe: { answer: 42 } } });
  const { entryPoint, context } = probe;
  const members = entryPoint as unknown as {
    protocols: { probe: object };
    kuzzle: { config: { server: JSONObject }; log: { info: (line: string) => void } };
    logAccess: (...args: unknown[]) => void;
    httpServer: { listening: boolean };
  };
  assert.equal(members.protocols.probe, probe, "an object with their names, too");
  assert.deepEqual((members.kuzzle.config.server.protocols as JSONObject).probe, { answer: 42 });
  members.kuzzle.log.info("said by the protocol");
  assert.ok(hosted.log.some((line) => line.startsWith("info [probe] said by the protocol")));
  assert.equal(members.httpServer.listening, true);
  const request = new context.Request({ controller: "server", action: "now" });
  members.logAccess(request, "more");
  members.logAccess(new context.ClientConnection("probe", []), request, "more");
  assert.throws(() => entryPoint.dispatch("nothing", {}), /"broadcast", "notify" and "shutdown"/);
  entryPoint.dispatch("shutdown", {});
  assert.equal(entryPoint.isShuttingDown, true);
  assert.equal((await fetch(`${hosted.server.url}/_now`)).status, 503);
});

test("a connection has an id of its own, needs a list of addresses, and takes members of the author's", async (t) => {
  const { probe } = await startProbe(t);
  const { ClientConnection, Request } = probe.context;
  const context = probe.context as unknown as {
    constructor: { ClientConnection: unknown; Request: unknown };
    constructors: { ClientConnection: unknown };
    errors: { BadRequestError: new (message: string) => { status: number } };
  };
  assert.equal(context.constructor.Request, Request);
  assert.equal(context.constructor.ClientConnection, ClientConnection);
  assert.equal(context.constructors.ClientConnection, ClientConnection);
  assert.equal(new context.errors.BadRequestError("x").status, 400);
  const connection = Object.assign(new ClientConnection("probe", ["127.0.0.1"], "no headers" as never), { mine: 1 });
  assert.match(connection.id, /^[\da-f-]{36}$/);
  assert.deepEqual(
    { ...connection, id: "" },
    { id: "", protocol: "probe", ips: ["127.0.0.1"], headers: {}, internal: {}, mine: 1 },
  );
  assert.throws(() => new ClientConnection("probe", "127.0.0.1" as never), TypeError);
});

test("the end of a token is told to clients of a protocol that says so in its options, and to no others", async (t) => {
  for (const realtimeNotifications of [true, false]) {
    const { probe } = await startProbe(t, {
      protocols: { probe: { realtimeNotifications } },
      config: { "limits.loginsPerSecond": 100 },
    });
    const { ClientConnection, Request } = probe.context;
    const connection = new ClientConnection("probe", ["127.0.0.1"]);
    probe.entryPoint.newConnection(connection);
    const ask = (data: object): Promise<{ status: number; content: JSONObject }> =>
      probe.entryPoint.execute(connection, new Request(data));
    const local = { username: "ada", password: "correct horse" };
    const content = { content: { profileIds: ["default"] }, credentials: { local } };
    assert.equal((await ask({ controller: "security", action: "createUser", _id: "ada", body: content })).status, 200);
    const login = await ask({
      controller: "auth",
      action: "login",
      strategy: "local",
      expiresIn: "150ms",
      body: local,
    });
    const { jwt } = login.content.result as { jwt: string };
    assert.equal((await ask({ controller: "auth", action: "getCurrentUser", jwt })).status, 200);
    const deadline = Date.now() + 3_000;
    while ((await ask({ controller: "auth", action: "getCurrentUser", jwt })).status === 200 && Date.now() < deadline);
    const isTold = (): boolean =>
      probe.told.some(
        ([what, data]) => what === "notify" && (data as { payload: JSONObject }).payload.type === "TokenExpired",
      );
    while (realtimeNotifications && !isTold() && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(isTold(), realtimeNotifications);
  }
});
