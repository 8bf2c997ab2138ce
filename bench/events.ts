/**
 * What an event costs: nanoseconds for each pipe and hook, for 0, 1 and 10 listeners and for a wildcard, against a plain call and an
 * EventEmitter. Run: node bench/events.ts
 */
import { EventEmitter } from "node:events";
import { Events, type PipeListener } from "../src/events/index.ts";
import { KuzzleRequest, silentLogger } from "../src/kernel/index.ts";
import { PluginHost, type PluginHostDeps, usePlugin } from "../src/plugins/index.ts";

const rounds = Number(process.argv[2] ?? 200_000);
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

/** Through the host: the plugin's own server, callbacks, checks of the answer. */
async function measurePlugins(): Promise<void> {
  const { pipe, hook } = { pipe: async (given: unknown) => given, hook: () => undefined };
  const forms: readonly [string, object][] = [
    ["1 promise", { pipes: { "document:beforeCreate": pipe } }],
    ["10 promises", { pipes: { "document:beforeCreate": Array.from({ length: 10 }, () => pipe) } }],
    ["1 promise, wildcard", { pipes: { "document:*": pipe } }],
    [
      "1 callback",
      {
        pipes: { "document:beforeCreate": (given: unknown, done: (e: null, p: unknown) => void) => done(null, given) },
      },
    ],
  ];
  for (const [name, plugin] of forms) {
    const events = newEvents();
    await startHost(events, plugin);
    await measure(`plugin: pipe, ${name}`, () => events.pipe("document:beforeCreate", request));
  }
  for (const count of [1, 10]) {
    const events = newEvents();
    await startHost(events, { hooks: { "document:afterCreate": Array.from({ length: count }, () => hook) } });
    await measure(`plugin: hook, ${count}`, () => events.hook("document:afterCreate", request));
  }
}

async function startHost(events: Events, plugin: object): Promise<void> {
  const host = new PluginHost(depsWith(events, { init() {}, ...plugin }));
  await host.load();
  await host.start();
}

/** The host's dependencies, as far as a plugin without stores and controllers needs them. */
function depsWith(events: Events, instance: object): PluginHostDeps {
  const deps: Partial<PluginHostDeps> = {
    root: "/nowhere",
    log: silentLogger,
    events,
    config: {},
    secrets: {},
    common: { include: [], failsafeMode: false, initTimeout: 1_000, pipeWarnTime: 500 },
    configOf: () => undefined,
    commonMappings: {},
    store: { engine: { backend: "none", version: "0" } } as PluginHostDeps["store"],
    used: [usePlugin(instance, { name: "bench" })],
    bundled: new Map(),
  };
  return deps as PluginHostDeps;
}

await measureBare();
await measureEvents();
await measurePlugins();
console.table(rows);
