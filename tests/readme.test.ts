/** What the README tells a newcomer to type, typed. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { startServer } from "../testing/index.ts";

const run = promisify(execFile);
const repository = join(import.meta.dirname, "..");
const readme = await readFile(join(repository, "README.md"), "utf8");

/** The code blocks under a heading, joined. */
function blocks(heading: string, language: string): string {
  const [, section] = readme.split(`## ${heading}\n`);
  assert.ok(section !== undefined, `the README has a section "${heading}"`);
  const text = section.split("\n## ")[0] ?? "";
  return [...text.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "gs"))].map(([, code]) => code).join("\n");
}

test("the first minute with curl, the official client, and the example plugin do what the README says", async (t) => {
  const root = await mkdtemp(join(tmpdir(), "tenon-readme-"));
  t.after(() => rm(root, { recursive: true, force: true }));
  await mkdir(join(root, "plugins/enabled"), { recursive: true });
  await symlink(join(repository, "plugins/available/hello-world"), join(root, "plugins/enabled/hello-world"));
  const server = await startServer({ root });
  t.after(() => server.close());
  const port = String(server.port);
  const here = (code: string): string => code.replaceAll("localhost:7512", `127.0.0.1:${port}`);

  const curl = await run("bash", ["-euc", here(blocks("The first minute, with curl", "sh"))]);
  const [search] = /\{\n {2}"requestId".*$/s.exec(curl.stdout) ?? assert.fail(curl.stdout);
  const { status, result } = JSON.parse(search) as {
    status: number;
    result: { hits: { _source: { title: string } }[] };
  };
  assert.equal(status, 200);
  assert.deepEqual(
    result.hits.map(({ _source }) => _source.title),
    ["The Left Hand of Darkness"],
  );

  const script = join(repository, `readme-${port}.mjs`);
  t.after(() => rm(script, { force: true }));
  const client = blocks("The same with the official client, and live", "js");
  const connection = 'new WebSocket("localhost")';
  assert.ok(client.includes(connection));
  await writeFile(
    script,
    `${client.replace(connection, `new WebSocket("127.0.0.1", { port: ${port} })`)}\nsetTimeout(() => process.exit(), 300);`,
  );
  const live = await run(process.execPath, [script]);
  assert.equal(live.stdout, "create Dune\n");

  const [, hello] = blocks("A plugin in a minute", "sh").split("npm start\n");
  const { stdout } = await run("bash", ["-euc", here(hello ?? "")]);
  assert.equal(
    (JSON.parse(stdout) as { status: number }).status,
    401,
    "after the first administrator strangers are refused",
  );
});

test("every file that the README links to is there", async () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)]
    .map(([, target]) => target ?? "")
    .filter((target) => !target.startsWith("http"));
  assert.ok(links.length > 5);
  for (const link of links) await assert.doesNotReject(run("test", ["-e", join(repository, link)]), link);
});
