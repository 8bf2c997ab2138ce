import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { books } from "../../../../../testing/documents/fixture.ts";
import { type Logger, silentLogger, systemClock } from "../../../../kernel/index.ts";
import { createEmbeddedStore } from "../index.ts";
import { openDataDirectory } from "./directory.ts";
import { formatOf, formatVersion, migrate } from "./format.ts";
import { type Migration, migrations } from "./migrations.ts";

const fixture = new URL("../../../../../testing/documents/format-1.sql", import.meta.url);

/** A data directory as format 1 left it. */
function directoryOfFormat1(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "tenon-format-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  using database = new DatabaseSync(join(directory, "store.db"));
  database.exec(readFileSync(fixture, "utf8"));
  writeFileSync(join(directory, "FORMAT"), "1\n");
  return directory;
}

const formatFile = (directory: string): string => readFileSync(join(directory, "FORMAT"), "utf8");

function formatInside(directory: string): number {
  using database = new DatabaseSync(join(directory, "store.db"));
  return formatOf(database);
}

test("a directory of format 1 is opened, has the present format then, and all its documents", async (t) => {
  const directory = directoryOfFormat1(t);
  const warnings: [string, unknown][] = [];
  const log: Logger = { ...silentLogger, warn: (event, fields) => warnings.push([event, fields?.from]) };
  for (const expected of [[["documents.format.migrated", 1]], []]) {
    warnings.length = 0;
    const store = await createEmbeddedStore({ directory, log, clock: systemClock });
    t.after(() => store.close());
    assert.deepEqual(warnings, expected);
    assert.equal(await store.count(books, { match: { title: "again" } }), 1);
    assert.deepEqual(await store.find(books, "emma"), {
      ...{ id: "emma", version: 2, source: '{"title":"Emma, again","year":1816}' },
    });
    assert.equal(await store.find(books, "gone"), undefined);
    await store.write(books, [{ kind: "update", id: "dune", partial: '{"year":1966}' }]);
    await store.close();
    assert.equal(formatFile(directory), `${formatVersion}\n`);
    assert.equal(formatInside(directory), formatVersion);
  }
});

test("the steps lead from format 1 to the present one without a gap", () => {
  assert.deepEqual(
    migrations.map(({ to }) => to),
    Array.from({ length: formatVersion - 1 }, (_, i) => i + 2),
  );
});

test("a step that fails has not happened, and those before it have", (t) => {
  const directory = directoryOfFormat1(t);
  using database = new DatabaseSync(join(directory, "store.db"));
  const failing: Migration = {
    to: formatVersion + 1,
    what: "fails half-way",
    run: (half) => {
      half.exec("CREATE TABLE half (a)");
      throw new Error("no further");
    },
  };
  assert.throws(() => migrate(database, [...migrations, failing]), /no further/);
  assert.equal(formatOf(database), formatVersion);
  assert.throws(() => database.exec("SELECT * FROM half"), /no such table/);
});

test("a directory whose migration fails stays as it was, and says so", (t) => {
  const directory = directoryOfFormat1(t);
  const path = join(directory, "store.db");
  {
    using database = new DatabaseSync(path);
    database.exec("CREATE VIEW properties AS SELECT 'in the way' AS name");
  }
  assert.throws(
    () => openDataDirectory(directory),
    /could not be brought from format 1 to \d+: .*properties.* The version that wrote it still reads it/,
  );
  assert.equal(formatFile(directory), "1\n");
  {
    using database = new DatabaseSync(path);
    database.exec("DROP VIEW properties");
  }
  openDataDirectory(directory).release();
  assert.equal(formatFile(directory), `${formatVersion}\n`);
});

test("a migration that was interrupted is finished: FORMAT is raised first, and store.db says how far it came", (t) => {
  const directory = directoryOfFormat1(t);
  writeFileSync(join(directory, "FORMAT"), `${formatVersion}\n`);
  return (async () => {
    const store = await createEmbeddedStore({ directory, log: silentLogger, clock: systemClock });
    assert.equal((await store.describe()).length, 2);
    await store.close();
    assert.equal(formatInside(directory), formatVersion);
  })();
});

test("a store.db of a newer format is refused, whatever FORMAT says", async (t) => {
  const directory = directoryOfFormat1(t);
  openDataDirectory(directory).release();
  {
    using database = new DatabaseSync(join(directory, "store.db"));
    database.exec("UPDATE properties SET value = 99");
  }
  await assert.rejects(
    createEmbeddedStore({ directory, log: silentLogger, clock: systemClock }),
    /store\.db.* has format 99, written by a newer version/,
  );
});
