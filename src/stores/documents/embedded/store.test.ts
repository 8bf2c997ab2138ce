import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { testDocumentStore } from "../../../../testing/documents/suite.ts";
import { silentLogger, systemClock } from "../../../kernel/index.ts";
import type { DocumentStore } from "../index.ts";
import { createEmbeddedStore } from "./index.ts";

const options = { log: silentLogger, clock: systemClock };

testDocumentStore("embedded, in memory", () => createEmbeddedStore({ ...options, directory: ":memory:" }));

// One store with its threads for all cases: each case deletes what it made, which must leave an empty store.
const directory = mkdtempSync(join(tmpdir(), "tenon-documents-"));
let shared: Promise<DocumentStore> | undefined;

after(async () => {
  await (await shared)?.close();
  rmSync(directory, { recursive: true, force: true });
});

testDocumentStore("embedded, on disk", openShared, {}, async () => {
  const own = mkdtempSync(join(directory, "own-"));
  return () => createEmbeddedStore({ ...options, directory: own });
});

async function openShared(): Promise<DocumentStore> {
  shared ??= createEmbeddedStore({ ...options, directory: join(directory, "shared") });
  const store = await shared;
  return new Proxy(store, {
    get: (target, name) => {
      if (name === Symbol.asyncDispose) return () => deleteEverything(target);
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

async function deleteEverything(store: DocumentStore): Promise<void> {
  for (const target of await store.describe()) await store.deleteCollection(target);
}
