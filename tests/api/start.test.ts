/** A server that cannot start says why and what to do, ends with code 1, and leaves nothing behind. */
import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { startServer } from "../../testing/index.ts";
import { ServerProcess } from "./process.ts";

async function newRoot(t: TestContext): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "tenon-start-"));
  t.after(() => rm(root, { recursive: true, force: true }));
  return root;
}

/** The message of a start that fails: code 1, one clear text, no stack. */
async function refusal(root: string, argv: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<string> {
  await using server = new ServerProcess(root, argv, env);
  const { code, stderr } = await server.ended();
  assert.equal(code, 1, stderr);
  assert.match(stderr, /^The server cannot start: /m);
  assert.doesNotMatch(stderr, /\n {4}at /, "a stack helps nobody");
  return stderr;
}

async function plugin(root: string, name: string, code: string): Promise<string> {
  const folder = join(root, "plugins/enabled", name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify({ name, version: "1.0.0", main: "index.js" }));
  await writeFile(join(folder, "manifest.json"), JSON.stringify({ name, kuzzleVersion: ">=2.0.0 <3.0.0" }));
  await writeFile(join(folder, "index.js"), code);
  return folder;
}

const refusedConfigurations: readonly [argv: readonly string[], expected: RegExp][] = [
  [["--server.port", "many"], /server\.port/],
  [["--server.port", "70000"], /server\.port/],
  [["--limits.concurrentRequests", "0"], /limits\.concurrentRequests/],
  [["--limits.concurrentRequests", "100", "--limits.requestsBufferSize", "10"], /requestsBufferSize/],
  [["--tenon.nonsense", "x"], /tenon\.nonsense/],
  [["--services.storageEngine.maxScrollDuration", "soon"], /maxScrollDuration/],
];

for (const [argv, expected] of refusedConfigurations) {
  test(`the configuration ${argv.join(" ")} is refused by its name`, async (t) => {
    assert.match(await refusal(await newRoot(t), argv), expected);
  });
}

test("a configuration file that is no JSON is named", async (t) => {
  const root = await newRoot(t);
  await writeFile(join(root, ".kuzzlerc"), "{ this is no JSON");
  assert.match(await refusal(root), /\.kuzzlerc/);
});

test("a data directory in use is refused by its path, until its server has stopped", async (t) => {
  const root = await newRoot(t);
  const first = new ServerProcess(root);
  await first.url();
  const message = await refusal(root);
  assert.ok(message.includes(join(root, "data")), message);
  await first[Symbol.asyncDispose]();
  await using again = new ServerProcess(root);
  await again.url();
});

test("a data directory of a server that was killed opens again", async (t) => {
  const root = await newRoot(t);
  const first = new ServerProcess(root);
  await first.url();
  first.signal("SIGKILL");
  await first.ended();
  await using again = new ServerProcess(root);
  await again.url();
});

test("a data directory that is a file is refused by its path", async (t) => {
  const root = await newRoot(t);
  await writeFile(join(root, "data"), "not a directory");
  const message = await refusal(root);
  assert.ok(message.includes(join(root, "data")), message);
});

test("a data directory that cannot be written is refused by its path", {
  skip: process.getuid?.() === 0 ? "root may write everywhere" : false,
}, async (t) => {
  const root = await newRoot(t);
  await mkdir(join(root, "data"));
  await chmod(join(root, "data"), 0o500);
  const message = await refusal(root);
  assert.ok(message.includes(join(root, "data")), message);
});

test("a damaged store is refused by its file, and stays as it is", async (t) => {
  const root = await newRoot(t);
  const first = new ServerProcess(root);
  await first.url();
  await first[Symbol.asyncDispose]();
  const files = (await readdir(join(root, "data"))).filter((name) => /\.(db|sqlite)$/.test(name));
  assert.ok(files.length > 0, "there is a store");
  for (const name of files) await writeFile(join(root, "data", name), Buffer.alloc(8_192, 0x5a));
  const message = await refusal(root);
  assert.ok(
    files.some((name) => message.includes(name)),
    message,
  );
});

test("a port in use is refused by its number", async (t) => {
  const root = await newRoot(t);
  const taken = createServer().listen(0, "127.0.0.1");
  t.after(() => taken.close());
  await new Promise((resolve) => taken.once("listening", resolve));
  const { port } = taken.address() as { port: number };
  await using server = new ServerProcess(root, ["--server.port", String(port)]);
  const { code, stderr } = await server.ended();
  assert.equal(code, 1, stderr);
  assert.ok(stderr.includes(String(port)), stderr);
});

const brokenPlugins: readonly [name: string, code: string, expected: RegExp][] = [
  ["throws-at-load", 'throw new Error("the moon is wrong");', /throws-at-load[\s\S]*the moon is wrong/],
  ["no-class", "module.exports = 3;", /no-class/],
  ["no-init", "module.exports = class {};", /no-init[\s\S]*init/],
  ["init-throws", 'module.exports = class { init() { throw new Error("no moon"); } };', /init-throws[\s\S]*no moon/],
  [
    "init-rejects",
    'module.exports = class { async init() { throw new Error("no moon"); } };',
    /init-rejects[\s\S]*no moon/,
  ],
  ["init-hangs", "module.exports = class { init() { return new Promise(() => {}); } };", /init-hangs/],
  ["syntax", "module.exports = class {", /syntax/],
  ["bad-hook", 'module.exports = class { init() { this.hooks = { "document:afterCreate": "nobody" }; } };', /bad-hook/],
  ["bad-api", "module.exports = class { init() { this.api = { x: { actions: { y: {} } } }; } };", /bad-api/],
  [
    "bad-route",
    'module.exports = class { init() { this.api = { x: { actions: { y: { handler: async () => 1, http: [{ verb: "jump", path: "/x" }] } } } }; } };',
    /bad-route/,
  ],
];

for (const [name, code, expected] of brokenPlugins) {
  test(`the plugin "${name}" stops the start and is named`, async (t) => {
    const root = await newRoot(t);
    const folder = await plugin(root, name, code);
    await assert.rejects(startServer({ root, config: { "plugins.common.initTimeout": 300 } }), expected);
    // What failed has let go of the data.
    await rm(folder, { recursive: true });
    await using again = await startServer({ root });
    assert.equal((await fetch(`${again.url}/_now`)).status, 200);
  });
}

test("a process whose plugin never finishes its init ends all the same", async (t) => {
  const root = await newRoot(t);
  await plugin(
    root,
    "init-hangs",
    "module.exports = class { init() { return new Promise(() => setInterval(() => {}, 10)); } };",
  );
  assert.match(await refusal(root, ["--plugins.common.initTimeout", "300"]), /init-hangs/);
});

test("a start that fails in a process leaves nothing open there: the same data opens at once", async (t) => {
  const root = await newRoot(t);
  for (let round = 0; round < 3; round++) {
    await assert.rejects(
      startServer({
        root,
        prepare: (backend) => {
          backend.pipe.register("kuzzle:state:live", () => {
            throw new Error("not today");
          });
        },
      }),
      /not today/,
    );
  }
  await using server = await startServer({ root });
  assert.equal((await fetch(`${server.url}/_now`)).status, 200);
});

test("a signal stops a server in order, with code 0", async (t) => {
  const root = await newRoot(t);
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    const server = new ServerProcess(root);
    const url = await server.url();
    assert.equal((await fetch(`${url}/_now`)).status, 200);
    server.signal(signal);
    const { code, stderr } = await server.ended();
    assert.deepEqual([code, stderr], [0, ""]);
  }
});
