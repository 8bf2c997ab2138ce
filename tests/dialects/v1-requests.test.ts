/** Requests, as plugins of Kuzzle 1 get them by `require("kuzzle-common-objects")`: the same code runs on that package as it was published, and here. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { formerPackage, startFormer } from "./former-server.ts";

const require = createRequire(import.meta.url);

/** The published packages ask Node for what it had then. */
Object.assign(require("node:util") as object, { isError: (value: unknown) => value instanceof Error });

const published = {
  "2.1.3": require("kuzzle-common-objects-2") as unknown,
  "3.0.4": require("kuzzle-common-objects-3-first") as unknown,
  "3.0.15": require("kuzzle-common-objects-3") as unknown,
};

type Release = keyof typeof published;

const data = `{ requestId: 'id', controller: 'c', action: 'a', index: 'i', collection: 'co', _id: 'one', more: 1, body: { b: 1 }, volatile: { v: 1 }, metadata: { v: 1 }, jwt: 'token', timestamp: 5 }`;
const make = `const request = new Request(${data}, { connectionId: 'x', protocol: 'p' });`;
/** What a call comes to; of an error its kind of status. */
const attempt = "const attempt = (run) => { try { return run(); } catch (error) { return 'refused'; } };";

interface Row {
  /** Sees `Request`, `models` and `errors`; answers JSON. */
  readonly code: string;
  /** The releases that have it; all unless given. */
  readonly of?: readonly Release[];
}

const since3 = ["3.0.4", "3.0.15"] as const;

const rows: Readonly<Record<string, Row>> = {
  "the id is that of the data, else new, and can be changed": {
    code: `${make} const before = request.id; request.id = 'other'; return [before, request.id, request.response.requestId, new Request({}).id.length];`,
  },
  "an id that is no text is refused": { code: `${attempt} return attempt(() => new Request({ requestId: 4 }));` },
  "the timestamp is that of the data, else now, and read-only": {
    code: `${make} request.timestamp = 9; return [request.timestamp, Math.abs(new Request({}).timestamp - Date.now()) < 5000];`,
  },
  "the status starts at 102 and is an integer": {
    code: `${attempt} const request = new Request({}); const first = request.status; request.status = 204; return [first, request.status, attempt(() => { request.status = 'x'; }), new Request({}, { status: 201 }).status];`,
  },
  "input, context, error, result and response are read-only, and nothing can be added": {
    code: `'use strict'; ${attempt} ${make} return ['input', 'context', 'error', 'result', 'response', 'more'].map(name => attempt(() => { request[name] = {}; return 'written'; }));`,
  },
  "data is split into the envelope, the resource and the arguments": {
    code: `${make} const { input } = request; const { index, collection, _id } = input.resource;
      return [input.controller, input.action, input.jwt, input.body, input.args.more, index, collection, _id];`,
  },
  "metadata, later volatile": { code: `${make} return request.input.metadata || request.input.volatile;` },
  metadata: { code: `${make} return request.input.metadata;`, of: ["2.1.3"] },
  volatile: { code: `${make} return request.input.volatile;`, of: since3 },
  headers: {
    code: `const request = new Request({}); const before = request.input.headers; request.input.headers = { a: 'b' }; return [before, request.input.headers];`,
    of: since3,
  },
  "controller and action are written once": {
    code: `${attempt} const request = new Request({}); request.input.controller = 'c'; attempt(() => { request.input.controller = 'd'; }); request.input.action = 'a'; attempt(() => { request.input.action = 'b'; }); return [request.input.controller, request.input.action];`,
  },
  "what has no value is null": {
    code: "const { input, context, result, error } = new Request({}); return [input.jwt, input.body, input.controller, input.action, context.token, context.user, context.protocol, context.connectionId, result, error];",
  },
  "a body is an object, a jwt a text, data an object": {
    code: `${attempt} return [attempt(() => new Request({ body: 'x' })), attempt(() => new Request({ jwt: 3 })), attempt(() => new Request(null)), attempt(() => new Request('x'))];`,
  },
  "the resource can be changed": {
    code: `${make} request.input.resource._id = 'two'; request.input.resource.index = 'j'; return [request.input.resource._id, request.input.resource.index, request.response.index];`,
  },
  "the connection by its members, and by the older names": {
    code: `const request = new Request({}, { connection: { id: 'x', protocol: 'p', ips: ['1'], headers: { a: 'b' }, verb: 'GET' } }); const { context } = request;
      return [context.connectionId, context.protocol, context.connection.id, context.connection.ips, context.connection.misc];`,
    of: ["3.0.15"],
  },
  "the older names of the connection": {
    code: `${make} const { context } = request; return [context.connectionId, context.protocol];`,
  },
  "setError keeps an error of the API, wraps any other, and sets the status": {
    code: `${attempt} const request = new Request({}); request.setError(new errors.NotFoundError('gone')); const known = [request.status, request.error.message, request.error instanceof errors.KuzzleError];
      request.setError(new TypeError('oops')); return [known, request.status, request.error instanceof errors.KuzzleError, request.error.message.startsWith('oops'), attempt(() => request.setError('text'))];`,
  },
  clearError: {
    code: "const request = new Request({}); request.setError(new errors.NotFoundError('gone')); request.clearError(); return [request.error, request.status];",
    of: ["3.0.15"],
  },
  "setResult takes a status, headers and raw, and no error": {
    code: `${attempt} const request = new Request({}); request.setResult({ r: 1 }, { status: 201, headers: { 'x-a': 'b' }, raw: true });
      return [request.result, request.status, request.response.raw, request.response.getHeader('X-A'), attempt(() => request.setResult(new Error('x'))), new Request({}, { result: 3 }).result];`,
  },
  "an error that came as JSON": {
    code: "const request = new Request({}, { error: { message: 'gone', status: 404 } }); return [request.error.message, request.status];",
    of: ["3.0.15"],
  },
  "an error among the options": {
    code: "const request = new Request({}, { error: new errors.ForbiddenError('no') }); return [request.error.message, request.status];",
  },
  "serialize gives what makes the same request again": {
    code: `${make} request.setResult({ r: 1 }); const { data, options } = JSON.parse(JSON.stringify(request.serialize())); const again = new Request(data, options);
      const { requestId, timestamp, jwt, body, controller, action, index, collection, _id, more } = data;
      return [{ requestId, timestamp, jwt, body, controller, action, index, collection, _id, more }, [options.result, options.error, options.status], [again.id, again.result, again.status, again.context.protocol, again.input.args.more]];`,
  },
  "the response shows the request, and writes to it": {
    code: `${make} const { response } = request; response.result = { r: 2 }; response.status = 203; response.raw = true; const { requestId, controller, action, index, collection } = response;
      return [requestId, controller, action, index, collection, request.status, request.result, response.raw];`,
  },
  "headers of a response: set, get in any case, remove, several": {
    code: `const { response } = new Request({}); response.setHeader('x-many', '1'); response.setHeader('x-many', '2'); response.setHeader('content-type', 'a'); response.setHeader('content-type', 'b');
      response.setHeader('Set-Cookie', 'a=1'); response.setHeader('Set-Cookie', 'b=2'); response.setHeaders({ 'X-One': '1' }); response.setHeader('x-gone', '1'); response.removeHeader('x-gone');
      return ['x-many', 'CONTENT-TYPE', 'set-cookie', 'x-one', 'X-Gone'].map(name => response.getHeader(name) || null);`,
  },
  "toJSON of a response": {
    code: `${make} request.setResult({ r: 1 }, { status: 201 }); const { raw, status, requestId, content } = JSON.parse(JSON.stringify(request.response.toJSON()));
      const { error, controller, action, collection, index, result } = content;
      return [raw, status, requestId, [content.requestId, content.status, error, controller, action, collection, index, result]];`,
  },
  "toJSON of a raw response is the result alone": {
    code: "const request = new Request({}); request.setResult('a;b', { raw: true }); const { raw, status, content } = request.response.toJSON(); return [raw, status, content];",
  },
  "chains of requests": {
    code: `const first = new Request({}); first.triggers('document:beforeCreate'); return [first.hasTriggered('document:beforeCreate'), first.hasTriggered('document:afterCreate'), first.previous, first.origin === null || first.origin === first];`,
    of: ["3.0.4"],
  },
  "the classes of a context and of an input": {
    code: `${make} return [request.input instanceof models.RequestInput, request.context instanceof models.RequestContext, new models.RequestInput({ more: 1 }).args.more, new models.RequestContext({ protocol: 'p' }).protocol];`,
  },
  "errors and their statuses": {
    code: `return ['BadRequestError', 'ForbiddenError', 'GatewayTimeoutError', 'InternalError', 'NotFoundError', 'ParseError', 'PluginImplementationError', 'ServiceUnavailableError', 'SizeLimitError', 'UnauthorizedError']
      .map(name => { const error = new errors[name]('text'); return [error.status, error instanceof errors.KuzzleError, error instanceof Error, error.message.startsWith('text')]; })
      .concat([new errors.KuzzleError('x', 418).status, new errors.PartialError('some', ['a']).status, new errors.PartialError('some', ['a']).errors]);`,
  },
  "errors that came later": { code: "return [new errors.ExternalServiceError('x').status];", of: since3 },
  "the error of a condition": { code: "return new errors.PreconditionError('x').status;", of: since3 },
  "an error as JSON": {
    code: "const { message, status } = new errors.NotFoundError('gone').toJSON(); return [message, status];",
  },
};

