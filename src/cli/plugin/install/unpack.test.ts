import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { harmlessTarball, hostileTarballs } from "../../../../testing/cli/hostile-tarballs.ts";
import { unpack } from "./unpack.ts";

function folder(t: TestContext, tarball: Buffer): { file: string; into: string; root: string } {
  const root = mkdtempSync(join(tmpdir(), "tenon-unpack-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const file = join(root, "package.tgz");
  writeFileSync(file, tarball);
  return { file, into: join(root, "into"), root };
}

test("a package is unpacked without the folder around it", async (t) => {
  const { file, into } = folder(t, harmlessTarball);
  await unpack(file, into);
  assert.deepEqual(readdirSync(into).sort(), ["index.js", "manifest.json", "package.json"]);
});

for (const [what, tarball] of Object.entries(hostileTarballs)) {
  if (what === "a name that leads up") continue; // what a manifest says is not for this to judge
  test(`a tarball with ${what} is refused, and nothing of it is written`, async (t) => {
    const { file, into, root } = folder(t, tarball);
    await assert.rejects(unpack(file, into), /^Error: the package is refused: /);
    assert.deepEqual(readdirSync(root), ["package.tgz"]);
    assert.ok(!existsSync("/tmp/tenon-evil.js"));
  });
}
