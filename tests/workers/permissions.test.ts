/** Processes of plugins of the typed form may do what is declared, and nothing else. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { definedPackage, startWorkers, until } from "./worker-server.ts";

/** Tries everything, and says how it went. */
const trying = (capabilities = ""): string => `
import { readFileSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { Worker } from "node:worker_threads";
import { definePlugin } from "tenon";
import { Type } from "typebox";
import { near } from "./near.ts";
const attempts = {
  near: () => near(),
  granted: ({ root }) => readFileSync(root + "/granted/in.txt", "utf8"),
  secret: ({ root }) => readFileSync(root + "/secret.txt", "utf8"),
  etc: () => readFileSync("/etc/hostname", "utf8"),
  write: ({ root }) => writeFileSync(root + "/written/out.txt", "out"),
  overwrite: ({ root }) => writeFileSync(root + "/granted/in.txt", "out"),
  connect: async ({ url }) => (await fetch(url)).text(),
  process: () => execFileSync("true"),
  thread: () => new Worker("1", { eval: true }),
};
const result = async (attempt, about) => {
  try { return { ok: (await attempt(about)) ?? true }; }
  catch (error) { return { code: error.cause?.code ?? error.code ?? String(error) }; }
};
export default definePlugin({
  name: "trying",
  config: Type.Object({ unused: Type.Optional(Type.String()) }),
  worker: { threads: 1 },
  ${capabilities}
  hooks: {
    "plugin-test:try": async (about, { log }) => {
      for (const [name, attempt] of Object.entries(attempts)) log.info("tried", { name, ...(await result(attempt, about)) });
    },
  },
});`;

type Outcome = { readonly ok?: unknown; readonly code?: string };

async function attempt(t: TestContext, manifest?: object, capabilities?: string): Promise<Record<string, Outcome>> {
  const web = createServer((_, response) => response.end("hello"));
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
  t.after(() => web.close());
  const files = {
    ...definedPackage("trying", trying(capabilities), manifest),
    "plugins/enabled/trying/near.ts": 'export const near = (): string => "near" as string;',
    "granted/in.txt": "in",
    "secret.txt": "secret",
    "written/.keep": "",
  };
  const it = await startWorkers(t, files);
  const { port } = web.address() as AddressInfo;
  await it.server.backend.trigger("plugin-test:try", { root: join(it.root), url: `http://127.0.0.1:${port}` });
  const lines = await until("all attempts", () => {
    const tried = it.lines("trying: tried", "trying");
    return tried.length === 9 && tried;
  });
  return Object.fromEntries(lines.map(({ fields: { name, ...outcome } }) => [String(name), outcome]));
}

const denied = { code: "ERR_ACCESS_DENIED" };
const declared = { events: ["plugin-test:*"], network: true, files: { read: ["granted"], write: ["written"] } };

test("without capabilities a process reads its own code and no more", async (t) => {
  assert.deepEqual(await attempt(t), {
    near: { ok: "near" },
    granted: denied,
    secret: denied,
    etc: denied,
    write: denied,
    overwrite: denied,
    connect: denied,
    process: denied,
    thread: denied,
  });
});

test("what the manifest declares is allowed, and the rest is not", async (t) => {
  const outcome = await attempt(t, { name: "trying", kuzzleVersion: ">=2.0.0 <3.0.0", capabilities: declared });
  assert.deepEqual(outcome, {
    near: { ok: "near" },
    granted: { ok: "in" },
    secret: denied,
    etc: denied,
    write: { ok: true },
    overwrite: denied,
    connect: { ok: "hello" },
    process: denied,
    thread: denied,
  });
});

test("what the description declares counts as far as the manifest agrees", async (t) => {
  const files = { read: ["granted/in.txt", "secret.txt"] };
  const manifest = { name: "trying", kuzzleVersion: ">=2.0.0 <3.0.0", capabilities: { events: ["*"], files } };
  const outcome = await attempt(t, manifest, `capabilities: ${JSON.stringify(declared)},`);
  assert.deepEqual(outcome.granted, { ok: "in" });
  for (const name of ["secret", "write", "connect"]) assert.deepEqual(outcome[name], denied, name);
});

test("a call that is not allowed fails the start, or is logged, with what would allow it", async (t) => {
  const reading = (where: string, other: string): string => `
    import { readFileSync } from "node:fs";
    import { definePlugin } from "tenon";
    const read = () => void readFileSync("/etc/hostname");
    export default definePlugin({ name: "reading", worker: { threads: 1 }, ${where}: ${other} });`;
  await assert.rejects(
    startWorkers(t, definedPackage("reading", reading("init", "read"))),
    /\[reading\].*\(FileSystemRead \/etc\/hostname: the plugin's capabilities do not name it\)/,
  );
  const it = await startWorkers(t, definedPackage("reading", reading("hooks", '{ "plugin-test:try": read }')));
  await it.server.backend.trigger("plugin-test:try", {});
  const { fields } = await until("the failure", () => it.lines("plugin.hook_failed", "reading")[0]);
  assert.match((fields.err as Error).message, /capabilities do not name it/);
});
