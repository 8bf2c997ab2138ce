/**
 * What an event costs on its way to a plugin in processes of its own: events a second to 1 and 2 processes, time from the event until its hook is
 * called, and CPU of the server's process for each event, next to bare `child_process.fork` and `send` of the same object in the same run.
 * Run: node bench/workers.ts [events]
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { Events } from "../src/events/index.ts";
import { KuzzleRequest, silentLogger } from "../src/kernel/index.ts";
import { PluginHost, type PluginHostDeps } from "../src/plugins/index.ts";

const count = Number(process.argv[2] ?? 100_000);
const latencySamples = 1_000;
/** Events on their way at once: fewer than may wait in the server, so that none is dropped. */
const inFlight = 4_000;
const event = "document:beforeCreate";
const folder = mkdtempSync(join(tmpdir(), "tenon-bench-"));
const socketPath = join(folder, "reports");

/** As a document:create of the official client leaves the pipeline. */
const request = new KuzzleRequest(
  {
    controller: "document",
    action: "create",
    index: "library",
    collection: "books",
    _id: "a-book",
    body: { title: "A title of some length", author: "Ada", year: 1843, tags: ["engine", "notes"] },
    volatile: { sdkName: "js@7.17.1", sdkInstanceId: "738eec04-dcd5-401d-9290-4c5864ae87ac" },
  },
  { connection: { id: "27ff9f60-356b-4156-a853-30e888c6cddf", protocol: "websocket", ips: ["127.0.0.1"] } },
);
request.setResult({ _id: "a-book", _version: 1, _source: request.input.body });

/** Runs in the processes: counts, and tells how long ago an event was sent, in microseconds. All processes of a machine have one such clock. */
const counting = `
const socket = require("node:net").connect(${JSON.stringify(socketPath)});
let handled = 0, latencies = [], timer;
function tell () { clearTimeout(timer); timer = undefined; socket.write(JSON.stringify({ handled, latencies }) + "\\n"); handled = 0; latencies = []; }
function handle (sentAt) {
  if (sentAt !== undefined) latencies.push((Number(process.hrtime.bigint()) - sentAt) / 1000);
  if (++handled === 500) tell();
  else if (timer === undefined) timer = setTimeout(tell, 2);
}`;

interface Subject {
  readonly name: string;
  readonly send: () => void;
  readonly close: () => unknown;
}

async function bareFork(): Promise<Subject> {
  const file = join(folder, "bare.cjs");
  writeFileSync(file, `${counting}\nprocess.on("message", (message) => handle(message.data.sentAt));`);
  const child = fork(file);
  await once(child, "spawn");
  return {
    name: "bare fork + send, 1 process",
    send: () => void child.send(request.serialize()),
    close: () => child.kill(),
  };
}

async function worker(generation: "v0" | "v1", threads: number): Promise<Subject> {
  const name = `bench-${generation}-${threads}`;
  const path = join(folder, `${name}.js`);
  writeFileSync(
    path,
    `${counting}
    module.exports = class {
      constructor () { this.hooks = { "${generation === "v0" ? "data:beforeCreate" : event}": "run" }; }
      init () {}
      run (payload) { handle(${generation === "v0" ? "payload.metadata" : "payload.data"}.sentAt); }
    };`,
  );
  const events = new Events({ log: silentLogger, limits: { maxConcurrent: 50, bufferSize: 50_000 } });
  const host = new PluginHost(depsWith(events, { [name]: { threads, path, activated: true, _dialect: generation } }));
  await host.load();
  await host.start();
  return {
    name: `${generation}, ${threads} process${threads === 1 ? "" : "es"}`,
    send: () => events.hook(event, request),
    close: () => host.close(),
  };
}

const nothing = (): void => {};

/** The host's dependencies, as far as a plugin without stores and controllers needs them. */
function depsWith(events: Events, plugins: Readonly<Record<string, Record<string, unknown>>>): PluginHostDeps {
  const deps: Partial<PluginHostDeps> = {
    root: folder,
    log: silentLogger,
    events,
    config: { plugins },
    secrets: {},
    common: { include: [], failsafeMode: false, initTimeout: 30_000, pipeWarnTime: 500 },
    configOf: (name) => plugins[name],
    commonMappings: {},
    alsoEnabled: [],
    packages: [],
    store: { engine: { backend: "none", version: "0" } } as PluginHostDeps["store"],
    used: [],
    bundled: new Map(),
    validation: { addType: nothing, replaceTypes: nothing, validate: nothing },
    replaceControllers: nothing,
    registerFormerAction: nothing,
    idle: async () => {},
  };
  return deps as PluginHostDeps;
}

/** What the processes have told. */
const told = { handled: 0, latencies: [] as number[] };

async function listen(): Promise<Server> {
  const server = createServer((socket: Socket) => {
    createInterface(socket).on("line", (line) => {
      const { handled, latencies } = JSON.parse(line) as typeof told;
      told.handled += handled;
      told.latencies.push(...latencies);
    });
  });
  server.listen(socketPath);
  await once(server, "listening");
  return server;
}

async function flood(send: () => void, events: number): Promise<void> {
  const before = told.handled;
  for (let sent = 0; told.handled - before < events; await new Promise(setImmediate)) {
    // A server gets some requests in each turn of the loop, not thousands.
    for (let one = 0; one < 50 && sent < events && sent - (told.handled - before) < inFlight; one++, sent++) send();
  }
}

async function measure({ name, send, close }: Subject) {
  await flood(send, count / 10);
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  await flood(send, count);
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  told.latencies = [];
  for (let sample = 0; sample < latencySamples; sample++) {
    const sentAt = Number(process.hrtime.bigint());
    request.input.args.sentAt = sentAt;
    request.input.volatile = { sentAt };
    send();
    await sleep(1);
  }
  delete request.input.args.sentAt;
  request.input.volatile = {};
  const giveUpAt = performance.now() + 10_000;
  while (told.latencies.length < latencySamples) {
    if (performance.now() > giveUpAt) throw new Error(`${name}: ${told.latencies.length} events arrived`);
    await sleep(5);
  }
  const sorted = told.latencies.toSorted((a, b) => a - b);
  await close();
  return {
    subject: name,
    "events/s": Math.round(count / seconds),
    "server CPU us/event": Number(((user + system) / count).toFixed(1)),
    "p50 us": Math.round(sorted[latencySamples / 2] ?? 0),
    "p99 us": Math.round(sorted[Math.floor(latencySamples * 0.99)] ?? 0),
  };
}

const server = await listen();
console.log(`${count} events, ${JSON.stringify(request.serialize()).length} bytes each as serialised`);
const rows: Awaited<ReturnType<typeof measure>>[] = [];
for (const open of [
  bareFork,
  () => worker("v1", 1),
  () => worker("v1", 2),
  () => worker("v0", 1),
  () => worker("v0", 2),
]) {
  rows.push(await measure(await open()));
}
server.close();
console.table(rows);
rmSync(folder, { recursive: true });
