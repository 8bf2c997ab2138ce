import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { JSONObject } from "../../../src/kernel/index.ts";
import { startServer, type TestServer } from "../../../testing/index.ts";
import { type LogLine, recorder, writeFiles } from "../../../testing/plugins/plugin-server.ts";
import { until } from "../../api/wire.ts";
import { type FaultyGeneration, faultyPackage, type Members, nameOf, shortDeadline } from "./faulty-plugin.ts";

export interface FaultyServer {
  readonly server: TestServer;
  readonly lines: readonly LogLine[];
  ask(
    data: JSONObject,
  ): Promise<{ readonly status: number; readonly error: JSONObject | null; readonly result: unknown }>;
  /** Waits for a line of this event that names the plugin. */
  named(event: string, more?: (line: LogLine) => boolean): Promise<LogLine>;
  /** The server answers requests that the plugin has no part in. */
  servesOn(): Promise<void>;
}

/** A whole server with the faulty plugin of one generation. */
export async function startFaulty(
  t: TestContext,
  generation: FaultyGeneration,
  members: Members,
  config: JSONObject = {},
  /** In the place of files of the package. */
  files: Readonly<Record<string, string>> = {},
  serverConfig: Readonly<Record<string, unknown>> = {},
): Promise<FaultyServer> {
  const root = await mkdtemp(join(tmpdir(), "tenon-faulty-"));
  t.after(() => rm(root, { recursive: true, force: true }));
  writeFiles(root, { ...faultyPackage(generation, members), ...files });
  const lines: LogLine[] = [];
  const name = nameOf(generation);
  const server = await startServer({
    root,
    data: ":memory:",
    log: recorder(lines),
    config: { ...serverConfig, [`plugins.${name}`]: { ...shortDeadline, ...config } },
  });
  t.after(() => server.close());
  const ask = async (data: JSONObject) => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${server.url}/_query`, { method: "POST", headers, body: JSON.stringify(data) });
    return (await response.json()) as Awaited<ReturnType<FaultyServer["ask"]>>;
  };
  return {
    server,
    lines,
    ask,
    named: async (event, more = () => true) => {
      const find = () => lines.find((line) => line.event.endsWith(event) && line.fields.plugin === name && more(line));
      await until(() => find() !== undefined, `a line ${event} that names ${name}`);
      const line = find();
      assert.ok(line);
      return line;
    },
    servesOn: async () => {
      const { status, result } = await ask({ controller: "index", action: "list" });
      assert.equal(status, 200);
      assert.ok(result);
    },
  };
}
