import assert from "node:assert/strict";
import { type FormerServer, firstPackage, listed, startFormer } from "../former-server.ts";

const main = `
module.exports = function () {
  this.hooks = { 'protocol:*': 'hear' };
  this.heard = [];
  this.init = function (config, context, isDummy) {
    this.context = context;
    return this;
  };
  this.hear = function (data) { this.heard.push(data); };
  this.ask = function (data, token, id) {
    var context = this.context, router = context.getRouter();
    return router.newConnection('mine', id || 'client').then(function (connection) {
      return new Promise(function (resolve) {
        router.execute(token, new context.RequestObject(data, {}, 'mine'), connection, function (error, response) {
          resolve({ error: error, response: response });
        });
      });
    });
  };
};`;

export type Fields = Record<string, unknown>;

interface Envelope {
  readonly status: number;
  readonly error: { readonly message: string } | null;
  readonly controller: string;
  readonly action: string;
  readonly result: unknown;
}
interface Answered {
  readonly error: unknown;
  readonly response: { readonly status: number; toJson(): Envelope };
}
interface Plugin {
  readonly heard: Fields[];
  ask(data: object, token: string | null): Promise<Answered>;
}

/** What one action left for those after it. */
export interface Notes {
  roomId?: string;
  scrollId?: string;
  token?: string;
}

/** Name, request, and what its result must be. The request may need what an earlier one has left. */
export type Case = readonly [
  name: string,
  data: object | ((at: Speaker) => object),
  check: (result: unknown, at: Speaker) => unknown,
];

export const place = { index: "library", collection: "books" };
export const password = "a long secret";
export const idOf = (result: unknown): unknown => (result as Fields)._id;
export const sourceOf = (result: unknown): Fields => (result as { _source: Fields })._source;

/** A server, and the plugin on it that speaks a protocol of its own. */
export class Speaker {
  readonly former: FormerServer;
  readonly notes: Notes = {};
  readonly #plugin: Plugin;

  constructor(former: FormerServer) {
    this.former = former;
    this.#plugin = former.server.backend.plugin.get("speaker") as unknown as Plugin;
  }

  static async start(t: Parameters<typeof startFormer>[0]): Promise<Speaker> {
    const files = { ...firstPackage("speaker", main), ...listed({ speaker: { version: "1", activated: true } }) };
    const former = await startFormer(t, files, {}, { config: { "limits.loginsPerSecond": 100 } });
    await former.ws.collection.update("library", "books", { mappings: { properties: { n: { type: "integer" } } } });
    return new Speaker(former);
  }

  get heard(): Fields[] {
    return this.#plugin.heard;
  }

  /** Rejects with the answer's error. */
  async run(name: string, data: object, token: string | null = null): Promise<unknown> {
    const [controller, action] = name.split(":");
    const { error, response } = await this.#plugin.ask({ controller, action, ...data }, token);
    const envelope = response.toJson();
    if (error !== null) throw Object.assign(new Error(envelope.error?.message), { status: response.status });
    const { status, error: none } = envelope;
    assert.deepEqual([status, none, envelope.controller, envelope.action], [200, null, controller, action]);
    return envelope.result;
  }

  async stored(id: string): Promise<Fields> {
    return (await this.former.ws.document.get("library", "books", id))._source;
  }

  async logIn(username: string): Promise<unknown> {
    return idOf(await this.run("auth:login", { body: { username, password } }));
  }
}
