/** Roots with plugin packages of several generations, for whole servers. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { startServer, type TestServer, type TestServerOptions } from "../../testing/index.ts";

export type Files = Readonly<Record<string, string>>;

/** A package in `plugins/enabled`; its manifest says more than `name` and `kuzzleVersion` where `manifest` does. */
export function enabledPackage(
  name: string,
  main: string,
  { version = "1.0.0", file = "index.js", ...manifest }: Readonly<Record<string, unknown>> & { file?: string } = {},
): Files {
  const folder = `plugins/enabled/${name}`;
  return {
    [`${folder}/manifest.json`]: JSON.stringify({ name, kuzzleVersion: ">=2.0.0 <3.0.0", ...manifest }),
    [`${folder}/package.json`]: JSON.stringify({ name, version, main: file }),
    [`${folder}/${file}`]: main,
  };
}

/** A server in memory over these files; both go with the test. */
export async function startWith(
  t: TestContext,
  files: Files,
  options: Omit<TestServerOptions, "root" | "data"> = {},
): Promise<TestServer> {
  const root = await mkdtemp(join(tmpdir(), "tenon-plugins-"));
  t.after(() => rm(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const server = await startServer({ root, data: ":memory:", ...options });
  t.after(() => server.close());
  return server;
}

/** The `result` of a request over HTTP; an error of the API is thrown as it was answered. */
export async function ask(server: TestServer, data: Readonly<Record<string, unknown>>): Promise<unknown> {
  const { controller, action, ...args } = data;
  const answer = await fetch(`${server.url}/_query`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ controller, action, ...args }),
  });
  const { result, error } = (await answer.json()) as { result: unknown; error: unknown };
  if (error !== null) throw Object.assign(new Error(), error);
  return result;
}
