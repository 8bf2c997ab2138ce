/** A whole server with plugins of several generations in one folder. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import type { Kuzzle } from "kuzzle-sdk";
import { createLogger, type LogFields, type Logger } from "../../src/kernel/index.ts";
import { connectWebSocket, startServer, type TestServer, type TestServerOptions } from "../../testing/index.ts";
import { recordingLogger } from "../../testing/server/recording-logger.ts";

export interface FormerServer {
  readonly server: TestServer;
  readonly ws: Kuzzle;
  readonly root: string;
  /** What was logged: `warn plugin.skipped {…} message of the error`. */
  readonly log: readonly string[];
  /** Rejects with the error of the answer. */
  ask(data: object): Promise<unknown>;
  /** Answers what comes over HTTP. */
  fetch(
    path: string,
    init?: RequestInit,
  ): Promise<{ status: number; result: unknown; error: { id: string; message: string } }>;
}

export interface FormerOptions extends TestServerOptions {
  /** Links by path in the root: what they point to. */
  readonly links?: Readonly<Record<string, string>>;
  /** Log that is kept even when the start fails. */
  readonly lines?: string[];
}

/** Files by path in the root; configuration of the plugins by name, and of the rest by path. */
export async function startFormer(
  t: TestContext,
  files: Readonly<Record<string, string>>,
  plugins: Readonly<Record<string, unknown>> = {},
  { links = {}, lines = [], log = recordingLogger(lines), config: more = {}, ...options }: FormerOptions = {},
): Promise<FormerServer> {
  const root = options.root ?? (await mkdtemp(join(tmpdir(), "tenon-former-")));
  t.after(() => rm(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  for (const [path, target] of Object.entries(links)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await symlink(target, join(root, path));
  }
  const sections = Object.fromEntries(Object.entries(plugins).map(([name, section]) => [`plugins.${name}`, section]));
  const config = { "limits.loginsPerSecond": 100, ...sections, ...more };
  const server = await startServer({ data: ":memory:", ...options, root, config, log });
  t.after(() => server.close());
  const ws = await connectWebSocket(server);
  t.after(() => ws.disconnect());
  if (!(await ws.index.exists("library"))) {
    await ws.index.create("library");
    await ws.collection.create("library", "books", {});
  }
  const ask = async (data: object): Promise<unknown> => (await ws.query(data as never)).result;
  const fetchJson: FormerServer["fetch"] = async (path, init) => {
    const response = await fetch(server.url + path, init);
    return { ...((await response.json()) as Awaited<ReturnType<FormerServer["fetch"]>>), status: response.status };
  };
  return { server, ws, root, log: lines, ask, fetch: fetchJson };
}

/** A package of the first generation, listed in `config/customPlugins.json`: add {@link listed}. */
export const firstPackage = (name: string, main: string, pluginInfo: object = {}): Record<string, string> => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: "0.9.1", main: "./lib/index.js", pluginInfo }),
  [`node_modules/${name}/lib/index.js`]: main,
});

export const listed = (plugins: Readonly<Record<string, object>>): Record<string, string> => ({
  "config/customPlugins.json": JSON.stringify(plugins),
});

/** A package of Kuzzle 1 in `plugins/enabled`. */
export const formerPackage = (
  name: string,
  main: string,
  manifest: object | undefined = { name, kuzzleVersion: ">=1.0.0 <2.0.0" },
): Record<string, string> => ({
  [`plugins/enabled/${name}/package.json`]: JSON.stringify({ name, version: "1.4.2", main: "index.js" }),
  [`plugins/enabled/${name}/index.js`]: main,
  ...(manifest === undefined ? {} : { [`plugins/enabled/${name}/manifest.json`]: JSON.stringify(manifest) }),
});

/** A log for {@link startFormer} that keeps what it is told. */
export function keptLog(): { readonly lines: readonly LoggedLine[]; readonly logger: Logger } {
  const lines: LoggedLine[] = [];
  const make = (): Logger => createLogger((_, event, fields = {}) => void lines.push({ event, fields }), make);
  return { lines, logger: make() };
}

export interface LoggedLine {
  readonly event: string;
  readonly fields: LogFields;
}
