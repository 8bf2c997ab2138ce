import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { books } from "../../../../../testing/documents/fixture.ts";
import { silentLogger, systemClock } from "../../../../kernel/index.ts";
import { createEmbeddedStore } from "../index.ts";

const writingProcess = new URL("../../../../../testing/documents/writing-process.ts", import.meta.url).pathname;

interface Acknowledged {
  readonly pairs: readonly number[];
  readonly counter: number;
}

function readAcknowledged(path: string): Acknowledged {
  const pairs: number[] = [];
  let counter = 0;
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  for (const line of text.split("\n").slice(0, -1)) {
    const [what, number] = line.split(" ");
    if (what === "pair") pairs.push(Number(number));
    else counter = Number(number);
  }
  return { pairs, counter };
}

test("after SIGKILL under load every acknowledged write is there and found, and no half one", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "tenon-kill-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const data = join(directory, "data");
  const log = join(directory, "acknowledged");
  for (const wanted of [50, 700]) {
    rmSync(log, { force: true });
    rmSync(data, { recursive: true, force: true });
    const child = spawn(process.execPath, [writingProcess, data, log], { stdio: "inherit" });
    const exited = once(child, "exit");
    const deadline = Date.now() + 20_000;
    while (readAcknowledged(log).pairs.length < wanted) {
      assert.ok(Date.now() < deadline && child.exitCode === null, "the writing process has stopped or is too slow");
      await pause(5);
    }
    child.kill("SIGKILL");
    await exited;
    const { pairs, counter } = readAcknowledged(log);
    await using store = await createEmbeddedStore({ directory: data, log: silentLogger, clock: systemClock });
    const found = await store.mFind(
      books,
      pairs.flatMap((n) => [`a${n}`, `b${n}`]),
    );
    assert.equal(found.filter((document) => document === undefined).length, 0);
    const counted = JSON.parse((await store.find(books, "counter"))?.source ?? "{}");
    assert.ok(counted.pages >= counter, `the counter was acknowledged at ${counter} and is ${counted.pages}`);

    const ids = new Set<string>();
    for await (const batch of store.walk(books, {}, { batchSize: 1_000 })) {
      for (const { id, source } of batch) {
        ids.add(id);
        const content = JSON.parse(source);
        assert.equal(id === "counter" || content.pages === content.end, true);
      }
    }
    for (const n of pairs) assert.ok(ids.has(`a${n}`) && ids.has(`b${n}`), `pair ${n} is not found by a search`);
    // One call is one transaction: both documents of a pair or neither, acknowledged or not.
    for (const id of ids) if (id.startsWith("a")) assert.ok(ids.has(`b${id.slice(1)}`), `half of pair ${id}`);
    assert.equal(await store.count(books, {}), ids.size);
    assert.equal((await store.count(books, { term: { pages: pairs.at(-1) ?? 0 } })) >= 2, true);
    assert.ok(ids.has("counter"));
  }
});
