import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { spawnServer } from "../../testing/index.ts";
import { damagePages, leafPagesOf } from "../../testing/operation/damage.ts";
import { newFolder } from "../../testing/operation/data-directory.ts";
import { runTenon } from "../../testing/operation/run-tenon.ts";
import { ask } from "./ask.ts";

for (const command of ["start", "dev", "backup", "restore", "check", "compact", "reference", "plugin", "version"]) {
  test(`tenon ${command} --help says what it does`, async () => {
    const { code, stdout, stderr } = await runTenon([command, "--help"]);
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`^tenon ${command} `));
    assert.equal(stderr, "");
  });
}

test("tenon help has a page for each command, and none for what is no command", async () => {
  for (const args of [
    ["help", "start"],
    ["help", "plugin"],
    ["plugin", "-h"],
  ]) {
    const { code, stdout } = await runTenon(args);
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`^tenon ${args.find((word) => word !== "help" && word !== "-h")} `));
  }
  assert.match((await runTenon(["help", "--help"])).stdout, /^tenon <command> /);
  const { code, stderr } = await runTenon(["help", "nonsense"]);
  assert.deepEqual([code, stderr], [2, 'tenon: unknown command "nonsense". Try: tenon help\n']);
});

test("tenon version, --version and -v print the version and nothing else", async () => {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));
  for (const word of ["version", "--version", "-v"]) {
    const { code, stdout, stderr } = await runTenon([word]);
    assert.deepEqual([code, stdout, stderr], [0, `${version}\n`, ""]);
  }
});

test("a server that cannot have its address says which option to change", async (t) => {
  const root = newFolder(t);
  const first = createServer().listen(0, "127.0.0.1");
  t.after(() => first.close());
  await once(first, "listening");
  const { port } = first.address() as AddressInfo;
  const taken = await runTenon(["start", "--root", root, "--host", "127.0.0.1", "--port", String(port)]);
  assert.equal(taken.code, 1);
  assert.match(taken.stderr, /cannot start: .*EADDRINUSE.* --port \(server\.port\)/);
  const foreign = await runTenon(["start", "--root", root, "--host", "192.0.2.1", "--port", "0"]);
  assert.match(foreign.stderr, /cannot start: .*EADDRNOTAVAIL.* --host \(server\.host\)/);
});

test("a start below a folder in which nothing can be made is refused, and does not try for ever", {
  skip: !existsSync("/proc/self"),
}, async (t) => {
  const { code, stderr } = await runTenon([
    "start",
    "--root",
    newFolder(t),
    "--data",
    "/proc/tenon/data",
    "--port",
    "0",
  ]);
  assert.equal(code, 1);
  assert.match(stderr, /cannot start: Cannot write to "\/proc\/tenon\/data"/);
});

test("a command that is typed wrongly, or finds no data, says so and how to go on", async (t) => {
  const folder = newFolder(t);
  const missing = join(folder, "missing");
  for (const [args, expected, says] of [
    [["backup"], 2, /DESTINATION is missing\. Try: tenon backup --help/],
    [["backup", "a", "b"], 2, /"b" is one word too many/],
    [["restore", missing, "--data", folder], 1, /There is no backup/],
    [["check", "--data", missing], 2, /There is no directory.*--data/],
    [["check", "--data", import.meta.filename], 2, /There is no directory.*--data/],
    [["check", "--fix"], 2, /'--fix'/],
    [["compact", "--data", folder], 1, /There is no data in/],
  ] as const) {
    const { code, stderr, stdout } = await runTenon(args);
    assert.equal(code, expected, stderr);
    assert.match(stderr, says);
    assert.equal(stdout, "");
  }
  assert.equal(existsSync(missing), false);
});

