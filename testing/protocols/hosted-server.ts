import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import type { Backend } from "../../src/app/index.ts";
import type { JSONObject } from "../../src/kernel/index.ts";
import { recordingLogger } from "../server/recording-logger.ts";
import { startServer, type TestServer } from "../server/start-server.ts";
import { LineClient } from "./line-client.ts";

export interface HostedServer {
  readonly server: TestServer;
  /** `warn protocol.failed {…}` */
  readonly log: readonly string[];
  /** A client of the protocol, once that says on which port it listens. Closed with the test. */
  connect(): Promise<LineClient>;
  /** The port that the protocol says it listens on. */
  listening(): Promise<number>;
}

export interface HostedServerOptions {
  /** By path from `protocols/enabled`: contents of files, or the folder that a link points to. */
  readonly files?: Readonly<Record<string, string>>;
  readonly links?: Readonly<Record<string, string>>;
  readonly copies?: Readonly<Record<string, string>>;
  /** By protocol. */
  readonly protocols?: Readonly<Record<string, JSONObject>>;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly prepare?: (backend: Backend) => void;
}

/** A whole server, in memory, with packages in `protocols/enabled`; both go with the test. */
export async function startHosted(t: TestContext, options: HostedServerOptions): Promise<HostedServer> {
  const root = mkdtempSync(join(tmpdir(), "tenon-protocols-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const enabled = join(root, "protocols", "enabled");
  mkdirSync(enabled, { recursive: true });
  for (const [name, target] of Object.entries(options.links ?? {})) symlinkSync(target, join(enabled, name));
  for (const [name, from] of Object.entries(options.copies ?? {}))
    cpSync(from, join(enabled, name), { recursive: true });
  for (const [name, content] of Object.entries(options.files ?? {})) {
    mkdirSync(dirname(join(enabled, name)), { recursive: true });
    writeFileSync(join(enabled, name), content);
  }
  const config: Record<string, unknown> = { ...options.config };
  for (const [name, own] of Object.entries(options.protocols ?? {})) config[`server.protocols.${name}`] = own;
  const log: string[] = [];
  const { prepare = () => {} } = options;
  const server = await startServer({ root, data: ":memory:", config, log: recordingLogger(log), prepare });
  t.after(() => server.close());
  const listening = async (): Promise<number> => {
    const deadline = Date.now() + 2_000;
    for (;;) {
      const [, port] = /listening on \S*:(\d+)/.exec(log.join("\n")) ?? [];
      if (port !== undefined) return Number(port);
      if (Date.now() > deadline) throw new Error(`nothing listens:\n${log.join("\n")}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const connect = async (): Promise<LineClient> => {
    const client = await LineClient.connect(await listening());
    t.after(() => client.close());
    return client;
  };
  return { server, log, listening, connect };
}
