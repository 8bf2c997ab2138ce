/** Controllers of Kuzzle 0: where the input of an action is found, whatever way it came, and what its answer becomes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { firstPackage, listed, startFormer } from "./former-server.ts";

const main = `
function Probe (plugin) { this.plugin = plugin; }
Probe.prototype.echo = function (requestObject, connection) {
  return Promise.resolve({
    data: requestObject.data, index: requestObject.index, collection: requestObject.collection, action: requestObject.action,
    controller: requestObject.controller, protocol: requestObject.protocol, header: requestObject.headers['x-mine'],
    connection: connection.connection, token: Object.keys(connection.token).indexOf('_id') >= 0, isMine: this instanceof Probe && this.plugin.isPlugin
  });
};
Probe.prototype.refuse = function (requestObject) {
  var context = this.plugin.context, how = requestObject.data.body.how;
  if (how === 'throws') throw new context.ForbiddenError('thrown');
  if (how === 'answer') return Promise.reject(new context.ResponseObject(requestObject, new context.NotFoundError('in an answer')));
  if (how === 'resolved') return Promise.resolve(new context.ResponseObject(requestObject, new context.BadRequestError('resolved')));
  if (how === 'status') return Promise.resolve(new context.ResponseObject(requestObject, { status: 409, message: 'by status' }));
  if (how === 'object') return Promise.reject({ status: 402, message: 'as an object' });
  if (how === 'nothing') return Promise.reject();
  return Promise.reject(new Error('an error'));
};
Probe.prototype.answer = function (requestObject) {
  var context = this.plugin.context, kind = requestObject.data.body.kind;
  if (kind === 'direct') return new context.ResponseObject(requestObject, { direct: true });
  if (kind === 'scalar') return Promise.resolve(7);
  if (kind === 'list') return Promise.resolve(new context.ResponseObject(requestObject, [1, 2]));
  if (kind === 'foreign') return Promise.resolve({ status: 203, data: { body: { foreign: true } }, toJson: function () { return this; } });
  return Promise.resolve(new context.ResponseObject(requestObject));
};
module.exports = function () {
  this.isPlugin = true;
  this.controllers = { probe: 'makeProbe' };
  this.routes = [
    { verb: 'get', url: '/echo/:index/:collection/:id', controller: 'probe', action: 'echo' },
    { verb: 'post', url: '/echo/:index/:collection/:id', controller: 'probe', action: 'echo' },
    { verb: 'get', url: '/named/:name', controller: 'probe', action: 'echo' },
    { verb: 'post', url: '/named/:name', controller: 'probe', action: 'echo' },
    { verb: 'put', url: '/named/:name', controller: 'probe', action: 'echo' },
    { verb: 'delete', url: '/named/:name', controller: 'probe', action: 'echo' },
    { verb: 'get', url: '/run/:action', controller: 'probe', action: 'echo' },
    { verb: 'get', url: '', controller: 'probe', action: 'echo' },
    { verb: 'fetch', url: '/bad', controller: 'probe', action: 'echo' },
    { verb: 'post', url: '/refuse', controller: 'probe', action: 'refuse' },
    'none'
  ];
  this.init = function (config, context, isDummy) { this.context = context; };
  this.makeProbe = function () { return new Probe(this); };
};`;

const files = { ...firstPackage("probe", main), ...listed({ probe: { version: "1", activated: true } }) };

interface Shown {
  readonly data: { readonly _id?: string; readonly body: Record<string, unknown> };
  readonly [member: string]: unknown;
}

test("over HTTP everything is in the body but ids and names; the query goes before the body, the body before the path", async (t) => {
  const { server } = await startFormer(t, files);
  const json = { "Content-Type": "application/json", "x-mine": "mine" };
  const call = async (path: string, method = "GET", body?: object): Promise<Shown> => {
    const init = { method, headers: json, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await fetch(server.url + path, init);
    const { result, error } = (await response.json()) as { result: Shown; error: unknown };
    assert.equal(error, null);
    return result;
  };
  for (const prefix of ["/api/1.0/_plugin/probe", "/api/2.7/_plugin/probe", "/_plugin/probe"]) {
    const shown = await call(`${prefix}/echo/library/my%20books/7?q=a&q2=b`);
    assert.deepEqual(shown, {
      data: { _id: "7", body: { q: "a", q2: "b" } },
      index: "library",
      collection: "my books",
      action: "echo",
      controller: "probe/probe",
      protocol: "rest",
      header: "mine",
      connection: { type: "rest", id: "" },
      token: true,
      isMine: true,
    });
    assert.deepEqual((await call(prefix)).data, { body: {} });
  }
  const path = "/api/1.0/_plugin/probe/named/John%20Doe";
  assert.deepEqual((await call(path)).data.body, { name: "John Doe" });
  for (const method of ["POST", "PUT", "DELETE"]) {
    assert.deepEqual((await call(path, method, { age: 3 })).data.body, { name: "John Doe", age: 3 });
  }
  assert.deepEqual((await call(path, "POST", { name: "of the body", b: 1 })).data.body, { name: "of the body", b: 1 });
  const both = await call("/api/1.0/_plugin/probe/echo/i/c/7?b=query", "POST", { b: 1, _id: "inner" });
  assert.deepEqual([both.data._id, both.data.body.b], ["7", "query"]);
  assert.equal((await call("/api/1.0/_plugin/probe/run/jump")).action, "jump");
  for (const missing of [
    "/api/one/_plugin/probe/named/x",
    "/other/1.0/_plugin/probe/named/x",
    "/api/1.0/_plugin/probe/bad",
  ]) {
    assert.equal((await fetch(server.url + missing)).status, 404, missing);
  }
});

test("over sockets an action finds what was sent, and connection and token beside it", async (t) => {
  const { ask } = await startFormer(t, files);
  const sent = {
    controller: "probe/probe",
    action: "echo",
    index: "i",
    collection: "c",
    _id: "7",
    body: { a: 1 },
    more: 2,
  };
  const shown = (await ask(sent)) as Shown & { readonly connection: { type: string; id: string } };
  assert.deepEqual(shown.data, { _id: "7", more: 2, body: { a: 1 } });
  assert.deepEqual(
    [shown.index, shown.collection, shown.protocol, shown.connection.type],
    ["i", "c", "websocket", "websocket"],
  );
  assert.match(shown.connection.id, /^[0-9a-f-]{36}$/);
});

for (const [how, status, message] of [
  ["throws", 403, "thrown"],
  ["answer", 404, "in an answer"],
  ["resolved", 400, "resolved"],
  ["status", 409, "by status"],
  ["object", 402, "as an object"],
  ["error", 500, "an error"],
  ["nothing", 500, /without a reason/],
] as const) {
  test(`an action that refuses (${how}) answers ${status}, over HTTP and over sockets`, async (t) => {
    const { server, ask } = await startFormer(t, files);
    await assert.rejects(ask({ controller: "probe/probe", action: "refuse", body: { how } }), { status, message });
    const response = await fetch(`${server.url}/api/1.0/_plugin/probe/refuse`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ how }),
    });
    assert.equal(response.status, status);
    const { error, result } = (await response.json()) as {
      error: { message: string; stack?: string };
      result: unknown;
    };
    assert.match(error.message, typeof message === "string" ? new RegExp(`^${message}$`) : message);
    assert.deepEqual([error.stack, result], [undefined, null]);
  });
}

test("an action may answer an answer at once, one of another library, a list, a number, or nothing", async (t) => {
  const { ask } = await startFormer(t, files);
  const answer = (kind: string): Promise<unknown> =>
    ask({ controller: "probe/probe", action: "answer", body: { kind } });
  assert.deepEqual(await answer("direct"), { direct: true });
  assert.equal(await answer("scalar"), 7);
  assert.deepEqual(await answer("list"), [1, 2]);
  assert.deepEqual(await answer("foreign"), { foreign: true });
  assert.equal(await answer("empty"), undefined);
});
