/** Calls the routes of the contract by the names that it gives them, and knows which were called. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { JSONObject } from "../../src/kernel/index.ts";
import type { TestServer } from "../../testing/index.ts";
import { type Answer, http, type Verb } from "./wire.ts";

interface RouteFact {
  readonly verb: string;
  readonly path: string;
  readonly controller: string;
  readonly action: string;
}

const file = join(import.meta.dirname, "../../contract/routes.json");
const routes = JSON.parse(readFileSync(file, "utf8")) as readonly RouteFact[];

/** What goes with a request: values of the path's parameters, the query string, the body, and a token. */
export interface Sent {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** null: from a stranger. */
  readonly jwt?: string | null;
}

export class RouteCaller {
  /** Sent with every request that has no token of its own. */
  jwt: string | undefined;
  readonly #server: TestServer;
  readonly #called = new Set<string>();

  constructor(server: TestServer) {
    this.#server = server;
  }

  /** `send("PUT /roles/:_id", { params: { _id: "reader" }, body })` */
  async send<R = JSONObject>(
    route: string,
    { params = {}, query, body, jwt = this.jwt }: Sent = {},
  ): Promise<Answer<R>> {
    this.#called.add(route);
    const [verb, template = ""] = route.split(" ");
    const path = template.replaceAll(/:(\w+)/g, (_, name: string) => {
      assert.ok(params[name] !== undefined, `${route} needs ${name}`);
      return encodeURIComponent(params[name]);
    });
    const search = query === undefined ? "" : `?${new URLSearchParams(query)}`;
    const headers = jwt === undefined || jwt === null ? undefined : { authorization: `Bearer ${jwt}` };
    return http<R>(this.#server, verb as Verb, `${path}${search}`, body, headers);
  }

  /** The result of a request that must succeed. */
  async result<R = JSONObject>(route: string, sent?: Sent): Promise<R> {
    const { error, status, result } = await this.send<R>(route, sent);
    assert.equal(error, null, `${route} ${JSON.stringify(error)}`);
    assert.equal(status, 200, route);
    return result;
  }

  /** The error of a request that must be refused. */
  async refusal(route: string, sent?: Sent): Promise<readonly [id: string | undefined, status: number]> {
    const { error, status } = await this.send(route, sent);
    assert.ok(error, `${route} should have been refused`);
    return [error.id, status];
  }

  /** Routes of these controllers in the contract that nothing has called. */
  uncalled(...controllers: readonly string[]): string[] {
    return routes
      .filter(({ controller }) => controllers.includes(controller))
      .map(({ verb, path }) => `${verb} ${path}`)
      .filter((route) => !this.#called.has(route));
  }
}
