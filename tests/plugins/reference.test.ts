/** `tenon reference`: the page of the actions of a root, on standard output. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";

const run = promisify(execFile);
const repository = join(import.meta.dirname, "../..");
const program = join(repository, "src/cli/main.ts");

async function makeRoot(t: TestContext): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "tenon-reference-"));
  t.after(() => rm(root, { recursive: true, force: true }));
  return root;
}

test("the page has the server's actions and those of the plugins in the root, whose data is not touched", async (t) => {
  const root = await makeRoot(t);
  const folder = join(root, "plugins/enabled/shelf");
  await mkdir(folder, { recursive: true });
  await cp(join(repository, "examples/typed/shelf.ts"), join(folder, "index.ts"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "shelf", type: "module", main: "index.ts" }));
  const { stdout, stderr } = await run(process.execPath, [program, "reference", "--root", root]);
  assert.equal(stderr, "");
  assert.match(stdout, /^# Actions\n/);
  assert.match(stdout, /^### document:mCreate$/m);
  const [, shelf] = /\n## shelf\n(.*?)(\n## |$)/s.exec(stdout) ?? [];
  assert.equal(
    shelf,
    `
Of the plugin \`shelf\`. Also known as \`shelf/shelf\`.

### shelf:add

Puts a book on the shelf

- \`POST /_/shelf/:id\`
- answers \`{ id: string, version: integer }\`
- fails with \`services.storage.document_already_exists\` (400)

| argument | where | type | default | meaning |
|---|---|---|---|---|
| \`id\` |  | \`string\` | required |  |
| \`title\` | in body | \`string\` | required |  |
| \`pages\` | in body | \`integer\` |  |  |
`,
  );
  assert.deepEqual(await readdir(root), ["plugins"]);
});

test("a root that cannot start, and a word that is not expected, are told on standard error", async (t) => {
  const root = await makeRoot(t);
  const folder = join(root, "plugins/enabled/broken");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "broken" }));
  const failing = (...argv: string[]): Promise<unknown> => run(process.execPath, [program, "reference", ...argv]);
  await assert.rejects(failing("--root", root), { code: 1, stdout: "", stderr: /^The page cannot be made: .*broken/ });
  await assert.rejects(failing("shelf"), { code: 2, stdout: "", stderr: /"shelf" is not expected/ });
});
