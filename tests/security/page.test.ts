import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { http, type Verb } from "../api/wire.ts";
import { type GuardedServer, openGuarded } from "./guarded-server.ts";

const repository = join(import.meta.dirname, "../..");
const page = readFileSync(join(repository, "docs/security.md"), "utf8");

let guarded: GuardedServer;

before(async () => {
  guarded = await openGuarded();
  await guarded.privileged({ controller: "security", action: "deleteUser", _id: "ada" });
});

after(() => guarded?.[Symbol.asyncDispose]());

test("every test that the page on security names is there", () => {
  const named = [...page.matchAll(/`((?:src|tests)\/[\w./-]+)`/g)].map(([, path = ""]) => path);
  assert.ok(named.length > 20);
  for (const path of named) assert.ok(existsSync(join(repository, path)), path);
});

test("the example of the page on security makes a user who may read and nothing else", async () => {
  const { server, privileged, tokenOf } = guarded;
  await privileged({ controller: "index", action: "create", index: "library" });
  for (const collection of ["books", "loans"]) {
    await privileged({ controller: "collection", action: "create", index: "library", collection });
  }
  const headers = { authorization: `Bearer ${await tokenOf("root")}` };
  const calls = [...page.matchAll(/^api (\w+)\s+(\S+)\s+'(.*)'$/gm)];
  assert.equal(calls.length, 3);
  for (const [, verb, path = "", body] of calls) {
    const { status, error } = await http(server, verb as Verb, path, body, headers);
    assert.equal(status, 200, `${path} ${error?.message}`);
  }
  const login = await http<{ jwt: string }>(server, "POST", "/_login/local", {
    username: "ada",
    password: "correct horse",
  });
  const ada = { authorization: `Bearer ${login.result.jwt}` };
  assert.equal((await http(server, "GET", "/library/books/_search", undefined, ada)).status, 200);
  assert.equal((await http(server, "GET", "/library/loans/_search", undefined, ada)).status, 403);
  assert.equal((await http(server, "POST", "/library/books/_create", {}, ada)).status, 403);
});
