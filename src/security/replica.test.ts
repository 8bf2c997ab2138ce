/** Two nodes over one store: what one changes counts on the other. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import {
  type AdminSession,
  asAdmin,
  createUser,
  logIn,
  openTestSecurity,
  type TestSecurity,
} from "../../testing/security/test-security.ts";
import type { JSONObject } from "../kernel/index.ts";
import type { DocumentStore } from "../stores/documents/index.ts";
import { profileFrom } from "./profiles/profile.ts";
import { Directory } from "./rights/directory.ts";
import { roleFrom } from "./roles/role.ts";

let first: TestSecurity;
let second: TestSecurity;
let admin: AdminSession;

before(async () => {
  first = await openTestSecurity();
  admin = await asAdmin(first);
  await admin.ask("createRole", { _id: "reader", body: granting("get") });
  second = await openTestSecurity({ store: first.store, bus: first.bus });
});

after(async () => {
  await second?.[Symbol.asyncDispose]();
  await first?.[Symbol.asyncDispose]();
});

const granting = (action: string): JSONObject => ({ controllers: { document: { actions: { [action]: true } } } });
const get = { controller: "document", action: "get", index: "library", collection: "books" };

/** What the second node answers, as soon as it is this; it must not take longer than the reading of one document. */
async function secondSays(request: JSONObject, expected: string | number): Promise<void> {
  const deadline = Date.now() + 2_000;
  for (;;) {
    const { status, error } = await second.send(request);
    const found = error === null ? status : (error.id ?? status);
    if (found === expected) return;
    assert.ok(Date.now() < deadline, `${found}, never ${expected}`);
    await turn();
  }
}

let count = 0;
/** A user of a profile of its own with the role `reader`, whom the second node knows. */
async function reader(): Promise<{ kuid: string; profile: string; jwt: string }> {
  const kuid = `reader-${++count}`;
  const profile = `readers-${count}`;
  await admin.ask("createProfile", { _id: profile, body: { policies: [{ roleId: "reader" }] } });
  await createUser(first, admin.admin, kuid);
  await admin.ask("updateUser", { _id: kuid, body: { profileIds: [profile] } });
  const jwt = await logIn(first, kuid, "pass");
  await secondSays({ ...get, jwt }, 200);
  return { kuid, profile, jwt };
}

const forbidden = "security.rights.forbidden";

test("a role that is changed, deleted and made again", async () => {
  const { profile, jwt } = await reader();
  await admin.ask("createRole", { _id: "passing", body: granting("get") });
  await admin.ask("updateProfile", { _id: profile, body: { policies: [{ roleId: "passing" }] } });
  await admin.ask("updateRole", { _id: "passing", body: granting("search") });
  await secondSays({ ...get, jwt }, forbidden);
  await admin.ask("createOrReplaceRole", { _id: "passing", body: granting("get") });
  await secondSays({ ...get, jwt }, 200);
});

test("a profile that is restricted, opened, and deleted", async () => {
  const { profile, jwt } = await reader();
  const policies = (index: string): JSONObject => ({ policies: [{ roleId: "reader", restrictedTo: [{ index }] }] });
  await admin.ask("updateProfile", { _id: profile, body: policies("museum") });
  await secondSays({ ...get, jwt }, forbidden);
  await admin.ask("createOrReplaceProfile", { _id: profile, body: policies("library") });
  await secondSays({ ...get, jwt }, 200);
  await admin.ask("deleteProfile", { _id: profile, onAssignedUsers: "remove" });
  await secondSays({ ...get, jwt }, forbidden);
});

test("a user who gets other profiles, and who is deleted", async () => {
  const { kuid, jwt } = await reader();
  await admin.ask("updateUser", { _id: kuid, body: { profileIds: ["default"] } });
  await secondSays({ ...get, jwt }, forbidden);
  await admin.ask("replaceUser", { _id: kuid, body: { profileIds: ["admin"] } });
  await secondSays({ ...get, jwt }, 200);
  await admin.ask("deleteUser", { _id: kuid });
  await secondSays({ ...get, jwt }, "security.token.invalid");
});

test("a token that is given back, and an API key that is deleted", async () => {
  const { kuid, jwt } = await reader();
  const made = await admin.ask("createApiKey", { userId: kuid, _id: "key", body: { description: "a device" } });
  const key = (made._source as { token: string }).token;
  await secondSays({ ...get, jwt: key }, 200);
  await admin.ask("deleteApiKey", { userId: kuid, _id: "key" });
  await secondSays({ ...get, jwt: key }, "security.token.invalid");
  const { jwt: other } = await first.ask({
    controller: "auth",
    action: "login",
    strategy: "plain",
    body: { username: kuid, password: "pass" },
  });
  await secondSays({ ...get, jwt: other }, 200);
  await first.security.tokens.revoke(await first.security.tokens.verify(String(other)));
  await secondSays({ ...get, jwt: other }, "security.token.invalid");
  await secondSays({ ...get, jwt }, 200);
});

test("what a node writes itself is not undone by what it was reading", async () => {
  const { profile, jwt } = await reader();
  const held = Promise.withResolvers<void>();
  let isHolding = false;
  let reads = 0;
  // The real store, whose answers to one reading come late.
  const slow = new Proxy(first.store, {
    get(store, name) {
      if (name === "find") {
        const find: DocumentStore["find"] = async (...asked) => {
          const found = await store.find(...asked);
          if (isHolding) reads++;
          if (isHolding) await held.promise;
          return found;
        };
        return find;
      }
      const member: unknown = Reflect.get(store, name);
      return typeof member === "function" ? member.bind(store) : member;
    },
  });
  await using third = await openTestSecurity({ store: slow, bus: first.bus });
  assert.equal((await third.send({ ...get, jwt })).status, 200);
  isHolding = true;
  const write = { author: { kuid: null, at: 0 }, strict: false, refresh: false, id: profile };
  await first.security.profiles.createOrReplace({ ...write, content: { policies: [{ roleId: "default" }] } });
  while (reads === 0) await turn();
  await third.security.profiles.createOrReplace({ ...write, content: { policies: [{ roleId: "reader" }] } });
  isHolding = false;
  held.resolve();
  for (let i = 0; i < 20; i++) {
    assert.equal((await third.send({ ...get, jwt })).status, 200);
    await turn();
  }
});

test("nobody is without rights while a node reads all of them again", async () => {
  const { jwt } = await reader();
  const answers: Promise<unknown>[] = [];
  const reset = first.security.restrictDefaultRights({ kuid: null, at: 0 });
  first.bus.publish("security", { origin: "a third node", change: { kind: "everything" } });
  for (let i = 0; i < 50; i++) {
    answers.push(second.send({ ...get, jwt }).then(({ status }) => assert.equal(status, 200)));
    await turn();
  }
  await Promise.all([reset, ...answers]);
});

test("reading all rights again is one change, in which nobody is without them", async () => {
  const directory = new Directory((name) => [name]);
  const role = roleFrom("reader", granting("get"));
  const profile = profileFrom("readers", { policies: [{ roleId: "reader" }] });
  const seen: boolean[] = [];
  directory.onChanged = () => seen.push(directory.rightsOf(["readers"]).allow("document", "get", "a", "b", undefined));
  directory.replaceAll([role], [profile]);
  directory.replaceAll([role], [profile]);
  assert.deepEqual(seen, [true, true]);
});
