import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measure as measureCalls } from "../latency.ts";
import { HttpClient, httpRequest } from "../server/http-client.ts";
import { measure } from "../server/load.ts";
import { residentBytes } from "../server/process-usage.ts";
import { becomeAdministrator, startTenon } from "../server/tenon.ts";
import { VectorWorkload } from "../vector-workload.ts";
import { ingest } from "./contender.ts";
import { diskBytes } from "./disk-bytes.ts";

/** What the rest of the benchmark does as well. */
export interface Reporting {
  say(what: string, figure: string): void;
  isQuiet(pid: number): Promise<void>;
}

/**
 * The ten nearest of as many vectors as there are documents, over the API, beside a plain loop over all of them in this process: the reference has no
 * such field without its licensed modules. A store of its own, so that no other figure changes.
 */
export async function measureNearest(count: number, dims: number, seconds: number, { say, isQuiet }: Reporting) {
  const data = mkdtempSync(join(tmpdir(), "tenon-vectors-"));
  const server = await startTenon({ data });
  const workload = new VectorWorkload(count, dims);
  try {
    const { kuzzle, token } = await becomeAdministrator(server.port);
    await kuzzle.index.create("bench");
    await kuzzle.collection.create("bench", "vectors", { mappings: workload.mappings });
    kuzzle.disconnect();
    const requests: Buffer[] = [];
    let sourceBytes = 0;
    for (const documents of workload.documents(1_000)) {
      const lines = documents.map(({ id, source }) => `{"index":{"_id":"${id}"}},${source}`).join(",");
      for (const { source } of documents) sourceBytes += source.length;
      requests.push(httpRequest("POST", "/bench/vectors/_bulk", { token, text: `{"bulkData":[${lines}]}` }));
    }
    const { perSecond, cpuUs } = await ingest(server, { requests, count, sourceBytes });
    say(
      `tenon: vectors of ${dims} dimensions written`,
      `${Math.round(perSecond).toLocaleString("en")}/s, ${cpuUs.toFixed(1)} us CPU each`,
    );
    await isQuiet(server.pid);
    const queries = Array.from({ length: 50 }, () => workload.newVector());
    const client = await HttpClient.open(server.port);
    const ask = async (query: Float64Array, more: object): Promise<string> => {
      const body = VectorWorkload.body(query, more);
      const answer = await client.send(httpRequest("POST", "/bench/vectors/_search?size=10", { token, body }));
      if (answer.status >= 400) throw new Error(answer.body.slice(0, 500));
      return answer.body;
    };
    const next = (turn: number): Float64Array => queries[turn % queries.length] as Float64Array; // the index is inside
    for (const [name, more] of Object.entries(VectorWorkload.searches)) {
      const figures = await measure({ inFlight: 1, seconds, pid: server.pid }, async (_, turn) => {
        await ask(next(turn), more);
      });
      let found = 0;
      for (const query of queries) {
        const wanted = new Set(workload.trueNearest(query, more));
        const { result } = JSON.parse(await ask(query, more)) as { result: { hits: { _id: string }[] } };
        found += result.hits.filter(({ _id }) => wanted.has(_id)).length;
      }
      const { p50Ms, p99Ms } = figures;
      const share = `${(found / queries.length).toFixed(2)} of 10 found`;
      say(
        `tenon: ${name}`,
        `${p50Ms.toFixed(2)} / ${p99Ms.toFixed(2)} ms, ${(figures.cpuUs / 1_000).toFixed(2)} ms CPU, ${share}`,
      );
    }
    client.close();
    let turn = 0;
    const floor = await measureCalls(async () => workload.trueNearest(next(turn++), {}), seconds * 1_000);
    say("every vector in a plain loop", `${floor.p50.toFixed(2)} / ${floor.p99.toFixed(2)} ms`);
    say("tenon: resident memory with the vectors", `${Math.round(residentBytes(server.pid) / 1_048_576)} MiB`);
    const onDisk = diskBytes(data);
    say(
      "tenon: on the disk",
      `${(onDisk / count).toFixed(0)} bytes, ${(onDisk / sourceBytes).toFixed(2)} times the source`,
    );
  } finally {
    await server.stop();
    rmSync(data, { recursive: true, force: true });
  }
}
