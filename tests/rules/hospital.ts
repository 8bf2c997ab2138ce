/** A server with documents of two wards, and users whose policies say different things of them. */
import assert from "node:assert/strict";
import type { Kuzzle } from "kuzzle-sdk";
import type { JSONObject } from "../../src/kernel/index.ts";
import { connectWebSocket, startServer, type TestServer, type TestServerOptions } from "../../testing/index.ts";
import { type Answer, http } from "../api/wire.ts";

export const patients = { index: "hospital", collection: "patients" };
const password = "correct horse";

const mappings = {
  dynamic: "false",
  properties: {
    name: { type: "text", fields: { raw: { type: "keyword" } } },
    ward: { type: "keyword" },
    owner: { type: "keyword" },
    age: { type: "integer" },
    diagnosis: { type: "text", fields: { raw: { type: "keyword" } } },
    secret: { properties: { code: { type: "keyword" }, note: { type: "text" } } },
    alias: { type: "alias", path: "secret.code" },
    visits: { type: "nested", properties: { date: { type: "keyword" }, notes: { type: "text" } } },
    tags: { type: "flattened" },
    quick: { type: "completion" },
  },
};

/** Two of ward A, two of ward B; what stands in `secret` and `diagnosis` of ward B is told to few. */
export const contents: Readonly<Record<string, JSONObject>> = {
  a1: patient("Ada", "A", "ann", 30, "influenza", "alpha"),
  a2: patient("Alan", "A", "bob", 40, "measles", "beta"),
  b1: patient("Bea", "B", "ann", 50, "plague", "gamma"),
  b2: patient("Bela", "B", "bob", 60, "plague", "delta"),
};

function patient(name: string, ward: string, owner: string, age: number, diagnosis: string, code: string): JSONObject {
  const visits = [{ date: `2020-${ward}`, notes: `hush ${code}` }];
  const secret = { code, note: `hidden ${code} note` };
  return { name, ward, owner, age, diagnosis, secret, visits, tags: { kept: code }, quick: `quick ${code}` };
}

const readable = ["name", "ward", "age", "visits.date"];
const inA = { equals: { ward: "A" } };

/** What the policies of each user say; an array is several policies. */
export const rules = {
  free: undefined,
  ward: { filter: inA },
  fields: { readableFields: readable, writableFields: ["ward", "visits", "age"] },
  both: { filter: inA, readableFields: readable, writableFields: ["ward", "visits", "age"] },
  two: [
    { filter: inA, readableFields: ["name", "ward"] },
    { filter: { equals: { name: "nobody" } }, readableFields: ["age"] },
    { filter: { and: [{ equals: { ward: "B" } }, { range: { age: { lt: 55 } } }] }, readableFields: ["diagnosis"] },
  ],
  ann: { filter: { equals: { owner: "$user._id" } } },
  bob: { filter: { equals: { owner: "$user._id" } } },
} as const;

export type Who = keyof typeof rules;

export interface Hospital extends AsyncDisposable {
  readonly server: TestServer;
  readonly admin: Kuzzle;
  /** The official client of a user, over WebSocket. */
  as(who: string): Promise<Kuzzle>;
  /** The answer to a request of a user, whatever its status. */
  ask<R = JSONObject>(who: string, action: string, request?: JSONObject): Promise<Answer<R>>;
  /** The same over HTTP. */
  fetch<R = JSONObject>(
    who: string,
    verb: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    body?: unknown,
  ): Promise<Answer<R>>;
  setRule(who: string, rule: unknown): Promise<void>;
  /** Puts the four documents back as they were. */
  reset(): Promise<void>;
}

/** `users`: those who are made, as making one takes its time. */
export async function openHospital(
  options: TestServerOptions = {},
  users: readonly string[] = Object.keys(rules),
): Promise<Hospital> {
  const server = await startServer({ data: ":memory:", ...options });
  const admin = await connectWebSocket(server);
  const clients = new Map<string, Kuzzle>([["admin", admin]]);
  const send = (kuzzle: Kuzzle, request: JSONObject): Promise<Answer<never>> =>
    kuzzle.query(request as never).then(
      (answer) => answer as unknown as Answer<never>,
      (error: Answer["error"]) => ({ status: error?.status, error, result: null }) as unknown as Answer<never>,
    );
  const must = async (request: JSONObject): Promise<void> => {
    const { error } = await send(admin, request);
    assert.equal(error ?? null, null, JSON.stringify(error));
  };
  const security = (action: string, _id: string, body: JSONObject): Promise<void> =>
    must({ controller: "security", action, _id, body });
  await security("createFirstAdmin", "root", { content: {}, credentials: { local: { username: "root", password } } });
  await admin.auth.login("local", { username: "root", password });
  await security("createRole", "everything", { controllers: { "*": { actions: { "*": true } } } });
  await admin.index.create(patients.index);
  await admin.collection.create(patients.index, patients.collection, { mappings } as never);
  const policiesOf = (rule: unknown): JSONObject[] =>
    [rule].flat().map((documents) => ({ roleId: "everything", ...(documents === undefined ? {} : { documents }) }));
  await Promise.all(
    Object.entries(rules).map(async ([who, rule]) => {
      if (!users.includes(who)) return;
      await security("createProfile", who, { policies: policiesOf(rule) });
      const content = { profileIds: [who] };
      await security("createUser", who, { content, credentials: { local: { username: who, password } } });
    }),
  );
  const as = async (who: string): Promise<Kuzzle> => {
    const known = clients.get(who);
    if (known !== undefined) return known;
    const kuzzle = await connectWebSocket(server);
    clients.set(who, kuzzle);
    await kuzzle.auth.login("local", { username: who, password });
    return kuzzle;
  };
  const reset = async (): Promise<void> => {
    await must({ controller: "collection", action: "truncate", ...patients });
    const documents = Object.entries(contents).map(([_id, body]) => ({ _id, body }));
    await must({ controller: "bulk", action: "mWrite", ...patients, body: { documents } });
  };
  await reset();
  return {
    server,
    admin,
    as,
    async ask(who, action, request = {}) {
      const [controller, name] = action.includes(":") ? action.split(":") : ["document", action];
      return send(await as(who), { controller, action: name, ...patients, ...request });
    },
    async fetch(who, verb, path, body) {
      const kuzzle = await as(who);
      return http(server, verb, path, body, { authorization: `Bearer ${kuzzle.jwt}` });
    },
    setRule: (who, rule) => security("updateProfile", who, { policies: policiesOf(rule) }),
    reset,
    async [Symbol.asyncDispose]() {
      for (const kuzzle of clients.values()) kuzzle.disconnect();
      await server.close();
    },
  };
}
