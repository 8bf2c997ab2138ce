/** The example application, run by the command line in a process of its own. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { spawnApplication } from "../../testing/index.ts";

const example = join(import.meta.dirname, "../../examples/application/app.ts");

async function ask(url: string, body?: object): Promise<{ status: number; result: never; error: { message: string } }> {
  const options = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(url, { ...(body === undefined ? {} : options), signal: AbortSignal.timeout(5_000) });
  return (await answer.json()) as never;
}

test("the example application keeps a guestbook, and stops when it is told to", async () => {
  await using application = await spawnApplication(example);
  const url = await application.ready();
  assert.equal((await ask(`${url}/guestbook/entries`, { name: "Ada", text: "hello" })).status, 200);
  const refused = await ask(`${url}/guestbook/entries`, { name: "Bob", text: " " });
  assert.deepEqual([refused.status, refused.error.message], [400, "An entry needs a text."]);
  const { total, entries } = (await ask(`${url}/guestbook/entries`)).result as { total: number; entries: object[] };
  assert.equal(total, 1);
  assert.partialDeepStrictEqual(entries, [{ name: "Ada", text: "hello" }]);
  const described = (await (await fetch(`${url}/_openapi?scope=app`)).json()) as {
    info: { title: string; version: string };
    paths: Record<string, { post: { description: string } }>;
  };
  assert.deepEqual([described.info.title, described.info.version], ["guestbook API", "1.2.0"]);
  assert.equal(described.paths["/guestbook/entries"]?.post.description, "Signs the guestbook");
  assert.match(application.said(), /Ada has signed/);
  application.child.kill("SIGTERM");
  assert.equal(await application.ended, 0);
});

test("the application of the handbook works as it says", async (t) => {
  const page = await readFile(join(import.meta.dirname, "../../docs/plugins/application.md"), "utf8");
  const [, code = ""] = /```ts\n(.*?)```/s.exec(page) ?? [];
  const folder = await mkdtemp(join(tmpdir(), "tenon-handbook-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "app.ts"), code);
  await using application = await spawnApplication(join(folder, "app.ts"));
  const url = await application.ready();
  assert.equal((await ask(`${url}/post/parcels/p1/_create`, { to: "Ada" })).status, 200);
  assert.equal((await ask(`${url}/post/parcels/p2/_create`, {})).error.message, "A parcel needs an address.");
  assert.partialDeepStrictEqual((await ask(`${url}/parcels/p1`)).result, { _source: { to: "Ada" } });
  assert.match(application.said(), /sent p1/);
});

test("an application written for Kuzzle starts with its own import, types among the imported names", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "tenon-kuzzle-application-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(
    join(folder, "helper.ts"),
    `import { Backend, JSONObject } from "kuzzle";
    export interface Shout { (text: string): string }
    export const shout: Shout = (text) => text.toUpperCase();
    export const describe = (app: Backend): JSONObject => ({ name: app.name });`,
  );
  await writeFile(
    join(folder, "app.ts"),
    `import { Backend, Controller, KuzzleRequest, ControllerDefinition, BadRequestError } from "kuzzle";
    import { describe, shout, Shout } from "./helper";
    class EchoController extends Controller {
      constructor(app: Backend) {
        super(app);
        this.definition = { actions: { shout: { handler: this.shout } } } as ControllerDefinition;
      }
      async shout(request: KuzzleRequest) {
        if (!(request instanceof KuzzleRequest)) throw new BadRequestError("another copy");
        const act: Shout = shout;
        return { text: act(request.getString("text")), ...describe(this.app) };
      }
    }
    const app = new Backend("echo");
    app.controller.use(new EchoController(app));
    app.start().then(() => app.log.info("Application started"));`,
  );
  await using application = await spawnApplication(join(folder, "app.ts"));
  const url = await application.ready();
  assert.deepEqual((await ask(`${url}/_/echo/shout?text=hi`)).result, { text: "HI", name: "echo" });
});

test("an application that never starts a server, or fails to, ends with 1 and says why", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "tenon-no-application-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "idle.cjs"), `const { Backend } = require("kuzzle"); new Backend("idle");`);
  await writeFile(
    join(folder, "wrong.cjs"),
    `const { Backend } = require("kuzzle"); const app = new Backend("wrong"); app.config.set("server.port", -3); app.start();`,
  );
  for (const [file, why] of [
    ["idle.cjs", /ended without a server/],
    ["wrong.cjs", /The server cannot start: .*port/],
    ["missing.ts", /there is no file/],
  ] as const) {
    await using application = await spawnApplication(join(folder, file));
    assert.equal(await application.ended, 1, application.said());
    assert.match(application.said(), why);
  }
});
