import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { stopWordsOf } from "./stop-words.ts";

test("NOTICE names the source of every list of stop words, and no other", () => {
  const notice = readFileSync(join(import.meta.dirname, "../../../../../../NOTICE"), "utf8");
  const named = [...notice.matchAll(/^\d\. .*?(?:below|LICENSE\)): (.*?)\.\n/gms)].flatMap(([, list = ""]) =>
    list
      .replaceAll(/\([^)]*\)/gs, "")
      .split(",")
      .map((name) => name.trim()),
  );
  const source = readFileSync(join(import.meta.dirname, "stop-words.ts"), "utf8");
  const there = [...source.matchAll(/^ {2}(\w+):\s+"/gm)].map(([, name = ""]) => name);
  assert.ok(there.length > 30);
  assert.deepEqual(named.sort(), there.sort());
  for (const name of there) assert.ok((stopWordsOf(name)?.size ?? 0) > 30, name);
});
