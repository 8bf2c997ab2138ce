import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { silentLogger, systemClock } from "../../src/kernel/index.ts";
import { createEmbeddedStore, type DocumentStore, type WriteOperation } from "../../src/stores/documents/index.ts";
import { createEmbeddedMemoryStore } from "../../src/stores/memory/index.ts";

export const books = { index: "lib", collection: "books" };
export const people = { index: "lib", collection: "people" };

export function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "tenon-operation-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function open(t: TestContext, directory: string): Promise<DocumentStore> {
  const store = await createEmbeddedStore({ directory, log: silentLogger, clock: systemClock });
  t.after(() => store.close());
  return store;
}

export const title = (i: number): string => `book number ${i} ${"of many ".repeat(20)}`;
export const book = (i: number): WriteOperation => ({
  kind: "create",
  id: `b${i}`,
  source: JSON.stringify({ n: i, title: title(i) }),
});

/** A data directory with `count` books, one person, and a key in the memory storage; no server is at work. */
export async function filled(t: TestContext, count = 300): Promise<string> {
  const directory = join(newFolder(t), "data");
  const store = await open(t, directory);
  const mappings = { properties: { n: { type: "integer" }, title: { type: "text" } } };
  await store.createCollection(books, "public", mappings, {});
  await store.createCollection(people, "public", {}, {});
  await store.write(
    books,
    Array.from({ length: count }, (_, i) => book(i)),
  );
  await store.write(people, [{ kind: "create", id: "ada", source: '{"name":"Ada"}' }]);
  await using memory = createEmbeddedMemoryStore({
    clock: systemClock,
    log: silentLogger,
    directory: join(directory, "memory"),
  });
  for (let i = 0; i < 20; i++) memory.run("set", [`key${i}`, `value ${i}`]);
  await store.close();
  return directory;
}

export async function countBooks(t: TestContext, directory: string): Promise<number> {
  const store = await open(t, directory);
  try {
    return await store.count(books, { match: { title: "book" } });
  } finally {
    await store.close();
  }
}

export function memoryOf(directory: string): readonly unknown[] {
  const memory = createEmbeddedMemoryStore({
    clock: systemClock,
    log: silentLogger,
    directory: join(directory, "memory"),
  });
  const values = ["key0", "key19"].map((key) => memory.run("get", [key]));
  void memory[Symbol.asyncDispose]();
  return values;
}
