/**
 * A million documents in Tenon's compiled build, asked over its API, and in the reference engine, asked directly: written, searched, aggregated, started
 * again. One after the other, never side by side; the load comes from this process.
 *
 * Run: `npm run build && node bench/million/main.ts`. Options: `--documents 1000000`, `--seconds 3` for each search, `--only tenon` or `--only reference`,
 * `--search NAME` for searches whose name contains it, `--vectors 96` for a million vectors of so many dimensions after all the rest, `--only vectors` for
 * them alone. It takes some ten minutes, and needs Java 17 and Maven for the reference.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { missingPrerequisite, startReference } from "../../tests/long/reference/reference-engine.ts";
import { HttpClient, httpRequest } from "../server/http-client.ts";
import type { Figures } from "../server/load.ts";
import { cpuSeconds, residentBytes } from "../server/process-usage.ts";
import { becomeAdministrator, type RunningServer, startTenon } from "../server/tenon.ts";
import { type Contender, ingest, measureSearch, prepare, totals } from "./contender.ts";
import { diskBytes } from "./disk-bytes.ts";
import { mappings } from "./documents.ts";
import { measureNearest } from "./nearest.ts";
import { asContender as asReference } from "./reference.ts";
import { searches } from "./searches.ts";
import { asContender as asTenon } from "./tenon.ts";

const { values: options } = parseArgs({
  options: {
    documents: { type: "string", default: "1000000" },
    seconds: { type: "string", default: "3" },
    only: { type: "string" },
    search: { type: "string", default: "" },
    vectors: { type: "string" },
  },
});
const documents = Number(options.documents);
const seconds = Number(options.seconds);
/** Each kind is asked so long before the first is measured. */
const warmSeconds = 2;
const chosen = Object.entries(searches).filter(([name]) => name.includes(options.search));

interface Result {
  readonly figures: ReadonlyMap<string, Figures>;
  readonly totals: ReadonlyMap<string, readonly number[]>;
}

const mebibytes = (bytes: number): string => `${Math.round(bytes / 1_048_576)} MiB`;
const say = (what: string, figure: string): void => console.log(`${what.padEnd(58)} ${figure}`);

async function write(name: string, engine: Contender): Promise<number> {
  const { perSecond, cpuUs, sourceBytes } = await ingest(engine, prepare(engine, documents));
  say(`${name}: written`, `${Math.round(perSecond).toLocaleString("en")}/s, ${cpuUs.toFixed(1)} us CPU each`);
  return sourceBytes;
}

async function searchAll(engine: Contender): Promise<Result> {
  const figures = new Map<string, Figures>();
  const found = new Map<string, readonly number[]>();
  // Both compile what is asked often while it is asked: the first kinds would be measured before that, and the last ones after it.
  for (const [, kind] of chosen) await measureSearch(engine, kind, warmSeconds);
  for (const [name, kind] of chosen) {
    found.set(name, await totals(engine, kind));
    figures.set(name, await measureSearch(engine, kind, seconds));
  }
  return { figures, totals: found };
}

async function runReference(): Promise<Result> {
  await using engine = await startReference();
  const contender = await asReference(engine);
  const sourceBytes = await write("reference", contender);
  await engine.request("POST", "/million/_forcemerge?max_num_segments=1");
  await engine.request("POST", "/million/_refresh");
  await engine.request("POST", "/million/_flush");
  say("reference: on the disk", perDocument(diskBytes(engine.folder), sourceBytes));
  const result = await searchAll(contender);
  say("reference: resident memory", mebibytes(residentBytes(engine.pid)));
  return result;
}

const perDocument = (bytes: number, sourceBytes: number): string =>
  `${(bytes / documents).toFixed(0)} bytes a document, ${(bytes / sourceBytes).toFixed(2)} times the source JSON`;

