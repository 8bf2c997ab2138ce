/** Spans of requests and of plugins, collected by the real library. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { context, propagation, SpanStatusCode, type TextMapPropagator, TraceFlags, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { action, definePlugin } from "../../src/index.ts";
import { startServer, type TestServer } from "../../testing/index.ts";
import { http, until } from "../api/wire.ts";

const exporter = new InMemorySpanExporter();
let server: TestServer;

/** As much of `traceparent` as the test needs. */
const propagator: TextMapPropagator = {
  fields: () => ["traceparent"],
  inject: () => {},
  extract(outer, carrier, getter) {
    const [, traceId, spanId] = String(getter.get(carrier, "traceparent")).split("-");
    if (traceId === undefined || spanId === undefined) return outer;
    return trace.setSpanContext(outer, { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true });
  },
};

const plugin = definePlugin({
  name: "traced",
  pipes: {
    "server:beforeNow": async (request) => {
      await new Promise(setImmediate);
      trace.getTracer("of the plugin").startSpan("own span").end();
      return request;
    },
    "server:beforeAdminExists": () => {
      throw new TypeError("broken");
    },
  },
  hooks: { "server:afterNow": () => {} },
  controllers: { traced: { run: action({ summary: "", run: async () => "ran" }) } },
});

before(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(propagator);
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  server = await startServer({ data: ":memory:", prepare: (backend) => backend.plugin.use(plugin) });
});

after(async () => {
  await server?.close();
  trace.disable();
  context.disable();
  propagation.disable();
});

beforeEach(() => exporter.reset());

async function spans(count: number): Promise<ReadonlyMap<string, ReadableSpan>> {
  await until(() => exporter.getFinishedSpans().length >= count, `${count} spans`);
  return new Map(exporter.getFinishedSpans().map((span) => [span.name, span]));
}

const parentOf = (span: ReadableSpan | undefined): string | undefined => span?.parentSpanContext?.spanId;
const idOf = (span: ReadableSpan | undefined): string | undefined => span?.spanContext().spanId;

test("a request has a span, its pipes and hooks have spans in it, and a span of a plugin's own finds its parent", async () => {
  await http(server, "GET", "/_now");
  const found = await spans(4);
  const request = found.get("server:now");
  const pipe = found.get("pipe server:beforeNow");
  assert.deepEqual(request?.attributes, {
    controller: "server",
    action: "now",
    protocol: "HTTP/1.1",
    status: 200,
    kuid: "-1",
  });
  assert.deepEqual(pipe?.attributes, { plugin: "traced", event: "server:beforeNow" });
  assert.equal(parentOf(request), undefined);
  assert.equal(parentOf(pipe), idOf(request));
  assert.equal(parentOf(found.get("own span")), idOf(pipe));
  assert.equal(parentOf(found.get("hook server:afterNow")), idOf(request));
  assert.equal(found.size, 4);
});

test("an action of a plugin has a span in that of its request, and the trace goes on that the client has begun", async () => {
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
  await http(server, "POST", "/_query", { controller: "traced", action: "run" }, headers);
  const found = await spans(2);
  const request = found.get("traced:run");
  assert.equal(parentOf(request), "b7ad6b7169203331");
  assert.equal(request?.spanContext().traceId, traceId);
  const run = found.get("action traced:run");
  assert.equal(parentOf(run), idOf(request));
  assert.deepEqual(run?.attributes, { plugin: "traced", event: "traced:run" });
});

test("what fails is marked, down to the pipe that did", async () => {
  const { status } = await http(server, "GET", "/_adminExists");
  assert.equal(status, 500);
  const found = await spans(2);
  const pipe = found.get("pipe server:beforeAdminExists");
  assert.equal(pipe?.status.code, SpanStatusCode.ERROR);
  assert.equal(pipe?.status.message, "broken");
  assert.equal(found.get("server:adminExists")?.status.code, SpanStatusCode.ERROR);
});

test("without a provider of tracers nothing is written", async () => {
  trace.disable();
  await using quiet = await startServer({ data: ":memory:", prepare: (backend) => backend.plugin.use(plugin) });
  assert.equal((await http(quiet, "GET", "/_now")).status, 200);
  assert.deepEqual(exporter.getFinishedSpans(), []);
});
