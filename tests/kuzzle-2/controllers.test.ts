/** Controllers and routes of the second generation over every protocol (contract/plugins/v2.md section 5). */
import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { after, before, test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import type { TestServer } from "../../testing/index.ts";
import { pluginFiles } from "../../testing/plugins/plugin-server.ts";
import { openWhole, startWhole, type WholeServer } from "../../testing/plugins/whole-server.ts";
import { http, Line } from "../api/wire.ts";

const shop = `
const { HttpStream, BadRequestError, KuzzleRequest } = require("kuzzle");
const { Readable } = require("stream");
const echo = async (request) => ({ controller: request.getController(), action: request.getAction(), args: request.input.args, body: request.input.body });
const own = {};
own.itself = own;

class ShopPlugin {
  constructor () {
    this.api = {
      "price-list": {
        actions: {
          showAll: { handler: echo },
          find: { handler: echo, http: [{ verb: "GET", path: "prices/:id/of/:shop" }, { verb: "Post", path: "/absolute/:id" }, { verb: "put", url: "old/:id" }] },
          hidden: { handler: echo, http: [] },
          verbs: { handler: echo, http: ["get", "head", "post", "put", "delete", "patch", "options"].map((verb) => ({ verb, path: "verbs/" + verb })) },
          described: { handler: echo, http: [{ verb: "get", path: "described/:id", openapi: { description: "Tells all", tags: ["shop"], parameters: [{ in: "path", name: "id" }] } }] },
        },
      },
      answers: {
        actions: {
          nothing: { handler: () => {} },
          value: { handler: () => "no promise" },
          circular: { handler: async () => own },
          big: { handler: async () => ({ n: 1n }) },
          itself: { handler: async (request) => request },
          undef: { handler: async () => undefined },
          created: { handler: async (request) => { request.status = 201; return { made: true }; } },
          raw: { handler: async (request) => { request.response.configure({ format: "raw", headers: { "X-Shop": "open" } }); return request.input.args.object ? { a: 1 } : "text"; } },
          buffer: { handler: async (request) => { request.response.raw = true; return Buffer.from([1, 2, 3]); } },
          stream: { handler: async (request) => new HttpStream(Readable.from(["one ", "two"]), request.input.args.size ? { totalBytes: Number(request.input.args.size) } : {}) },
          throws: { handler: () => { throw new TypeError("x is not a function"); } },
          rejects: { handler: async () => { throw new BadRequestError("no such price", "shop.own.id", 77); } },
          text: { handler: async () => { throw "a text"; } },
          thenable: { handler: () => ({ then: (done) => setImmediate(done, "later"), catch () {} }) },
        },
      },
      shared: { actions: { first: { handler: async () => "shop" }, both: { handler: async () => "shop" } } },
    };
    this.hooks = { "price-list:afterShowAll": (request) => { this.told = [request.input.controller, request.input.action]; } };
    this.pipes = { "shop/price-list:beforeShowAll": async () => { throw new Error("never fired"); } };
    this.api.answers.actions.told = { handler: async () => this.told };
  }
  async init () {}
}
module.exports = ShopPlugin;`;

const second = `module.exports = class {
  constructor () { this.api = { shared: { actions: { second: { handler: async () => "other" }, both: { handler: async () => "other" } } } }; }
  init () {}
};`;

const older = `module.exports = class {
  constructor () {
    this.label = "older";
    this.controllers = { till: { open: "open", count: async function (request) { return [!this?.label, request.input.args.n]; }, unrouted: "open" } };
    this.routes = [
      { verb: "post", url: "/till/:id", controller: "till", action: "open" },
      { verb: "get", path: "count/:n", controller: "till", action: "count" },
      { verb: "delete", url: "", controller: "till", action: "open" },
    ];
  }
  init () {}
  async open (request) { return { label: this.label, id: request.input.args.id ?? null, controller: request.input.controller }; }
};`;

let whole: WholeServer;
let server: TestServer;
let line: Line;

before(async () => {
  const files = { ...pluginFiles("shop", shop), ...pluginFiles("wares", second), ...pluginFiles("older", older) };
  whole = await openWhole({ files });
  server = whole.server;
  line = await Line.open(server);
});

after(async () => {
  await line?.[Symbol.asyncDispose]();
  await whole?.close();
});

test("an action without routes of its own has the default one, in kebab-case; one with an empty list has none", async () => {
  assert.equal((await http(server, "GET", "/_/price-list/show-all?x=1")).result.action, "showAll");
  assert.equal((await http(server, "GET", "/_/price-list/hidden")).status, 404);
  assert.equal((await line.result({ controller: "price-list", action: "hidden" })).action, "hidden");
});

test('paths are under /_ unless they begin with a slash, their parameters are arguments, and "url" does for "path"', async () => {
  const { result } = await http(server, "GET", "/_/prices/7/of/main?more=1");
  assert.partialDeepStrictEqual(result.args, { id: "7", shop: "main", more: "1" });
  assert.deepEqual((await http(server, "POST", "/absolute/8", { a: 1 })).result.body, { a: 1 });
  assert.partialDeepStrictEqual((await http(server, "PUT", "/_/old/9", {})).result.args, { id: "9" });
});

test("every verb reaches its action", async () => {
  for (const method of ["GET", "POST", "PUT", "DELETE", "PATCH"]) {
    const answer = await fetch(`${server.url}/_/verbs/${method.toLowerCase()}`, { method });
    assert.equal(((await answer.json()) as { result: JSONObject }).result.action, "verbs", method);
  }
  assert.equal((await fetch(`${server.url}/_/verbs/head`, { method: "HEAD" })).status, 200);
});

test("the full name is the same controller, in requests and in rights, and fires the events of the short one", async () => {
  const answer = await line.result({ controller: "shop/price-list", action: "showAll" });
  assert.equal(answer.action, "showAll");
  const told = await line.result<unknown>({ controller: "answers", action: "told" });
  assert.deepEqual((told as string[])[1], "showAll");
});

test("two plugins may fill one controller; the later action of a name wins", async () => {
  const run = (action: string): Promise<unknown> => line.result({ controller: "shared", action });
  assert.deepEqual([await run("first"), await run("second"), await run("both")], ["shop", "other", "other"]);
});

test("older controllers bear the plugin's name, and each of their routes is there twice", async () => {
  assert.deepEqual(await line.result({ controller: "older/till", action: "open" }), {
    label: "older",
    id: null,
    controller: "older/till",
  });
  for (const path of ["/_plugin/older/till/5", "/_/till/5"]) {
    assert.equal((await http(server, "POST", path)).result.id, "5", path);
  }
  for (const path of ["/_plugin/older/count/6", "/_/older/count/6"]) {
    const answer = await http<unknown>(server, "GET", path);
    assert.deepEqual([answer.error, answer.result], [null, [true, "6"]], path);
  }
  for (const path of ["/_plugin/older", "/_/older"]) {
    assert.equal((await http(server, "DELETE", path)).result.label, "older", path);
  }
  assert.equal((await http(server, "GET", "/_/till/unrouted")).status, 404);
  assert.equal((await http(server, "GET", "/_/older/till/unrouted")).status, 404);
});

test("routes of plugins are in the description of the API, with what their authors say", async () => {
  const described = (await (await fetch(`${server.url}/_openapi?scope=app`)).json()) as { paths: JSONObject };
  assert.partialDeepStrictEqual(described.paths["/_/described/{id}"], { get: { description: "Tells all" } });
});

/** `[action, status, id of the error]` */
const mistakes: readonly (readonly [string, number, string])[] = [
  ["nothing", 500, "plugin.controller.invalid_action_response"],
  ["value", 500, "plugin.controller.invalid_action_response"],
  ["circular", 500, "plugin.controller.unserializable_response"],
  ["big", 500, "plugin.controller.unserializable_response"],
  ["itself", 500, "plugin.controller.unserializable_response"],
  ["throws", 500, "plugin.runtime.unexpected_error"],
  ["text", 500, "plugin.runtime.unexpected_error"],
  ["rejects", 400, "shop.own.id"],
];

for (const [action, status, id] of mistakes) {
  test(`an action that ${action} is answered ${id}, over WebSocket and HTTP`, async () => {
    const overSocket = await line.ask({ controller: "answers", action });
    const overHttp = await http(server, "GET", `/_/answers/${action}`);
    for (const { error, status: answered } of [overSocket, overHttp]) {
      assert.deepEqual([answered, error?.status, error?.id], [status, status, id]);
    }
  });
}

test("an action may answer by any thenable, and nothing at all", async () => {
  assert.equal(await line.result<unknown>({ controller: "answers", action: "thenable" }), "later");
  assert.equal((await http(server, "GET", "/_/answers/undef")).status, 200);
});

test("a status that the action sets is the answer's", async () => {
  const answer = await line.ask({ controller: "answers", action: "created" });
  assert.deepEqual([answer.status, answer.result], [201, { made: true }]);
  assert.equal((await fetch(`${server.url}/_/answers/created`)).status, 201);
});

test("a raw answer is the body over HTTP, and alone, with its room when it is an object, over WebSocket", async () => {
  const text = await fetch(`${server.url}/_/answers/raw`);
  assert.deepEqual([await text.text(), text.headers.get("x-shop")], ["text", "open"]);
  assert.deepEqual(await (await fetch(`${server.url}/_/answers/raw?object=1`)).json(), { a: 1 });
  const bytes = await (await fetch(`${server.url}/_/answers/buffer`)).arrayBuffer();
  assert.deepEqual([...new Uint8Array(bytes)], [1, 2, 3]);
  assert.deepEqual(await line.ask({ controller: "answers", action: "raw", object: 1, requestId: "raw-1" }), {
    a: 1,
    room: "raw-1",
  });
});

test("a stream is sent in chunks, or with its length when that is known; other protocols refuse it", async () => {
  const streamed = (path: string): Promise<[headers: JSONObject, text: string]> =>
    new Promise((resolve, reject) => {
      httpRequest(server.url + path, (response) => {
        let text = "";
        response.on("data", (chunk) => (text += chunk));
        response.on("end", () => resolve([response.headers as JSONObject, text]));
      })
        .on("error", reject)
        .end();
    });
  const [chunked, text] = await streamed("/_/answers/stream");
  assert.deepEqual([text, chunked["transfer-encoding"], chunked["content-length"]], ["one two", "chunked", undefined]);
  const [measured] = await streamed("/_/answers/stream?size=7");
  assert.equal(measured["content-length"], "7");
  const refused = await line.ask({ controller: "answers", action: "stream" });
  assert.equal(refused.error?.id, "api.assert.forbidden_stream");
});

test("rights name the controller by its short and by its full name", async (t) => {
  const { server } = await startWhole(t, { files: pluginFiles("shop", shop) });
  const secret = { username: "ada", password: "correct horse" };
  await http(server, "POST", "/_createFirstAdmin/ada?reset=true", { content: {}, credentials: { local: secret } });
  const { jwt } = (await http<{ jwt: string }>(server, "POST", "/_login/local", secret)).result;
  const admin = { Authorization: `Bearer ${jwt}` };
  const role = (controllers: JSONObject) =>
    http(
      server,
      "PUT",
      "/roles/anonymous",
      { controllers: { auth: { actions: { login: true } }, ...controllers } },
      admin,
    );
  for (const name of ["price-list", "shop/price-list"]) {
    assert.equal((await http(server, "GET", "/_/price-list/show-all")).status, 401);
    const written = await role({ [name]: { actions: { showAll: true } } });
    assert.equal(written.error, null, JSON.stringify(written.error));
    assert.equal((await http(server, "GET", "/_/price-list/show-all")).status, 200, name);
    await role({});
  }
});

const definition = (api: string): string =>
  `module.exports = class { constructor () { this.api = ${api}; } init () {} };`;
const handler = "handler: async () => null";

/** `[what is wrong, api, id of the error]` */
const refused: readonly (readonly [string, string, string])[] = [
  [
    "a native controller's name",
    `{ document: { actions: { mine: { ${handler} } } } }`,
    "plugin.assert.invalid_controller_definition",
  ],
  [
    "another key in an action",
    `{ c: { actions: { a: { ${handler}, colour: "red" } } } }`,
    "plugin.assert.invalid_controller_definition",
  ],
  [
    "a name as the handler",
    `{ c: { actions: { a: { handler: "init" } } } }`,
    "plugin.assert.invalid_controller_definition",
  ],
  ["no actions", `{ c: { a: { ${handler} } } }`, "plugin.assert.invalid_controller_definition"],
  [
    "a wrong description",
    `{ c: { actions: { a: { ${handler}, http: [{ verb: "get", path: "a", openapi: { parameters: "id" } }] } } } }`,
    "plugin.controller.invalid_openapi_schema",
  ],
  [
    "an unknown verb",
    `{ c: { actions: { a: { ${handler}, http: [{ verb: "fetch", path: "a" }] } } } }`,
    "plugin.controller.unsupported_verb",
  ],
  [
    "a route with another key",
    `{ c: { actions: { a: { ${handler}, http: [{ verb: "get", path: "a", colour: "red" }] } } } }`,
    "plugin.controller.unexpected_route_property",
  ],
];

for (const [what, api, id] of refused) {
  test(`${what} stops the start with ${id}`, async (t) => {
    await assert.rejects(startWhole(t, { files: pluginFiles("wrong", definition(api)) }), { id });
  });
}

test("other keys in an action are allowed when the configuration says so", async (t) => {
  const { server } = await startWhole(t, {
    files: pluginFiles("more", definition(`{ c: { actions: { a: { ${handler}, colour: "red" } } } }`)),
    config: { "controllers.definition.allowAdditionalActionProperties": true },
  });
  assert.equal((await http(server, "GET", "/_/c/a")).status, 200);
});

test("controllers in both forms are refused; an empty one does not count", async (t) => {
  const both = (older: string): string =>
    `module.exports = class { constructor () { this.api = { c: { actions: { a: { ${handler} } } } }; this.controllers = ${older}; } init () {} };`;
  await startWhole(t, { files: pluginFiles("one", both("{}")) });
  await assert.rejects(startWhole(t, { files: pluginFiles("two", both("{ d: { a: async () => null } }")) }), {
    id: "plugin.assert.duplicated_api_definition",
  });
});
