import assert from "node:assert/strict";
import fs, {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { commitReplacement, finishReplacement, isReplacementPending, stageReplacement } from "./replacement.ts";

/** Calls of the file system that change something, each of which may be the last one of a process. */
const changing = ["renameSync", "rmSync", "mkdirSync", "writeSync"] as const;

class Killed extends Error {}

/** Runs until the call with this number, which does not happen, nor does any later one. Answers whether it came so far. */
function killedAt(last: number, run: () => void): boolean {
  const originals = changing.map((name) => [name, fs[name]] as const);
  let calls = 0;
  for (const [name, original] of originals) {
    Object.assign(fs, {
      [name]: (...args: readonly unknown[]) => {
        if (++calls >= last) throw new Killed();
        return Reflect.apply(original, fs, args);
      },
    });
  }
  syncBuiltinESMExports();
  try {
    run();
    return false;
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
    return true;
  } finally {
    for (const [name, original] of originals) Object.assign(fs, { [name]: original });
    syncBuiltinESMExports();
  }
}

/** A directory with former files, and others staged in their place. */
function staged(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "tenon-replacement-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  for (const name of ["store.db", "store.db-wal", "beside"]) writeFileSync(join(directory, name), `old ${name}`);
  mkdirSync(join(directory, "memory"));
  writeFileSync(join(directory, "memory", "journal"), "old journal");
  const folder = stageReplacement(directory);
  writeFileSync(join(folder, "store.db"), "new store.db");
  mkdirSync(join(folder, "memory"));
  writeFileSync(join(folder, "memory", "journal"), "new journal");
  return directory;
}

function contentOf(directory: string): Record<string, string> {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    entries
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(directory.length + 1), readFileSync(path, "utf8")]),
  );
}

const before = {
  beside: "old beside",
  "memory/journal": "old journal",
  "store.db": "old store.db",
  "store.db-wal": "old store.db-wal",
};
const after = { beside: "old beside", "memory/journal": "new journal", "store.db": "new store.db" };
const aside = {
  ...after,
  "damaged/memory/journal": "old journal",
  "damaged/store.db": "old store.db",
  "damaged/store.db-wal": "old store.db-wal",
};

for (const [what, keepAs, expected] of [
  ["removed", undefined, after],
  ["kept aside", "damaged", Object.fromEntries(Object.entries(aside).sort())],
] as const) {
  test(`wherever an exchange is interrupted, the next one who comes finds all of the old or all of the new; the old is ${what}`, (t) => {
    const options = { gone: ["store.db-wal"], ...(keepAs === undefined ? {} : { keepAs }) };
    const origin = staged(t);
    const outcomes = new Set<string>();
    let calls = 1;
    for (; ; calls++) {
      const directory = `${origin}-${calls}`;
      t.after(() => rmSync(directory, { recursive: true, force: true }));
      cpSync(origin, directory, { recursive: true });
      const wasKilled = killedAt(calls, () => commitReplacement(directory, options));
      // The next one may be interrupted, too.
      const isPending = isReplacementPending(directory);
      killedAt(2, () => finishReplacement(directory));
      killedAt(3, () => finishReplacement(directory));
      finishReplacement(directory);
      const found = contentOf(directory);
      assert.equal(existsSync(join(directory, ".replacing")), false);
      if (isPending || !wasKilled) assert.deepEqual(found, expected, `interrupted at ${calls}`);
      outcomes.add(JSON.stringify(found));
      if (!wasKilled) break;
    }
    assert.ok(calls > 8, `${calls} calls`);
    assert.deepEqual([...outcomes].sort(), [JSON.stringify(before), JSON.stringify(expected)].sort());
  });
}

test("what was staged and never decided is forgotten", (t) => {
  const directory = staged(t);
  finishReplacement(directory);
  assert.deepEqual(contentOf(directory), before);
});
