import assert from "node:assert/strict";
import { test } from "node:test";
import { openTestSecurity, withAdmin } from "../../../testing/security/test-security.ts";
import { type JSONObject, silentLogger, systemClock } from "../../kernel/index.ts";
import { createEmbeddedStore, type DocumentStore } from "../../stores/documents/index.ts";
import { defaultSecurityOptions } from "../options.ts";
import { FloodGate } from "./flood-gate.ts";

const audit = { ...defaultSecurityOptions.audit };
const count = async (store: DocumentStore): Promise<number> => {
  const target = { index: "kuzzle", collection: "audit" };
  await store.refresh(target);
  return store.count(target, { match_all: {} });
};

test("old entries and those that are too many are removed, the newest stay", async () => {
  const clock = { at: Date.now(), now: () => clock.at };
  const options = { audit: { ...audit, maxEntries: 5, maxAgeMs: 1_000_000 } };
  await using server = await openTestSecurity({ clock, options });
  const jwt = await withAdmin(server);
  for (let i = 0; i < 10; i++) {
    clock.at += 1_000;
    const body = { controllers: { auth: { actions: { login: true } } } };
    await server.ask({ controller: "security", action: "createRole", _id: `role-${i}`, body, jwt });
  }
  await server.security.auditLog.sweep();
  const { hits } = await server.ask({ controller: "security", action: "searchAudit", size: 100, jwt });
  const ids = (hits as { _source: { target: { ids: string[] } } }[]).map(({ _source }) => _source.target.ids[0]);
  assert.deepEqual(ids, ["role-9", "role-8", "role-7", "role-6", "role-5"]);
  clock.at += 1_000_001;
  await server.security.auditLog.sweep();
  assert.equal(await count(server.store), 0);
});

test("a change stands and is answered when its entry cannot be stored, and the entry is stored when the store takes it again", async () => {
  const real = await createEmbeddedStore({ directory: ":memory:", log: silentLogger, clock: systemClock });
  let isBroken = false;
  const store = new Proxy(real, {
    get(target, member) {
      const value: unknown = Reflect.get(target, member);
      if (typeof value !== "function") return value;
      return (...args: unknown[]): unknown => {
        const [at] = args as [JSONObject];
        if (member === "write" && isBroken && at.collection === "audit") throw new Error("the disk is full");
        return Reflect.apply(value, target, args);
      };
    },
  });
  {
    await using server = await openTestSecurity({ store });
    const jwt = await withAdmin(server);
    isBroken = true;
    const body = { controllers: { auth: { actions: { login: true } } } };
    const create = { controller: "security", action: "createRole", jwt, body };
    const answer = await server.ask({ ...create, _id: "kept" });
    assert.equal(answer._id, "kept");
    const search = {
      controller: "security",
      action: "searchAudit",
      jwt,
      body: { query: { term: { "target.ids": "kept" } } },
    };
    assert.equal((await server.ask(search)).total, 0);
    isBroken = false;
    assert.equal((await server.ask(search)).total, 1);
  }
  await real.close();
});

test("refusals of one source, and of all, are bounded within a minute, and counted", () => {
  const gate = new FloodGate(2, 3);
  assert.deepEqual(
    [1, 2, 3, 4].map(() => gate.pass("a", 0)),
    [0, 0, undefined, undefined],
  );
  assert.equal(gate.pass("b", 1), 0);
  assert.equal(gate.pass("c", 2), undefined, "all together");
  assert.equal(gate.pass("a", 60_000), 2, "the next minute tells how many there were");
  assert.equal(gate.pass("a", 60_001), 0);
});
