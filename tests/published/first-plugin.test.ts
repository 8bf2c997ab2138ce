/**
 * The package as it is published: the plugin of docs/plugins/first-plugin.md, typed, up to its publication; and an engine of somebody else's that is held to
 * the suite of document stores as docs/document-stores.md says. In one file: the package is built once, into one folder.
 */
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { installPackage } from "./install-package.ts";

const run = promisify(execFile);
const page = readFileSync(join(import.meta.dirname, "../../docs/plugins/first-plugin.md"), "utf8");
const blocks = [...page.matchAll(/```sh\n(.*?)```/gs)].map(([, code = ""]) => code);

/** Of whoever follows the page: a home of its own, and this Node. */
const environment = (home: string): NodeJS.ProcessEnv => ({
  PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
  HOME: home,
  npm_config_cache: join(home, ".npm"),
  npm_config_update_notifier: "false",
  npm_config_offline: "true",
});

/** Runs the last line of the first block, which goes on until the test ends; answers where it serves. */
function start(t: TestContext, command: string, cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn("bash", ["-c", `exec ${command} --host 127.0.0.1 --port 0`], {
    cwd,
    env,
    detached: true, // a group of its own: npx does not hand signals on
    stdio: ["ignore", "pipe", "ignore"],
  });
  const gone = once(child, "close");
  t.after(async () => {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
    await gone;
  });
  return new Promise((resolve, reject) => {
    const lines = createInterface(child.stdout);
    lines.once("close", () => reject(new Error("the server ended before it was ready")));
    lines.on("line", (line) => {
      const [, url] = /"http":"(http:[^"]+)".*server\.ready/.exec(line) ?? [];
      if (url !== undefined) resolve(url);
    });
  });
}

let packed: string;

before(async () => {
  packed = realpathSync(mkdtempSync(join(tmpdir(), "tenon-packed-")));
  await installPackage(packed);
});

after(() => rmSync(packed, { recursive: true, force: true }));

test("the published package makes a first plugin as the page says, which serves, is checked, tested, packed and installed", async (t) => {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "tenon-first-plugin-")));
  t.after(() => rmSync(home, { recursive: true, force: true, maxRetries: 3 })); // the server may still write
  const env = environment(home);
  const [setUp = "", ask = ""] = blocks;
  assert.equal(blocks.length, 2);
  const lines = setUp.trim().split("\n");
  const startCommand = lines.pop() ?? "";
  assert.equal(startCommand, "npx tenon start");
  assert.ok(lines.includes("npm install tenon"));
  const script = lines
    .map((line) => (line === "npm install tenon" ? `cp -a ${packed}/node_modules .` : line))
    .join("\n");
  await run("bash", ["-euc", script], { cwd: home, env });
  const root = join(home, "my-backend");
  const url = await start(t, startCommand, root, env);

  assert.ok(ask.includes("localhost:7512"));
  const { stdout } = await run("bash", ["-euc", ask.replaceAll("localhost:7512", url.slice("http://".length))], {
    cwd: root,
    env,
  });
  assert.match(stdout, /"result":\{"greeting":"Hello, Ada!"\}/);
  assert.match(stdout, /actions +greeter:hello {2}GET \/greeter\/hello/);
  assert.match(stdout, /greeter: no problem found/);
  assert.match(stdout, /pass 4\n.*fail 0\n/s);

  const plugin = join(root, "plugins/available/greeter");
  await run("npm", ["run", "typecheck"], { cwd: plugin, env });
  await run("npm", ["pack", "--pack-destination", root], { cwd: plugin, env });
  const other = join(home, "other");
  mkdirSync(other);
  const tenon = join(root, "node_modules/.bin/tenon");
  await run(tenon, ["plugin", "install", join(root, "greeter-0.1.0.tgz")], { cwd: other, env });
  const { stdout: checked } = await run(tenon, ["plugin", "check"], { cwd: other, env });
  assert.equal(checked, "greeter: no problem found\n");
  assert.deepEqual(
    readFileSync(join(other, "plugins/enabled/greeter/dist/index.js"), "utf8").includes('from "./config.js"'),
    true,
    "JavaScript is what is published",
  );
});

const enginePage = readFileSync(join(import.meta.dirname, "../../docs/document-stores.md"), "utf8");

/** The files of the page by their names, which are comments in their first lines. */
const engineFiles = new Map(
  [...enginePage.matchAll(/```ts\n\/\/ (\S+)\n(.*?)```/gs)].map(([, name = "", code = ""]) => [name, code] as const),
);

test("an engine of somebody else's is held to the published suite, and one with a fault fails it", async (t) => {
  const home = realpathSync(mkdtempSync(join(packed, "engine-")));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  writeFileSync(join(home, "package.json"), '{"type":"module"}');
  assert.deepEqual([...engineFiles.keys()], ["engine.ts", "engine.test.ts"]);
  for (const [name, code] of engineFiles) writeFileSync(join(home, name), code);
  const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "esnext", "--types", "node"];
  const tsc = join(packed, "node_modules/.bin/tsc");
  await run(tsc, [...options, "--skipLibCheck", "--allowImportingTsExtensions", "engine.test.ts"], { cwd: home });
  const hold = (...more: readonly string[]): Promise<{ stdout: string }> =>
    run(process.execPath, ["--test", "--test-reporter=tap", ...more, "engine.test.ts"], {
      cwd: home,
      env: environment(home), // without the mark of the runner of this test, under which the output would be for that
    });
  const { stdout } = await hold();
  assert.match(stdout, /# fail 0\n/);
  assert.ok(Number(/# pass (\d+)/.exec(stdout)?.[1]) > 120, "the suite has many cases");

  const engine = engineFiles.get("engine.ts") ?? "";
  const faulty = engine
    .replace("return this.#inner.exist(", "return (await this.#inner.exist(")
    .replace(/(#inner\.exist\(.*\))/, "$1).map(() => true)");
  assert.notEqual(faulty, engine);
  writeFileSync(join(home, "engine.ts"), faulty);
  const failed = await hold("--test-name-pattern=point reads").then(
    () => "",
    (error: { stdout: string }) => error.stdout,
  );
  assert.match(failed, /not ok \d+ - mine: point reads answer in the order of the ids/);
});
