/**
 * What operations cost on the compiled build, security on, writes durable: `npm run build && node bench/server/main.ts [seconds] [part]`.
 * The load comes from this process; CPU is that of the server's process alone. Floors run in turn with it, not beside it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Kuzzle } from "kuzzle-sdk";
import { mappings, readCities } from "../../examples/cities/cities.ts";
import { HttpClient, httpRequest } from "./http-client.ts";
import { type Figures, measure, measureHttp, printFigures } from "./load.ts";
import { cpuSeconds, residentBytes } from "./process-usage.ts";
import { answers, becomeAdministrator, type RunningServer, startTenon } from "./tenon.ts";
import { WsClient } from "./ws-client.ts";

const seconds = Number(process.argv[2] ?? 4);
const wanted = process.argv[3];

interface Context {
  readonly server: RunningServer;
  readonly token: string;
  /** Of the administrator whose token that is. */
  readonly kuzzle: Kuzzle;
}

const document = { name: "Tenonville", country: "FR", population: 5_000, position: { lat: 48.8, lon: 2.3 } };

async function bare(kind: "http" | "ws"): Promise<{ child: ChildProcess; port: number }> {
  const port = 40_000 + Math.floor(Math.random() * 10_000);
  const child = spawn(process.execPath, [new URL("./bare.ts", import.meta.url).pathname, kind, String(port)], {
    stdio: "inherit",
  });
  await answers(port, child);
  return { child, port };
}

async function overWs(port: number, pid: number, text: string): Promise<Figures> {
  const clients = await Promise.all(Array.from({ length: 32 }, () => WsClient.open(port)));
  const figures = await measure({ inFlight: 32, seconds, pid }, async (loop) => {
    const answer = await (clients[loop] as WsClient).send(text);
    if (!answer.includes('"status":200')) throw new Error(answer);
  });
  for (const client of clients) client.close();
  return figures;
}

const parts: Readonly<Record<string, (context: Context) => Promise<void>>> = {
  now: async ({ server, token }) => {
    const { child, port } = await bare("http");
    printFigures(
      "server:now, bare node:http",
      await measureHttp({ inFlight: 32, seconds, pid: child.pid as number, port }, () => httpRequest("GET", "/_now")),
    );
    child.kill();
    const request = httpRequest("GET", "/_now", { token });
    printFigures(
      "server:now, HTTP keep-alive",
      await measureHttp({ inFlight: 32, seconds, pid: server.pid, port: server.port }, () => request),
      "30 us",
    );
    const ws = await bare("ws");
    const text = JSON.stringify({ requestId: "r", controller: "server", action: "now" });
    printFigures("server:now, bare ws", await overWs(ws.port, ws.child.pid as number, text));
    ws.child.kill();
    const authenticated = JSON.stringify({ requestId: "r", controller: "server", action: "now", jwt: token });
    printFigures("server:now, WebSocket", await overWs(server.port, server.pid, authenticated), "25 us");
  },

  tokens: async ({ server, token, kuzzle }) => {
    const allowed = { controllers: { server: { actions: { now: true } } } };
    await kuzzle.security.createOrReplaceRole("clock", allowed);
    const anonymous = { rateLimit: 0, policies: [{ roleId: "anonymous" }, { roleId: "clock" }] };
    await kuzzle.security.updateProfile("anonymous", anonymous);
    const many: Buffer[] = [];
    const client = await HttpClient.open(server.port);
    for (let i = 0; i < 1_000; i++) {
      const { body } = await client.send(httpRequest("POST", "/_createToken?expiresIn=1h", { token }));
      const { result } = JSON.parse(body) as { result: { token: string } };
      many.push(httpRequest("GET", "/_now", { token: result.token }));
    }
    client.close();
    const load = { inFlight: 32, seconds, pid: server.pid, port: server.port };
    const bare = httpRequest("GET", "/_now");
    const own = httpRequest("GET", "/_now", { token });
    printFigures("server:now without a token", await measureHttp(load, () => bare));
    printFigures("server:now with one token", await measureHttp(load, () => own));
    printFigures("server:now with 1 000 tokens in turn", await measureHttp(load, (i) => many[i % 1_000] as Buffer));
  },

  create: async ({ server, token }) => {
    const load = { seconds, pid: server.pid, port: server.port };
    const request = httpRequest("POST", "/bench/docs/_create", { token, body: document });
    printFigures("document:create, 64 in flight", await measureHttp({ ...load, inFlight: 64 }, () => request), "60 us");
    printFigures(
      "document:create, one at a time",
      await measureHttp({ ...load, inFlight: 1 }, () => request),
      "p50 0.5 ms",
    );
    const many = httpRequest("POST", "/bench/docs/_mCreate", {
      token,
      body: { documents: Array.from({ length: 100 }, () => ({ body: document })) },
    });
    printFigures(
      "mCreate of 100, 8 in flight, per document",
      await measureHttp({ ...load, inFlight: 8, perRequest: 100 }, () => many),
      "12 us",
    );
  },

  get: async ({ server, token }) => {
    const client = await HttpClient.open(server.port);
    for (let i = 0; i < 1_000; i++)
      await client.send(httpRequest("PUT", `/bench/docs/get-${i}`, { token, body: document }));
    client.close();
    const requests = Array.from({ length: 1_000 }, (_, i) => httpRequest("GET", `/bench/docs/get-${i}`, { token }));
    const load = { seconds, pid: server.pid, port: server.port };
    printFigures(
      "document:get, 64 in flight",
      await measureHttp({ ...load, inFlight: 64 }, (turn) => requests[turn % 1_000] as Buffer),
      "40 us",
    );
  },

  publish: async ({ server, token }) => {
    for (const subscribers of [500, 1_000]) await publishTo(server, token, subscribers);
  },

  cities: async ({ server, token }) => {
    await importCities(server, token);
    await searchCities(server, token);
  },

  restart: async () => {
    const data = mkdtempSync(join(tmpdir(), "tenon-bench-data-"));
    const first = await startTenon({ data });
    const { kuzzle, token } = await becomeAdministrator(first.port);
    await importCities(first, token);
    kuzzle.disconnect();
    await first.stop();
    const second = await startTenon({ data });
    const client = await HttpClient.open(second.port);
    const { body } = await client.send(
      httpRequest("POST", "/world/cities/_search", { token, body: { query: { match: { name: "paris" } } } }),
    );
    const searchedMs = performance.now() - second.startedAt;
    const { total } = (JSON.parse(body) as { result: { total: number } }).result;
    console.log(
      `start with 135 233 cities: first answer after ${Math.round(second.startMs)} ms (aim: 500), first search after ${Math.round(searchedMs)} ms (aim: 3000), ${total} found; memory ${Math.round(residentBytes(second.pid) / 1_048_576)} MiB`,
    );
    client.close();
    await second.stop();
    rmSync(data, { recursive: true });
  },
};

