/** A backup that a client asks for: of a server at work, in the folder of the backups and nowhere else. */
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { restore } from "../../src/operation/index.ts";
import { startServer } from "../../testing/index.ts";
import { http, until } from "./wire.ts";

interface Written {
  readonly name: string;
  readonly createdAt: string;
  readonly documents: number;
  readonly bytes: number;
}

test("a backup of a running server, restored, is the data of its instant", async (t) => {
  await using server = await startServer();
  const { sdk } = server.backend;
  await sdk.index.create("lib");
  await sdk.collection.create("lib", "books", { mappings: { properties: { year: { type: "integer" } } } });
  await sdk.document.create("lib", "books", { year: 1969 }, "a");
  await sdk.ms.set("colour", "red");
  const { status, result } = await http<Written>(server, "POST", "/admin/_backup?name=first");
  assert.equal(status, 200);
  assert.ok(result.name === "first" && result.documents >= 1 && result.bytes > 1_000);
  assert.ok(Math.abs(Date.parse(result.createdAt) - Date.now()) < 20_000);
  await sdk.document.create("lib", "books", { year: 1974 }, "b");

  const root = await mkdtemp(join(tmpdir(), "tenon-restored-"));
  t.after(() => rm(root, { recursive: true, force: true }));
  await restore({ backup: join(server.root, "backups", "first"), directory: join(root, "data"), force: false });
  await using restored = await startServer({ root });
  const copy = restored.backend.sdk;
  assert.equal(await copy.document.count("lib", "books", { query: { term: { year: 1969 } } }), 1);
  assert.equal(await copy.document.exists("lib", "books", "b"), false);
  assert.equal(await copy.ms.get("colour"), "red");
});

test("without a name it is named for its instant, and in the background it is written all the same", async () => {
  await using server = await startServer();
  const { result } = await http<Written>(server, "POST", "/admin/_backup");
  assert.match(result.name, /^\d{8}T\d{6}Z$/);
  const folder = join(server.root, "backups");
  assert.deepEqual(readdirSync(folder), [result.name]);
  const later = await http(server, "POST", "/admin/_backup?name=later&refresh=false");
  assert.deepEqual([later.status, later.result], [200, { acknowledge: true }]);
  await until(() => existsSync(join(folder, "later")), "the backup to be written");
});

test("a backup goes where backups go, over nothing, and one at a time", async () => {
  await using server = await startServer();
  const backup = (query: string) => http(server, "POST", `/admin/_backup?${query}`);
  for (const name of ["../up", "/tmp/x", "a/b", "a\\b", "..", ".hidden", "", "x".repeat(101), "é", "a\0b"]) {
    const { status, error } = await backup(`name=${encodeURIComponent(name)}`);
    assert.equal(status, 400, JSON.stringify(name));
    assert.match(error?.message ?? "", /"name" is the name of a folder/);
  }
  assert.equal(existsSync(join(server.root, "backups")), false);
  const answers = await Promise.all([backup("name=one"), backup("name=two")]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 412]);
  assert.equal(answers.find(({ status }) => status === 412)?.error?.id, "api.process.action_locked");
  const again = await backup(`name=${answers[0]?.status === 200 ? "one" : "two"}`);
  assert.equal(again.status, 412);
  assert.match(again.error?.message ?? "", /exists already/);
});

test("a backup that is cancelled leaves nothing behind", async () => {
  await using server = await startServer();
  const asked = http(server, "POST", "/admin/_backup?name=gone");
  const id = await until(async () => {
    const { result } = await http<{ operations: { id: string }[] }>(server, "GET", "/_operations");
    return result.operations[0]?.id;
  }, "the backup to be listed");
  assert.equal((await http(server, "DELETE", `/_operations/${id}`)).status, 200);
  const { status, error } = await asked;
  assert.equal(status, 412);
  assert.match(error?.message ?? "", /^admin:backup was cancelled/);
  assert.deepEqual(readdirSync(join(server.root, "backups")), []);
});

test("what keeps nothing, or has no folder for backups, says so", async () => {
  await using memory = await startServer({ data: ":memory:" });
  const { status, error } = await http(memory, "POST", "/admin/_backup");
  assert.equal(status, 412);
  assert.match(error?.message ?? "", /in memory/);
  await using closed = await startServer({ config: { "tenon.backup.path": "" } });
  const refused = await http(closed, "POST", "/admin/_backup");
  assert.equal(refused.status, 412);
  assert.match(refused.error?.message ?? "", /tenon\.backup\.path/);
});