async function runTenon(): Promise<Result> {
  const data = mkdtempSync(join(tmpdir(), "tenon-million-"));
  let server = await startTenon({ data });
  try {
    const { kuzzle, token } = await becomeAdministrator(server.port);
    await kuzzle.index.create("bench");
    await kuzzle.collection.create("bench", "million", { mappings });
    await kuzzle.collection.create("bench", "beside", { mappings });
    kuzzle.disconnect();
    const contender = asTenon(server, token);
    const sourceBytes = await write("tenon", contender);
    say("tenon: resident memory after the import", mebibytes(residentBytes(server.pid)));
    await isQuiet(server.pid);
    const result = await searchAll(contender);
    say("tenon: resident memory after the searches", mebibytes(residentBytes(server.pid)));
    await server.stop();
    // What the client sent; each document is stored with who made it and when, some 90 bytes more.
    say("tenon: on the disk", perDocument(diskBytes(data), sourceBytes));
    server = await startTenon({ data });
    await firstSearch("started again", server, token);
    const later = asTenon(server, token);
    await ingest(later, prepare(later, Math.min(20_000, documents), "later"));
    await server.kill();
    server = await startTenon({ data });
    await firstSearch("started after SIGKILL, 20 000 documents behind", server, token);
    if (options.search === "") await whileBusy(server, asTenon(server, token), token);
    return result;
  } finally {
    await server.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

/** Segments become one from ten seconds after the last write on, as those of the reference did when it was told to. */
const quietSeconds = 12;

async function isQuiet(pid: number): Promise<void> {
  const start = performance.now();
  for (let quiet = 0; quiet < quietSeconds; ) {
    const before = cpuSeconds(pid);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    quiet = cpuSeconds(pid) - before < 0.05 ? quiet + 1 : 0;
    if (performance.now() - start > 120_000) break;
  }
  say("tenon: at rest after", `${((performance.now() - start) / 1_000 - quietSeconds).toFixed(0)} s`);
}

/** `server:now` and a small search while aggregations run without pause and documents are imported. */
async function whileBusy(server: RunningServer, engine: Contender, token: string): Promise<void> {
  const large = searches["range, then terms with avg"];
  if (large === undefined) return;
  const beside: Contender = {
    ...engine,
    write: (some) => Buffer.from(engine.write(some).toString().replace("/bench/million/_bulk", "/bench/beside/_bulk")),
  };
  // Made now: making them would keep this process from asking in time. Later rounds replace the documents of the first.
  const prepared = prepare(beside, 100_000, "beside");
  const until = performance.now() + 20_000;
  const aggregating = [1, 2].map(async (loop) => {
    const client = await HttpClient.open(engine.port);
    for (let turn = loop; performance.now() < until; turn++) await client.send(engine.search(large(turn)));
    client.close();
  });
  const importing = (async () => {
    let rate = 0;
    while (performance.now() < until) rate = (await ingest(beside, prepared)).perSecond;
    say("tenon: written while aggregations run", `${Math.round(rate).toLocaleString("en")}/s`);
  })();
  const latencies = async (name: string, request: (turn: number) => Buffer): Promise<void> => {
    const client = await HttpClient.open(engine.port);
    const times: number[] = [];
    for (let turn = 0; performance.now() < until; turn++) {
      const start = performance.now();
      await client.send(request(turn));
      times.push(performance.now() - start);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    client.close();
    times.sort((a, b) => a - b);
    const at = (share: number): string => (times[Math.floor(times.length * share)] ?? 0).toFixed(1);
    say(`tenon: ${name} while aggregations and an import run`, `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`);
  };
  const { term } = searches;
  await Promise.all([
    ...aggregating,
    importing,
    latencies("server:now", () => httpRequest("GET", "/_now", { token })),
    ...(term === undefined ? [] : [latencies("a term search", (turn) => engine.search(term(turn)))]),
  ]);
  say("tenon: resident memory after that", mebibytes(residentBytes(server.pid)));
}

async function firstSearch(how: string, server: RunningServer, token: string): Promise<void> {
  const client = await HttpClient.open(server.port);
  const { search, totalOf } = asTenon(server, token);
  const { body } = await client.send(search({ query: { match: { title: "paris" } } }));
  const ms = performance.now() - server.startedAt;
  const total = totalOf(JSON.parse(body));
  say(
    `tenon: ${how}`,
    `first answer ${Math.round(server.startMs)} ms, first search ${Math.round(ms)} ms (${total} found)`,
  );
  client.close();
}

const isWanted = (part: string): boolean => options.only === undefined || options.only === part;
const reference = isWanted("reference") && missingPrerequisite() === undefined ? await runReference() : undefined;
const own = isWanted("tenon") ? await runTenon() : undefined;
if (own !== undefined || reference !== undefined) printSearches();
if (options.vectors !== undefined || options.only === "vectors")
  await measureNearest(documents, Number(options.vectors ?? 96), seconds, { say, isQuiet });

function printSearches(): void {
  console.log(`\n${"p50 / p99 in ms, CPU in ms".padEnd(36)}${"tenon".padStart(28)}${"reference".padStart(28)}`);
  const shown = (figures: Figures | undefined): string => {
    if (figures === undefined) return "".padStart(28);
    const { p50Ms, p99Ms, cpuUs } = figures;
    return `${p50Ms.toFixed(2)} / ${p99Ms.toFixed(2)}, ${(cpuUs / 1_000).toFixed(2)}`.padStart(28);
  };
  for (const [name] of chosen) {
    console.log(`${name.padEnd(36)}${shown(own?.figures.get(name))}${shown(reference?.figures.get(name))}`);
    const [ours, theirs] = [own?.totals.get(name), reference?.totals.get(name)];
    if (ours !== undefined && theirs !== undefined && String(ours) !== String(theirs))
      console.log(`  they found different things: ${String(ours)} and ${String(theirs)}`);
  }
}