async function publishTo(server: RunningServer, token: string, subscribers: number): Promise<void> {
  let heard = 0;
  let wake = (): void => {};
  const clients = await Promise.all(
    Array.from({ length: subscribers }, async () => {
      const client = await WsClient.open(server.port);
      const answer = JSON.parse(
        await client.send(
          JSON.stringify({
            requestId: "s",
            controller: "realtime",
            action: "subscribe",
            index: "bench",
            collection: `room${subscribers}`,
            body: {},
            jwt: token,
          }),
        ),
      ) as { status: number };
      if (answer.status !== 200) throw new Error(JSON.stringify(answer));
      client.socket.on("message", () => {
        if (++heard % subscribers === 0) wake();
      });
      return client;
    }),
  );
  const publisher = await HttpClient.open(server.port);
  const request = httpRequest("POST", `/bench/room${subscribers}/_publish`, { token, body: document });
  const figures = await measure({ inFlight: 1, seconds, pid: server.pid, perRequest: subscribers }, async () => {
    const all = new Promise<void>((resolve) => {
      wake = resolve;
    });
    await publisher.send(request);
    await all;
  });
  printFigures(`publish to ${subscribers} of one room, per notification`, figures, "12 us");
  publisher.close();
  for (const client of clients) client.close();
}

async function importCities(server: RunningServer, token: string): Promise<void> {
  const client = await HttpClient.open(server.port);
  const ok = async (request: Buffer): Promise<void> => {
    const { status, body } = await client.send(request);
    if (status >= 400) throw new Error(body);
  };
  await ok(httpRequest("PUT", "/world/cities", { token, body: { mappings } }));
  const cities = readCities();
  const startedAt = performance.now();
  const cpuBefore = cpuSeconds(server.pid);
  for (let from = 0; from < cities.length; from += 2_000) {
    const bulkData = cities.slice(from, from + 2_000).flatMap(({ _id, body }) => [{ index: { _id } }, body]);
    await ok(httpRequest("POST", "/world/cities/_bulk", { token, body: { bulkData } }));
  }
  const elapsed = (performance.now() - startedAt) / 1_000;
  const cpuUs = ((cpuSeconds(server.pid) - cpuBefore) / cities.length) * 1e6;
  console.log(
    `${"import of 135 233 cities (bulk:import)".padEnd(52)} ${elapsed.toFixed(1)} s  ${Math.round(cities.length / elapsed).toLocaleString("en")} /s  ${cpuUs.toFixed(1)} us CPU each`,
  );
  client.close();
}

async function searchCities(server: RunningServer, token: string): Promise<void> {
  const paris = { lat: 48.8534, lon: 2.3488 };
  const searches = {
    "term + range": {
      query: { bool: { filter: [{ term: { country: "FR" } }, { range: { population: { gte: 1_000, lte: 5_000 } } }] } },
    },
    "text, two words": { query: { match: { name: "san jose" } } },
    "sorted by a number": { query: { term: { country: "US" } }, sort: [{ population: "desc" }] },
    "geo distance": { query: { geo_distance: { distance: "50km", position: paris } } },
    "terms aggregation": { size: 0, aggs: { countries: { terms: { field: "country" } } } },
  };
  for (const [name, body] of Object.entries(searches)) {
    const request = httpRequest("POST", "/world/cities/_search", { token, body });
    for (const inFlight of [1, 8]) {
      const figures = await measureHttp({ inFlight, seconds, pid: server.pid, port: server.port }, () => request);
      printFigures(`search 135 233 cities: ${name}, ${inFlight} in flight`, figures, "p50 0.5 ms");
    }
  }
}

const server = await startTenon();
await new Promise((resolve) => setTimeout(resolve, 1_000));
const idleMiB = Math.round(residentBytes(server.pid) / 1_048_576);
try {
  const { kuzzle, token } = await becomeAdministrator(server.port);
  await kuzzle.index.create("bench");
  await kuzzle.collection.create("bench", "docs", { mappings });
  console.log(
    `start to first answer, empty: ${Math.round(server.startMs)} ms (aim: 400); idle memory ${idleMiB} MiB (aim: 120)`,
  );
  for (const [name, run] of Object.entries(parts)) {
    if (wanted === undefined || wanted === name) await run({ server, token, kuzzle });
  }
  kuzzle.disconnect();
} finally {
  await server.stop();
}
