/** What the operator of a server sees of its plugins: figures, health and metrics. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { action, definePlugin } from "../../src/index.ts";
import { BadRequestError, type JSONObject } from "../../src/kernel/index.ts";
import { startServer, type TestServer } from "../../testing/index.ts";
import { recordingLogger } from "../../testing/server/recording-logger.ts";
import { http, httpText } from "../api/wire.ts";

type Health = Parameters<typeof definePlugin>[0]["health"];

/** A plugin with one of everything, on a server of its own. */
async function start(t: TestContext, health?: Health, config: JSONObject = {}): Promise<TestServer> {
  const plugin = definePlugin({
    name: "busy",
    ...(health === undefined ? {} : { health }),
    pipes: {
      "server:beforeNow": async (request) => {
        if (request.input.args.refuse !== undefined) throw new BadRequestError("no");
        return request;
      },
    },
    hooks: { "server:afterNow": () => {} },
    controllers: {
      busy: {
        run: action({
          summary: "Runs.",
          run: (_, request) => {
            if (request.input.args.fail !== undefined) throw new TypeError("broken");
            return "ran";
          },
        }),
      },
    },
  });
  const server = await startServer({ data: ":memory:", config, prepare: (backend) => backend.plugin.use(plugin) });
  t.after(() => server.close());
  return server;
}

const query = (server: TestServer, data: JSONObject) => http(server, "POST", "/_query", data);

async function someCalls(server: TestServer): Promise<void> {
  for (let i = 0; i < 3; i++) await query(server, { controller: "server", action: "now" });
  await query(server, { controller: "server", action: "now", refuse: 1 });
  await query(server, { controller: "busy", action: "run" });
  await query(server, { controller: "busy", action: "run", fail: 1 });
  await query(server, { controller: "no such", action: "thing" });
}

interface Info extends JSONObject {
  readonly serverInfo: {
    readonly tenon: { readonly plugins: Readonly<Record<string, JSONObject>>; readonly chains: object };
  };
}

test("server:info shows what each plugin was called for, how often it failed and how it is", async (t) => {
  const server = await start(t, () => ({ status: "yellow", message: "nearly full", left: 3 }));
  await someCalls(server);
  const { result } = await http<Info>(server, "GET", "/_serverInfo");
  const { tenon } = result.serverInfo;
  assert.deepEqual(tenon.chains, { running: 0, waiting: 0 });
  const { pipes, hooks, actions, ...others } = tenon.plugins.busy as Record<"pipes" | "hooks" | "actions", JSONObject>;
  const counts = ({ calls, errors, refused, slow, running }: JSONObject) => [calls, errors, refused, slow, running];
  assert.deepEqual(counts(pipes), [4, 0, 1, 0, 0]);
  assert.deepEqual(counts(hooks), [3, 0, 0, 0, 0]);
  assert.deepEqual(counts(actions), [2, 1, 0, 0, 0]);
  assert.ok(Number(pipes.p99Ms) >= Number(pipes.meanMs) && Number(pipes.meanMs) > 0);
  assert.deepEqual(others, {
    generation: "tenon",
    state: "running",
    onFailure: "fail",
    health: { status: "yellow", message: "nearly full", left: 3 },
  });
});

for (const [name, health, expected] of [
  ["answers nothing", () => {}, { status: "green" }],
  [
    "throws",
    () => {
      throw new Error("no connection");
    },
    { status: "red", message: "no connection" },
  ],
  ["rejects", () => Promise.reject(new Error("gone")), { status: "red", message: "gone" }],
  [
    "never answers",
    () => new Promise<never>(() => {}),
    { status: "red", message: "its health did not answer within 1000 ms" },
  ],
  [
    "answers garbage",
    () => 42 as never,
    {
      status: "red",
      message: 'its health must answer nothing, or an object whose "status" is "green", "yellow" or "red"',
    },
  ],
] as const) {
  test(`a health that ${name} is shown, and the services keep their own state`, async (t) => {
    const server = await start(t, health);
    const { status, result } = await http(server, "GET", "/_healthCheck");
    assert.equal(status, 200);
    const services = { internalCache: "green", memoryStorage: "green", storageEngine: "green" };
    assert.deepEqual(result, { status: "green", services, plugins: { busy: expected } });
    const some = await http(server, "GET", "/_healthCheck?services=storageEngine");
    assert.deepEqual(some.result, { status: "green", services: { storageEngine: "green" } });
  });
}

