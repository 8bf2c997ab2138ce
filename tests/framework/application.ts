import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { Backend, type BackendOptions } from "../../src/app/index.ts";
import { silentLogger } from "../../src/kernel/index.ts";

/** An application on a free port, in memory, with a root of its own. Closed after the test. */
export async function createApplication(
  t: TestContext,
  options: BackendOptions & { name?: string } = {},
): Promise<Backend> {
  const { name = "shop", ...others } = options;
  const root = others.root ?? (await mkdtemp(join(tmpdir(), "tenon-framework-")));
  const app = new Backend(name, { env: {}, data: ":memory:", log: silentLogger, ...others, root });
  app.config.set("server.port", 0);
  app.config.set("server.host", "127.0.0.1");
  t.after(async () => {
    if (app.started) await app.stop();
    await rm(root, { recursive: true, force: true });
  });
  return app;
}

/** The status and the content of a request over HTTP. */
export async function ask(app: Backend, path: string, body?: object): Promise<{ status: number; result: unknown }> {
  const post = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(`http://127.0.0.1:${app.address.port}${path}`, body === undefined ? {} : post);
  return { status: answer.status, result: ((await answer.json()) as { result: unknown }).result };
}