test("a backup of a server under load, restored into another place, is served there; the data is found by the root's configuration", async (t) => {
  const root = newFolder(t);
  const server = await spawnServer(root);
  t.after(() => server.kill("SIGKILL"));
  await ask(server.url, "PUT", "/lib/books", { mappings: { properties: { n: { type: "integer" } } } });
  await ask(server.url, "POST", "/ms/_set/greeting", { value: "hello" });
  let acknowledged = 0;
  let isDone = false;
  const writing = (async () => {
    while (!isDone) {
      const documents = Array.from({ length: 50 }, (_, i) => ({ _id: `b${acknowledged + i}`, body: { n: 1 } }));
      const { error } = await ask(server.url, "POST", "/lib/books/_mCreate", { documents });
      assert.equal(error, null);
      acknowledged += 50;
    }
  })();
  while (acknowledged < 500) await new Promise((resolve) => setTimeout(resolve, 5));
  const before = acknowledged;
  const backup = join(root, "backup");
  const { code, stdout, stderr } = await runTenon(["backup", backup, "--root", root, "--json"]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /done in/);
  const after = acknowledged + 50;
  const { collections } = JSON.parse(stdout) as { collections: { collection: string; documents: number }[] };
  const { documents = -1 } = collections.find(({ collection }) => collection === "books") ?? {};
  assert.ok(documents >= before && documents <= after, `${documents} of ${before} to ${after}`);
  assert.equal(documents % 50, 0, "whole batches only");

  const checked = await runTenon(["check", "--root", root]);
  assert.equal(checked.code, 0, checked.stdout);
  assert.match(checked.stdout, /a server is at work/);
  const refused = await runTenon(["check", "--repair", "--root", root]);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /in use by another process/);
  isDone = true;
  await writing;
  await server.kill("SIGTERM");

  const other = newFolder(t);
  const restored = await runTenon(["restore", backup, "--data", join(other, "data")]);
  assert.equal(restored.code, 0, restored.stderr);
  const second = await spawnServer(other);
  t.after(() => second.kill("SIGKILL"));
  assert.equal((await ask(second.url, "POST", "/lib/books/_count", {})).result?.count, documents);
  assert.equal((await ask(second.url, "GET", "/ms/greeting")).result, "hello");
  assert.equal(await second.kill("SIGTERM"), 0);
  assert.deepEqual(readdirSync(join(other, "data")).sort(), ["FORMAT", "lock.db", "memory", "segments", "store.db"]);
});

test("check tells people and machines what is damaged, and a repaired directory is served again", async (t) => {
  const root = newFolder(t);
  const server = await spawnServer(root);
  t.after(() => server.kill("SIGKILL"));
  await ask(server.url, "PUT", "/lib/books", {});
  const documents = Array.from({ length: 200 }, (_, i) => ({ _id: `b${i}`, body: { text: "x".repeat(200) } }));
  await ask(server.url, "POST", "/lib/books/_mCreate", { documents });
  await server.kill("SIGTERM");
  const data = join(root, "data");
  const table = await tableOf(data, "books");
  damagePages(data, [leafPagesOf(data, table)[4] ?? 0]);

  const found = await runTenon(["check", "--root", root]);
  assert.equal(found.code, 1);
  assert.match(found.stdout, /damage: store\.db: .*\ndamaged\nStop the server, and mend/s);
  const repaired = await runTenon(["check", "--repair", "--root", root]);
  assert.equal(repaired.code, 1, "something was lost");
  assert.match(repaired.stdout, /lib:books: 1\d\d documents saved\n {4}lost: "b\d+"/);
  assert.match(repaired.stdout, /Something was lost\.\n$/);
  const sound = await runTenon(["check", "--json", "--root", root]);
  assert.equal(sound.code, 0, sound.stdout);
  const { collections } = JSON.parse(sound.stdout) as { collections: { collection: string; documents: number }[] };
  const saved = collections.find(({ collection }) => collection === "books")?.documents;
  const again = await spawnServer(root);
  t.after(() => again.kill("SIGKILL"));
  assert.equal((await ask(again.url, "POST", "/lib/books/_count", {})).result?.count, saved);
});

async function tableOf(data: string, collection: string): Promise<string> {
  const { DatabaseSync } = await import("node:sqlite");
  using database = new DatabaseSync(join(data, "store.db"));
  return `rows_${database.prepare("SELECT id FROM collections WHERE name = ?").get(collection)?.id}`;
}
