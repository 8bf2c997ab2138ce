/** A server whose disk is full: its files may grow no further (RLIMIT_FSIZE), as an administrator's quota does it, or a file system has no room left. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type SpawnedServer, spawnServer } from "../../testing/index.ts";
import { newFolder } from "../../testing/operation/data-directory.ts";
import { type Answer, ask } from "./ask.ts";

function succeeds(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

interface Disk {
  /** Lets the data grow by so many bytes at most. */
  fill(): void;
  makeRoom(): void;
}

/** Limits how large a file of the process may become: nothing else is needed than `prlimit`. */
const fileSizeLimit = (server: SpawnedServer): Disk => {
  const limit = (bytes: string): void => {
    execFileSync("prlimit", ["--pid", String(server.child.pid), `--fsize=${bytes}:`]);
  };
  return { fill: () => limit("600000"), makeRoom: () => limit("unlimited") };
};

/** A file system in memory of eight megabytes, filled by a file beside the data. */
function smallDisk(t: TestContext): (Disk & { readonly root: string }) | undefined {
  const root = mkdtempSync(join(tmpdir(), "tenon-full-"));
  const data = join(root, "data");
  mkdirSync(data);
  t.after(() => {
    succeeds("umount", ["-l", data]);
    rmSync(root, { recursive: true, force: true });
  });
  if (!succeeds("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", data])) return undefined;
  const filler = join(data, "filler");
  return {
    root,
    fill: () => void succeeds("dd", ["if=/dev/zero", `of=${filler}`, "bs=64k"]),
    makeRoom: () => execFileSync("rm", [filler]),
  };
}

const text = "x".repeat(2_000);

const createMany = (server: SpawnedServer, turn: number): Promise<Answer> => {
  const documents = Array.from({ length: 50 }, (_, i) => ({ _id: `d${turn}-${i}`, body: { turn, text } }));
  return ask(server.url, "POST", "/lib/books/_mCreate", { documents });
};

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    assert.ok(Date.now() < deadline, what);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const health = async (server: SpawnedServer): Promise<unknown> =>
  (await ask(server.url, "GET", "/_healthCheck")).result?.services;

async function fillsAndRecovers(root: string, server: SpawnedServer, disk: Disk): Promise<void> {
  await ask(server.url, "PUT", "/lib/books", { mappings: { properties: { turn: { type: "integer" } } } });
  assert.equal((await createMany(server, 0)).status, 200);
  assert.equal((await ask(server.url, "POST", "/ms/_set/kept", { value: "1" })).status, 200);
  const green = { internalCache: "green", memoryStorage: "green", storageEngine: "green" };
  assert.deepEqual(await health(server), green);

  disk.fill();
  let acknowledged = 1;
  let refused: Answer | undefined;
  while (refused === undefined) {
    const answer = await createMany(server, acknowledged);
    if (answer.error === null) acknowledged++;
    else refused = answer;
    assert.ok(acknowledged < 500, "the disk is not full");
  }
  assert.equal(refused.error?.id, "services.storage.not_writable");
  assert.equal(refused.status, 503);
  assert.match(refused.error?.message ?? "", /Nothing of this request was stored.*Make room/);
  for (let i = 0; i < 20; i++) {
    const { error } = await createMany(server, 1_000);
    assert.equal(error?.id, "services.storage.not_writable");
  }
  // What is there is read and found, and nothing else is.
  const { result } = await ask(server.url, "POST", "/lib/books/_search", { query: { range: { turn: { gte: 0 } } } });
  assert.equal(result?.total, acknowledged * 50);
  assert.equal((await ask(server.url, "GET", "/lib/books/d0-7")).status, 200);
  assert.equal((await ask(server.url, "GET", "/lib/books/d1000-7")).status, 404);
  assert.equal(((await health(server)) as Record<string, string>).storageEngine, "red");
  const lines = server.log.filter((line) => line.includes("documents.disk.not_writable"));
  assert.equal(lines.length, 1, lines.join("\n"));

  disk.makeRoom();
  await until(
    async () => JSON.stringify(await health(server)) === JSON.stringify(green),
    "the server does not recover",
  );
  assert.equal((await createMany(server, 2_000)).status, 200);
  assert.equal((await ask(server.url, "POST", "/ms/_set/later", { value: "2" })).status, 200);
  assert.ok(server.log.some((line) => line.includes("documents.disk.writable")));
  assert.equal(await server.kill("SIGTERM"), 0);

  const again = await spawnServer(root);
  try {
    const { result: counted } = await ask(again.url, "POST", "/lib/books/_count", {});
    assert.equal(counted?.count, (acknowledged + 1) * 50, "what was acknowledged, and nothing of what was refused");
    assert.equal((await ask(again.url, "GET", "/ms/kept")).result, "1");
  } finally {
    await again.kill("SIGKILL");
  }
}

const noLimit = succeeds("prlimit", ["--version"]) ? false : "prlimit is not on this machine";

test("a server whose files may not grow refuses writes, serves reads, tells it once, and recovers by itself", {
  skip: noLimit,
}, async (t) => {
  const root = newFolder(t);
  const server = await spawnServer(root);
  t.after(() => server.kill("SIGKILL"));
  await fillsAndRecovers(root, server, fileSizeLimit(server));
});

test("so does one whose file system is full", async (t) => {
  const disk = smallDisk(t);
  if (disk === undefined) return t.skip("this user may not mount a file system");
  const { root } = disk;
  const server = await spawnServer(root);
  t.after(() => server.kill("SIGKILL"));
  await fillsAndRecovers(root, server, disk);
});

test("while the disk is full, the memory storage refuses writes as Redis does, and PING with them", async (t) => {
  const disk = smallDisk(t);
  if (disk === undefined) return t.skip("this user may not mount a file system");
  const { root } = disk;
  const server = await spawnServer(root);
  t.after(() => server.kill("SIGKILL"));
  const set = (key: string) => ask(server.url, "POST", `/ms/_set/${key}`, { value: text });
  assert.equal((await set("before")).status, 200);
  disk.fill();
  await until(async () => (await set("during")).error !== null, "writes are not refused");
  assert.match((await set("during")).error?.message ?? "", /MISCONF/);
  assert.equal((await ask(server.url, "GET", "/ms/before")).result, text);
  assert.equal(((await health(server)) as Record<string, string>).memoryStorage, "red");
  assert.equal(server.log.filter((line) => line.includes("memory.journal_write_failed")).length, 1);
  disk.makeRoom();
  await until(async () => (await set("after")).error === null, "writes are not taken again");
  await server.kill("SIGKILL");
  const again = await spawnServer(root);
  t.after(() => again.kill("SIGKILL"));
  assert.equal((await ask(again.url, "GET", "/ms/before")).result, text);
});

test("a data directory that cannot be made or written is refused at the start with its name and the reason", async (t) => {
  const disk = smallDisk(t);
  if (disk === undefined) return t.skip("this user may not mount a file system");
  const { root } = disk;
  const data = join(root, "data");
  execFileSync("mount", ["-o", "remount,ro", data]);
  await assert.rejects(spawnServer(root), /The server cannot start: .*data\/lock\.db.*writable/);
  await assert.rejects(
    spawnServer(root, ["--data", "data/new"]),
    /The server cannot start: Cannot write to ".*data\/new".*(?:EROFS|ENOENT)/,
  );
});
