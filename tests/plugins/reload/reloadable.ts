/** A whole server whose plugins are loaded again while real clients stay connected. */

import { rmSync } from "node:fs";
import { type Agent, get } from "node:http";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { Kuzzle } from "kuzzle-sdk";
import { connectWebSocket, startServer, type TestServer } from "../../../testing/index.ts";
import { type LogLine, makeRoot, recorder, writeFiles } from "../../../testing/plugins/plugin-server.ts";

export type Files = Readonly<Record<string, string>>;

export interface Reloadable {
  readonly server: TestServer;
  readonly ws: Kuzzle;
  readonly log: readonly LogLine[];
  write(files: Files): void;
  /** A file or a folder in the root. */
  remove(path: string): void;
  /** Rejects with the error of the answer. */
  ask(data: object): Promise<unknown>;
}

/** Files by path in the root; configuration by path. */
export async function startReloadable(
  t: TestContext,
  files: Files,
  config: Readonly<Record<string, unknown>> = {},
): Promise<Reloadable> {
  const { root, remove } = makeRoot(files);
  t.after(remove);
  const log: LogLine[] = [];
  const server = await startServer({ root, data: ":memory:", config, log: recorder(log) });
  t.after(() => server.close());
  const ws = await connectWebSocket(server);
  t.after(() => ws.disconnect());
  return {
    server,
    ws,
    log,
    write: (changed) => writeFiles(root, changed),
    remove: (path) => rmSync(join(root, path), { recursive: true, force: true }),
    ask: async (data) => (await ws.query(data as never)).result,
  };
}

export interface HttpAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what a test reads out of JSON
  readonly result: any;
  /** The socket was that of an earlier request. */
  readonly isReused: boolean;
}

/** One GET over the connections that an agent keeps. */
export function getOver(agent: Agent, url: string): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => {
        const { result } = JSON.parse(text) as { result: unknown };
        resolve({ status: response.statusCode ?? 0, result, isReused: request.reusedSocket });
      });
    });
    request.on("error", reject);
  });
}

/** Waits until it is true, with a deadline. */
export async function until(isTrue: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const giveUpAt = performance.now() + 20_000;
  while (!(await isTrue())) {
    if (performance.now() > giveUpAt) throw new Error(`it did not come true: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