test("a rule for failures that is none stops the start and is named", async (t) => {
  for (const onFailure of ["sometimes", { disableAfter: 0 }, { disableAfter: 2, more: 1 }, 3]) {
    await assert.rejects(start(t, undefined, { "plugins.busy": { onFailure } }), /"busy".*plugins\.busy\.onFailure/);
  }
});

test("GET /metrics has the figures in the text form of Prometheus", async (t) => {
  const server = await start(t);
  await someCalls(server);
  const { status, text, headers } = await httpText(server, "GET", "/metrics");
  assert.equal(status, 200);
  assert.match(String(headers.get("content-type")), /^text\/plain; version=0\.0\.4/);
  const lines = new Set(text.split("\n"));
  for (const line of [
    "# TYPE tenon_requests_total counter",
    'tenon_requests_total{controller="server",action="now",status="200"} 3',
    'tenon_requests_total{controller="server",action="now",status="400"} 1',
    'tenon_requests_total{controller="busy",action="run",status="500"} 1',
    'tenon_requests_total{controller="unknown",action="unknown",status="404"} 1',
    "# TYPE tenon_request_duration_seconds histogram",
    "tenon_request_duration_seconds_count 7",
    'tenon_plugin_calls_total{plugin="busy",kind="pipes"} 4',
    'tenon_plugin_refusals_total{plugin="busy",kind="pipes"} 1',
    'tenon_plugin_errors_total{plugin="busy",kind="actions"} 1',
    'tenon_plugin_call_duration_seconds_bucket{plugin="busy",kind="hooks",le="+Inf"} 3',
    'tenon_plugin_disabled{plugin="busy"} 0',
    'tenon_plugin_health{plugin="busy"} 1',
    'tenon_connections{protocol="http/1.1"} 1',
    "tenon_requests_running 1",
    "tenon_indexes 0",
  ]) {
    assert.ok(lines.has(line), `${line}\nis not in\n${text}`);
  }
  assert.match(text, /^process_cpu_seconds_total \d/m);
  assert.match(text, /^nodejs_eventloop_lag_p99_seconds \d/m);
  const again = await httpText(server, "GET", "/metrics");
  assert.match(again.text, /tenon_requests_total\{controller="tenon",action="metrics",status="200"\} 1/);
});

test("figures are for those who have the right, and for the scraper that has the token", async (t) => {
  const token = "scrape-me";
  const server = await start(t, undefined, { "tenon.metrics.token": token });
  const admin = {
    content: {},
    credentials: { local: { username: "ada", password: "lovelace" } },
  };
  const { error } = await http(server, "POST", "/_createFirstAdmin?reset=true", admin);
  assert.equal(error, null);
  const scrape = async (authorization?: string, path = "/metrics") =>
    (await httpText(server, "GET", path, undefined, authorization === undefined ? {} : { authorization })).status;
  assert.equal(await scrape(), 401);
  assert.equal(await scrape("Bearer wrong"), 401);
  assert.equal(await scrape(`Bearer ${token}`), 200);
  assert.equal(await scrape(`Bearer ${token}`, "/_serverInfo"), 401, "it opens nothing else");
  const login = await http<{ jwt: string }>(server, "POST", "/_login/local", { username: "ada", password: "lovelace" });
  assert.equal(await scrape(`Bearer ${login.result.jwt}`), 200);
  const { text } = await httpText(server, "GET", "/_getConfig", undefined, {
    authorization: `Bearer ${login.result.jwt}`,
  });
  assert.doesNotMatch(text, new RegExp(token));
});

test("an index named metrics keeps its routes, and a plugin may serve the path itself", async (t) => {
  const server = await start(t);
  assert.equal((await http(server, "POST", "/metrics/_create")).error, null);
  assert.equal((await http(server, "GET", "/metrics/_list")).error, null);
  const plugin = definePlugin({
    name: "own-metrics",
    controllers: {
      own: {
        show: action({ summary: "", http: [{ verb: "GET", path: "/metrics" }], run: () => "its own" }),
      },
    },
  });
  const lines: string[] = [];
  const log = recordingLogger(lines);
  await using other = await startServer({ data: ":memory:", log, prepare: (backend) => backend.plugin.use(plugin) });
  assert.equal((await http<string>(other, "GET", "/metrics")).result, "its own");
  const told = lines.filter((line) => line.includes("http.route_taken"));
  const who = { route: "GET /metrics", by: "own:show", from: "tenon:metrics" };
  assert.deepEqual(told, [`warn http.route_taken ${JSON.stringify(who)} `]);
});
