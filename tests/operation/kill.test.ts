/** Commands that are killed in the middle: afterwards nothing half is taken for whole, and nothing is lost. */
import assert from "node:assert/strict";
import { cpSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { silentLogger, systemClock } from "../../src/kernel/index.ts";
import { backUp, checkData } from "../../src/operation/index.ts";
import { createEmbeddedStore, type WriteOperation } from "../../src/stores/documents/index.ts";
import { damagePages, leafPagesOf } from "../../testing/operation/damage.ts";
import { newFolder } from "../../testing/operation/data-directory.ts";
import { runTenon } from "../../testing/operation/run-tenon.ts";

const books = { index: "lib", collection: "books" };
const rounds = 4;

/** A data directory with `count` documents of about a kilobyte. */
async function filled(t: TestContext, count: number): Promise<string> {
  const directory = join(newFolder(t), "data");
  await using store = await createEmbeddedStore({ directory, log: silentLogger, clock: systemClock });
  await store.createCollection(books, "public", { dynamic: "false", properties: {} }, {});
  for (let at = 0; at < count; at += 1_000) {
    const operations = Array.from({ length: Math.min(1_000, count - at) }, (_, i): WriteOperation => {
      return { kind: "create", id: `b${at + i}`, source: JSON.stringify({ text: "x".repeat(1_000) }) };
    });
    await store.write(books, operations);
  }
  return directory;
}

/** Opens it as a server does, which finishes or forgets what was interrupted. */
async function documentsIn(directory: string): Promise<number> {
  await using store = await createEmbeddedStore({ directory, log: silentLogger, clock: systemClock });
  return (await store.describe()).length === 0 ? 0 : await store.count(books, {});
}

/** Runs a command once to its end, then kills it at moments spread over the time that this took; one at least must be killed in the middle. */
async function killed(
  args: (round: number) => readonly string[],
  after: (round: number, wasKilled: boolean) => Promise<void>,
): Promise<void> {
  let count = 0;
  let workedMs = 0;
  for (let round = 0; round <= rounds; round++) {
    const killAfterMs = round === 0 ? {} : { killAfterMs: ((round - Math.random()) / rounds) * workedMs * 0.8 };
    const ran = await runTenon(args(round), killAfterMs);
    if (round === 0) workedMs = ran.workedMs;
    if (ran.code === null) count++;
    await after(round, ran.code === null);
  }
  assert.ok(count > 0, "none was killed in the middle");
}

test("a backup that is killed is not there, and the next one is whole", async (t) => {
  const directory = await filled(t, 6_000);
  const base = newFolder(t);
  await killed(
    (round) => ["backup", join(base, `b${round}`), "--data", directory],
    async (round, wasKilled) => {
      const path = join(base, `b${round}`);
      assert.ok(wasKilled || existsSync(path));
      // What has the name is whole, whether or not the kill came behind it.
      if (existsSync(path)) {
        const { code, stderr } = await runTenon(["restore", path, "--data", join(base, `restored${round}`)]);
        assert.equal(code, 0, stderr);
      }
    },
  );
  for (const name of readdirSync(base).filter((entry) => entry.endsWith(".partial"))) {
    const { code, stderr } = await runTenon(["restore", join(base, name), "--data", join(base, "never")]);
    assert.equal(code, 1, stderr);
  }
  await backUp({ directory, destination: join(base, "last"), tenon: "1" });
  assert.equal(await documentsIn(directory), 6_000);
});

test("a backup that is interrupted by hand removes what it had written", async (t) => {
  const directory = await filled(t, 6_000);
  const base = newFolder(t);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    const { code } = await runTenon(["backup", join(base, "b"), "--data", directory], { killAfterMs: 30, signal });
    assert.equal(code, null, "the signal came too late");
    assert.deepEqual(readdirSync(base), []);
  }
});

test("a restore over data that is killed leaves the former data or the restored", async (t) => {
  const backup = join(newFolder(t), "backup");
  await backUp({ directory: await filled(t, 6_000), destination: backup, tenon: "1" });
  const origin = await filled(t, 300);
  const base = newFolder(t);
  const outcomes: number[] = [];
  const targetOf = (round: number): string => {
    const target = join(base, `data${round}`);
    if (!existsSync(target)) cpSync(origin, target, { recursive: true });
    return target;
  };
  await killed(
    (round) => ["restore", backup, "--force", "--data", targetOf(round)],
    async (round) => {
      outcomes.push(await documentsIn(targetOf(round)));
      assert.deepEqual(checkData(targetOf(round)).findings, []);
    },
  );
  for (const documents of outcomes) assert.ok(documents === 300 || documents === 6_000, `${documents} documents`);
});

test("a repair that is killed leaves what was there or what was saved, and can be repeated", async (t) => {
  const origin = await filled(t, 6_000);
  const pages = leafPagesOf(origin, "rows_1");
  damagePages(origin, [pages[100] ?? 0]);
  const base = newFolder(t);
  await killed(
    (round) => {
      cpSync(origin, join(base, `data${round}`), { recursive: true });
      return ["check", "--repair", "--data", join(base, `data${round}`)];
    },
    async (round) => {
      const directory = join(base, `data${round}`);
      checkData(directory, { repair: true });
      assert.deepEqual(checkData(directory).findings, []);
      const documents = await documentsIn(directory);
      assert.ok(documents > 5_900 && documents < 6_000, `${documents} saved`);
    },
  );
});

test("a compaction that is killed has lost nothing", async (t) => {
  const directory = await filled(t, 6_000);
  {
    await using store = await createEmbeddedStore({ directory, log: silentLogger, clock: systemClock });
    const gone = Array.from({ length: 3_000 }, (_, i): WriteOperation => ({ kind: "delete", id: `b${i * 2}` }));
    await store.write(books, gone);
  }
  await killed(
    () => ["compact", "--data", directory],
    async () => {
      assert.deepEqual(checkData(directory).findings, []);
      assert.equal(await documentsIn(directory), 3_000);
    },
  );
});
