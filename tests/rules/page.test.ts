/** What the page on rules tells a reader to type, typed. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { startServer } from "../../testing/index.ts";
import { http } from "../api/wire.ts";

const run = promisify(execFile);

test("the example of the page on document rules answers what the page says", async () => {
  const page = await readFile(join(import.meta.dirname, "../../docs/document-rules.md"), "utf8");
  const [, code = ""] = /```sh\n(.*?)```/s.exec(page) ?? [];
  await using server = await startServer({ data: ":memory:" });
  const secret = { username: "ada", password: "correct horse" };
  await http(server, "POST", "/_createFirstAdmin/ada?reset", { content: {}, credentials: { local: secret } });
  const { result } = await http(server, "POST", "/_login/local", secret);
  await http(server, "POST", "/hospital/_create", undefined, { authorization: `Bearer ${result.jwt}` });
  const script = code.replaceAll("localhost:7512", `127.0.0.1:${server.port}`);
  const { stdout } = await run("bash", ["-euc", script], { env: { ...process.env, TOKEN: String(result.jwt) } });
  const answers = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { status: number; result: { hits: { _source: object }[] } | null });
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 200, 200, 200, 200, 404, 200, 403],
  );
  assert.deepEqual(
    answers[6]?.result?.hits.map(({ _source }) => _source),
    [{ name: "Ada", ward: "A", visits: [{ day: "monday" }] }],
  );
  const [, profile = ""] = /```json\n(.*?)```/s.exec(page) ?? [];
  const saved = await http(server, "PUT", "/profiles/pasted", profile, { authorization: `Bearer ${result.jwt}` });
  assert.equal(saved.status, 200);
});
