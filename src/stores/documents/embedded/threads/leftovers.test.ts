/** Rows that a killed process left superseded, beside stored segments. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { books, create, createBooks, idsOf } from "../../../../../testing/documents/fixture.ts";
import { silentLogger, systemClock } from "../../../../kernel/index.ts";
import type { DocumentStore } from "../../index.ts";
import { createEmbeddedStore } from "../index.ts";

const documents = 1_000;
const segmentSizes = { headDocuments: 100, mergedAtOnce: 3, maxDocuments: 5_000 };

test("superseded rows that the last run left behind go, whether their documents are in stored segments or not", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "tenon-leftovers-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const open = (): Promise<DocumentStore> =>
    createEmbeddedStore({ directory, log: silentLogger, clock: systemClock, segmentSizes });
  const look = <T>(ask: (database: DatabaseSync) => T): T => {
    using database = new DatabaseSync(join(directory, "store.db"), { timeout: 5_000 });
    return ask(database);
  };
  const rowsOf = (database: DatabaseSync, id: string): unknown[] =>
    database.prepare("SELECT number FROM rows_1 WHERE id = ?").all(id);
  const storedUpTo = (): number =>
    look((database) => Number(database.prepare("SELECT max(last) AS last FROM segments").get()?.last));
  const until = async (condition: () => boolean, what: string): Promise<void> => {
    for (const deadline = Date.now() + 20_000; !condition(); ) {
      assert.ok(Date.now() < deadline, what);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  {
    await using store = await open();
    await createBooks(store);
    await store.write(books, [create({}, "first")]);
    await store.write(books, [{ kind: "delete", id: "first" }]);
    for (let at = 0; at < documents; at += 100)
      await store.write(
        books,
        Array.from({ length: 100 }, (_, i) => create({ pages: at + i }, `b${at + i}`)),
      );
    await until(() => storedUpTo() >= 900, "nothing was stored");
    await until(() => look((database) => rowsOf(database, "first").length === 0), "the first one is still there");
  }
  for (const lost of ["no document", "b7"]) {
    // As a process leaves it that was killed between the commit of a deletion and the removal of the row.
    look((database) => {
      database.exec("PRAGMA user_version = 0");
      database.prepare("INSERT INTO rows_1 VALUES (1, 'first', 1, '{}')").run();
      database.prepare("DELETE FROM ids_1 WHERE id = ?").run(lost);
    });
    await using store = await open();
    const query = { ids: { values: ["first", "b7", "b8"] } };
    const found = await store.search({ targets: [books], body: { query, sort: ["pages"] }, from: 0, size: 5 });
    assert.deepEqual(idsOf(found), lost === "b7" ? ["b8"] : ["b7", "b8"]);
    assert.equal(await store.count(books, {}), lost === "b7" ? documents - 1 : documents);
    // They go with the next commit.
    await store.write(books, [
      { kind: "index", id: "next", source: "{}" },
      { kind: "delete", id: "next" },
    ]);
    const areGone = (): boolean =>
      look((database) => rowsOf(database, "first").length + rowsOf(database, lost).length === 0);
    await until(areGone, `rows are left beside ${lost}`);
  }
});