const plugin = `module.exports = function () {
  this.init = () => {};
  this.controllers = { it: { run: 'run' } };
  this.run = (request) => {
    const { Request, models, errors } = require('kuzzle-common-objects');
    const code = new Function('Request', 'models', 'errors', request.input.body.code);
    return Promise.resolve([code(Request, models, errors)]);
  };
};`;

test("requests behave as in the package that plugins were written with, release by release", async (t) => {
  const { ask } = await startFormer(t, formerPackage("requests", plugin));
  for (const [what, { code, of = Object.keys(published) as Release[] }] of Object.entries(rows)) {
    await t.test(what, async () => {
      const [here] = (await ask({ controller: "requests/it", action: "run", body: { code } })) as [unknown];
      for (const release of of) {
        const { Request, models, errors } = published[release] as {
          Request: unknown;
          models: unknown;
          errors: unknown;
        };
        const run = new Function("Request", "models", "errors", code) as (...args: unknown[]) => unknown;
        const there = JSON.parse(JSON.stringify(run(Request, models, errors) ?? null)) as unknown;
        assert.deepEqual(here, there, release);
      }
    });
  }
});

test("a request has what only some releases had: a second id, headers by name, options for its id", async (t) => {
  const { ask } = await startFormer(t, formerPackage("requests", plugin));
  const code = `
    const request = new Request({}, { requestId: 'given', headers: { a: 'b' } });
    const again = request.internalId; request.internalId = 'x';
    return [request.id, request.internalId === again && again.length === 36, Object.isSealed(request), Object.isSealed(request.response)];`;
  assert.deepEqual(await ask({ controller: "requests/it", action: "run", body: { code } }), [
    ["given", true, true, true],
  ]);
});
