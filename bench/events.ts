/**
 * What an event costs: nanoseconds for each pipe and hook, for 0, 1 and 10 listeners and for a wildcard, on the bare bus and for plugins of each
 * generation, against a plain call and an EventEmitter. Run: node bench/events.ts
 */
import { EventEmitter } from "node:events";
import { Events, type PipeListener } from "../src/events/index.ts";
import { KuzzleRequest, silentLogger } from "../src/kernel/index.ts";
import { type DefinedPlugin, definePlugin, usePlugin } from "../src/plugins/index.ts";
import { makeRoot, startTestServer, type TestServer } from "../testing/plugins/plugin-server.ts";

const rounds = Number(process.argv[2] ?? 200_000);
const before = "document:beforeCreate";
const limits = { maxConcurrent: 50, bufferSize: 50_000 };
const request = new KuzzleRequest({ controller: "document", action: "create" });

const newEvents = (): Events => new Events({ log: silentLogger, limits });
const rows: { measured: string; nanoseconds: number }[] = [];

async function measure(measured: string, run: () => unknown): Promise<void> {
  for (let i = 0; i < rounds / 10; i++) await run();
  let best = Number.POSITIVE_INFINITY;
  for (let repetition = 0; repetition < 3; repetition++) {
    const startedAt = performance.now();
    for (let i = 0; i < rounds; i++) {
      const answer = run();
      if (answer instanceof Promise) await answer;
    }
    best = Math.min(best, ((performance.now() - startedAt) * 1e6) / rounds);
  }
  rows.push({ measured, nanoseconds: Math.round(best) });
}

const listener = (event: string, run: PipeListener["run"]): PipeListener => ({
  owner: "bench",
  event,
  order: 0,
  warnMs: 500,
  deadlineMs: 0,
  run,
});

async function measureBare(): Promise<void> {
  const plain = (payload: unknown): unknown => payload;
  await measure("a plain call", () => plain(request));
  const asynchronous = async (payload: unknown): Promise<unknown> => payload;
  await measure("an awaited plain call of an async function", () => asynchronous(request));
  const emitter = new EventEmitter();
  await measure("EventEmitter, nobody listens", () => emitter.emit("document:beforeCreate", request));
  emitter.on("document:beforeCreate", plain);
  await measure("EventEmitter, 1 listener", () => emitter.emit("document:beforeCreate", request));
  for (let i = 1; i < 10; i++) emitter.on("document:beforeCreate", (payload) => plain(payload));
  await measure("EventEmitter, 10 listeners", () => emitter.emit("document:beforeCreate", request));
}

async function measureEvents(): Promise<void> {
  const silent = newEvents();
  await measure("events: pipe, nobody listens to anything", () => silent.pipe("document:beforeCreate", request));
  const others = newEvents();
  others.registerPipe(listener("other:event", ([payload]) => payload));
  await measure("events: pipe, nobody listens to this", () => others.pipe("document:beforeCreate", request));
  for (const [name, event] of [
    ["exact", "document:beforeCreate"],
    ["wildcard document:*", "document:*"],
  ] as const) {
    for (const count of [1, 10]) {
      const pipes = newEvents();
      for (let i = 0; i < count; i++) pipes.registerPipe(listener(event, ([payload]) => payload));
      await measure(`events: pipe, ${count} synchronous, ${name}`, () => pipes.pipe("document:beforeCreate", request));
      const hooks = newEvents();
      for (let i = 0; i < count; i++) hooks.registerHook({ owner: "bench", event, order: 0, run: () => undefined });
      await measure(`events: hook, ${count}, ${name}`, () => hooks.hook("document:beforeCreate", request));
    }
  }
}

type Source = (members: {
  readonly pipe: string;
  readonly hook: string;
  readonly count: number;
  readonly event: string;
}) => string;

