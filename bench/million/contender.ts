import type { JSONObject } from "../../src/kernel/index.ts";
import { HttpClient } from "../server/http-client.ts";
import { type Figures, measure } from "../server/load.ts";
import { cpuSeconds } from "../server/process-usage.ts";
import { newDocuments } from "./documents.ts";
import type { SearchKind } from "./searches.ts";

/** What the same load needs to know of an engine. */
export interface Contender {
  readonly port: number;
  readonly pid: number;
  search(body: JSONObject): Buffer;
  /** Lines of JSON: an `index` action and a source for each document. */
  write(documents: readonly { readonly id: string; readonly source: string }[]): Buffer;
  /** Matches of an answer to a search. */
  totalOf(answer: JSONObject): number;
}

export interface Ingest {
  readonly perSecond: number;
  /** CPU of the engine's process for one document. */
  readonly cpuUs: number;
  /** UTF-8 bytes of all sources. */
  readonly sourceBytes: number;
}

const batchSize = 2_000;

/** Requests that write documents, and what these are in bytes. */
export interface Prepared {
  readonly requests: readonly Buffer[];
  readonly count: number;
  readonly sourceBytes: number;
}

export function prepare(engine: Contender, count: number, prefix = "d"): Prepared {
  const requests: Buffer[] = [];
  let sourceBytes = 0;
  let batch: { id: string; source: string }[] = [];
  let next = 0;
  for (const document of newDocuments(count)) {
    const source = JSON.stringify(document);
    sourceBytes += Buffer.byteLength(source);
    batch.push({ id: `${prefix}${next++}`, source });
    if (batch.length < batchSize && next < count) continue;
    requests.push(engine.write(batch));
    batch = [];
  }
  return { requests, count, sourceBytes };
}

/** Sends what was prepared, two requests in flight. */
export async function ingest(
  engine: Pick<Contender, "port" | "pid">,
  { requests, count, sourceBytes }: Prepared,
): Promise<Ingest> {
  const clients = [await HttpClient.open(engine.port), await HttpClient.open(engine.port)];
  let next = 0;
  const cpu = cpuSeconds(engine.pid);
  const start = performance.now();
  await Promise.all(
    clients.map(async (client) => {
      for (let request = requests[next++]; request !== undefined; request = requests[next++]) {
        const { status, body } = await client.send(request);
        if (status >= 400 || body.includes('"errors":true')) throw new Error(body.slice(0, 500));
      }
      client.close();
    }),
  );
  const seconds = (performance.now() - start) / 1_000;
  return { perSecond: count / seconds, cpuUs: ((cpuSeconds(engine.pid) - cpu) / count) * 1e6, sourceBytes };
}

/** One search at a time over one connection. */
export async function measureSearch(engine: Contender, kind: SearchKind, seconds: number): Promise<Figures> {
  const client = await HttpClient.open(engine.port);
  try {
    return await measure({ inFlight: 1, seconds, pid: engine.pid }, async (_, turn) => {
      const { status, body } = await client.send(engine.search(kind(turn)));
      if (status >= 400) throw new Error(body.slice(0, 500));
    });
  } finally {
    client.close();
  }
}

/** Totals of the first searches of a kind: both engines must have looked for the same. */
export async function totals(engine: Contender, kind: SearchKind): Promise<readonly number[]> {
  const client = await HttpClient.open(engine.port);
  const found: number[] = [];
  for (let turn = 0; turn < 5; turn++) {
    const { body } = await client.send(engine.search(kind(turn)));
    found.push(engine.totalOf(JSON.parse(body)));
  }
  client.close();
  return found;
}
