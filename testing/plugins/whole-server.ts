import type { TestContext } from "node:test";
import type { Backend, BackendOptions } from "../../src/app/index.ts";
import type { PluginInfo } from "../../src/plugins/index.ts";
import { startServer, type TestServer } from "../server/start-server.ts";
import { type LogLine, makeRoot, recorder } from "./plugin-server.ts";

export interface WholeServer {
  readonly server: TestServer;
  /** All that was logged. */
  readonly log: readonly LogLine[];
  close(): Promise<void>;
}

export interface WholeServerOptions {
  /** Of the root, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** By path: `{ "plugins.common.pipeWarnTime": 10 }`. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly env?: BackendOptions["env"];
  readonly prepare?: (backend: Backend) => void;
}

/** A server with everything in it, in memory, over a root of these files, which goes with it. */
export async function openWhole({
  files = {},
  config = {},
  env,
  prepare,
}: WholeServerOptions = {}): Promise<WholeServer> {
  const { root, remove } = makeRoot(files);
  const log: LogLine[] = [];
  try {
    const server = await startServer({
      root,
      config,
      data: ":memory:",
      log: recorder(log),
      ...(env === undefined ? {} : { env }),
      ...(prepare === undefined ? {} : { prepare }),
    });
    const close = async (): Promise<void> => {
      await server.close();
      remove();
    };
    return { server, log, close };
  } catch (error) {
    remove();
    throw error;
  }
}

/** As {@link openWhole}, until the test ends. */
export async function startWhole(t: TestContext, options: WholeServerOptions = {}): Promise<WholeServer> {
  const whole = await openWhole(options);
  t.after(() => whole.close());
  return whole;
}

/** What the server says of its plugins. */
export async function pluginsOf(server: TestServer): Promise<Record<string, PluginInfo>> {
  const answer = await fetch(`${server.url}/_serverInfo`);
  const { result } = (await answer.json()) as {
    result: { serverInfo: { kuzzle: { plugins: Record<string, PluginInfo> } } };
  };
  return result.serverInfo.kuzzle.plugins;
}