/** A plugin of each generation that listens to one event `count` times. */
const sources: readonly (readonly [dialect: string, source: Source])[] = [
  [
    "v0.d",
    ({ pipe, hook, count, event }) => `module.exports = function () {
    this.init = function () {}; this.answer = ${pipe}; this.see = ${hook};
    this.pipes = { '${event}': ${JSON.stringify(Array(count).fill("answer"))} };
    this.hooks = { '${event}': ${JSON.stringify(Array(count).fill("see"))} };
  };`,
  ],
  [
    "v1.e",
    ({ pipe, hook, count, event }) => `module.exports = function () {
    this.init = function () {}; this.answer = ${pipe}; this.see = ${hook};
    this.pipes = { '${event}': ${JSON.stringify(Array(count).fill("answer"))} };
    this.hooks = { '${event}': ${JSON.stringify(Array(count).fill("see"))} };
  };`,
  ],
  [
    "v2",
    ({ pipe, hook, count, event }) => `module.exports = class Bench {
    init () { const answer = ${pipe}; const see = ${hook};
      this.pipes = { '${event}': Array(${count}).fill(answer) }; this.hooks = { '${event}': Array(${count}).fill(see) }; }
  };`,
  ],
];

const callback = "function (payload, done) { done(null, payload); }";
const promise = "async function (payload) { return payload; }";
const nothing = "function () {}";

/** Through the host: the plugin's own server, callbacks, conversions, checks of the answer. */
async function measurePlugins(): Promise<void> {
  for (const [dialect, source] of sources) {
    for (const [name, pipe] of [
      ["callback", callback],
      ["promise", promise],
    ] as const) {
      await measurePackage(
        `${dialect}: pipe, 1 ${name}`,
        dialect,
        source({ pipe, hook: nothing, count: 1, event: before }),
        before,
      );
    }
    const ten = source({ pipe: promise, hook: nothing, count: 10, event: before });
    await measurePackage(`${dialect}: pipe, 10 promises`, dialect, ten, before);
    const wildcard = source({ pipe: promise, hook: nothing, count: 1, event: "document:*" });
    await measurePackage(`${dialect}: pipe, 1 promise, wildcard`, dialect, wildcard, before);
  }
  const answer = async <T>(given: T): Promise<T> => given;
  const named = { name: "bench" } as const;
  for (const [how, plugin] of [
    ["1 promise", definePlugin({ ...named, pipes: { "document:beforeCreate": answer<KuzzleRequest> } })],
    ["1 synchronous", definePlugin({ ...named, pipes: { "document:beforeCreate": (given) => given } })],
    ["1 promise, wildcard", definePlugin({ ...named, pipes: { "document:*": answer<unknown> } })],
  ] as const) {
    const server = await startUsing(plugin);
    await measure(`tenon: pipe, ${how}`, () => server.events.pipe(before, request));
    await server.close();
  }
}

/** The hooks of a generation, without its pipes. */
async function measureHooks(): Promise<void> {
  for (const [dialect, source] of sources) {
    for (const count of [1, 10]) {
      const main = source({ pipe: callback, hook: nothing, count, event: before });
      await measurePackage(`${dialect}: hook, ${count}`, dialect, main, before, "hook");
    }
  }
  const server = await startUsing(definePlugin({ name: "bench", hooks: { "document:beforeCreate": () => {} } }));
  await measure("tenon: hook, 1", () => server.events.hook(before, request));
  await server.close();
}

async function measurePackage(
  measured: string,
  dialect: string,
  main: string,
  event: string,
  kind: "pipe" | "hook" = "pipe",
): Promise<void> {
  const { root, remove } = makeRoot({
    "plugins/enabled/bench/package.json": JSON.stringify({ name: "bench", version: "1.0.0", main: "index.js" }),
    "plugins/enabled/bench/index.js": kind === "pipe" ? main.replace("this.hooks =", "this.unused =") : main,
  });
  const server = await startTestServer({ root, plugins: { bench: { _dialect: dialect } } });
  if (!server.events.hasListeners(event)) throw new Error(`${measured} listens to nothing`);
  await measure(measured, () => server.events[kind](event, request));
  await server.close();
  remove();
}

function startUsing(plugin: DefinedPlugin): Promise<TestServer> {
  return startTestServer({ root: "/nowhere", deps: { used: [usePlugin(plugin)] } });
}

await measureBare();
await measureEvents();
await measurePlugins();
await measureHooks();
console.table(rows);
