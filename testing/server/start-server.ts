import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Backend, type BackendOptions } from "../../src/app/index.ts";
import { type Logger, silentLogger } from "../../src/kernel/index.ts";
import type { PluginHost } from "../../src/plugins/index.ts";

export interface TestServer extends AsyncDisposable {
  readonly backend: Backend;
  readonly host: PluginHost;
  readonly port: number;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Its root: `plugins/enabled`, `data`. Removed with the server. */
  readonly root: string;
  close(): Promise<void>;
}

export interface TestServerOptions {
  /** Runs before the start: plugins, pipes, configuration. */
  readonly prepare?: (backend: Backend) => void;
  /** An existing root, which is then not removed. */
  readonly root?: string;
  /** Configuration by path: `{ "limits.concurrentRequests": 1 }`. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly log?: Logger;
  readonly env?: BackendOptions["env"];
  /** ":memory:" for a store that keeps nothing; else a real one in the root. */
  readonly data?: string;
}

/** A real server on a free port of this machine, over a real data directory in a temporary folder. */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { promise: started, resolve: onHost } = Promise.withResolvers<PluginHost>();
  const root = options.root ?? (await mkdtemp(join(tmpdir(), "tenon-")));
  const backend = new Backend("test", {
    root,
    env: options.env ?? {},
    home: undefined,
    log: options.log ?? silentLogger,
    onHost,
    ...(options.data === undefined ? {} : { data: options.data }),
  });
  backend.config.set("server.port", 0);
  backend.config.set("server.host", "127.0.0.1");
  for (const [path, value] of Object.entries(options.config ?? {})) backend.config.set(path, value);
  options.prepare?.(backend);
  try {
    await backend.start();
  } catch (error) {
    if (options.root === undefined) await rm(root, { recursive: true, force: true });
    throw error;
  }
  const { port } = backend.address;
  const host = await started;
  const close = async (): Promise<void> => {
    await backend.stop();
    if (options.root === undefined) await rm(root, { recursive: true, force: true });
  };
  return { backend, host, port, url: `http://127.0.0.1:${port}`, root, close, [Symbol.asyncDispose]: close };
}
