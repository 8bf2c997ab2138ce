/** Strategies that fail in every way they can: the client gets an error that says so, soon, and nothing of what is nobody's business. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, type TestContext, test } from "node:test";
import {
  connectWebSocket,
  type SpawnedServer,
  spawnServer,
  startServer,
  type TestServer,
} from "../../testing/index.ts";
import { writeFiles } from "../../testing/plugins/plugin-server.ts";
import { until } from "../api/wire.ts";
import { Browser } from "./browser.ts";
import { client, listen } from "./identity-provider.ts";
import { OAuthPlugin } from "./oauth-plugin.ts";
import { PlainPlugin, type StrategyClass } from "./plain-plugin.ts";

/** What Passport gives to a strategy while it runs. */
interface Running {
  success(user: unknown): void;
  fail(words?: unknown): void;
  error(error: unknown): void;
  redirect(url: string): void;
  pass(): void;
}
type Verify = (...args: unknown[]) => void;

/** A strategy of Passport that does `run`. */
const strategyThat = (run: (this: Running, request: object, verify: Verify) => unknown): StrategyClass =>
  class {
    readonly verify: Verify;
    constructor(_options: object, verify: Verify) {
      this.verify = verify;
    }
    authenticate(request: object): unknown {
      return run.call(this as unknown as Running, request, this.verify);
    }
  };

const calling = strategyThat(function (request, verify) {
  verify(request, (error: unknown, user: unknown, info: unknown) => {
    if (error) this.error(error);
    else if (user) this.success(user);
    else this.fail(info);
  });
});
const never = (): Promise<never> => new Promise(() => {});
const nobody = async (): Promise<object> => ({ kuid: null });
const password = "hunter2, a secret of the plugin";

const written = {
  throws: {
    authenticator: strategyThat(() => {
      throw new TypeError("broken at once");
    }),
    verify: nobody,
  },
  rejects: {
    authenticator: strategyThat(async () => {
      throw new TypeError("broken later");
    }),
    verify: nobody,
  },
  fails: {
    authenticator: strategyThat(function () {
      this.error(Object.assign(new Error("no directory"), { password }));
    }),
    verify: nobody,
  },
  silent: { authenticator: strategyThat(() => {}), verify: nobody },
  waits: { authenticator: calling, verify: never },
  passes: {
    authenticator: strategyThat(function () {
      this.pass();
    }),
    verify: nobody,
  },
  twice: {
    authenticator: strategyThat(function (request, verify) {
      verify(request, (_error: unknown, user: unknown) => {
        this.success(user);
        this.success(user);
        this.fail("too late");
        this.error(new Error("too late"));
        this.redirect("https://elsewhere.example");
      });
    }),
    verify: async () => ({ kuid: "ada" }),
  },
  thenThrows: {
    authenticator: strategyThat(function () {
      this.redirect("https://provider.example");
      throw new Error("too late");
    }),
    verify: nobody,
  },
  forged: {
    authenticator: strategyThat(function () {
      this.success({ _id: "ada", profileIds: ["admin"] });
    }),
    verify: nobody,
  },
  unknown: { authenticator: calling, verify: async () => ({ kuid: "nobody" }) },
  anonymous: { authenticator: calling, verify: async () => ({ kuid: "-1" }) },
  number: { authenticator: calling, verify: async () => ({ kuid: 7 }) },
  text: { authenticator: calling, verify: async () => "ada" },
  notAsync: { authenticator: calling, verify: () => ({ kuid: "ada" }) },
  throwing: {
    authenticator: calling,
    verify: () => {
      throw Object.assign(new TypeError("in verify"), { password });
    },
  },
  greedy: {
    authenticator: strategyThat(function (request) {
      (request as { session: { all?: string } }).session.all = "x".repeat(5_000);
      this.redirect("https://provider.example");
    }),
    verify: nobody,
  },
  winding: {
    authenticator: strategyThat(function (request) {
      const { session } = request as { session: { self?: object } };
      session.self = session;
      this.redirect("https://provider.example");
    }),
    verify: nobody,
  },
};

let server: TestServer;
let silentProvider: Awaited<ReturnType<typeof listen>>;

before(async () => {
  silentProvider = await listen(() => {});
  const closed = await listen();
  await closed.close();
  const plain = new PlainPlugin(written);
  server = await startServer({
    data: ":memory:",
    config: { "tenon.login.timeout": 500, "limits.loginsPerSecond": 100 },
    prepare: (backend) => {
      backend.plugin.use(plain, { name: "misbehaving", manifest: { kuzzleVersion: ">=2.0.0" } });
      const away = new OAuthPlugin(closed.url, "/_login/oauth");
      backend.plugin.use(away, { name: "away" });
      const silent = new OAuthPlugin(silentProvider.url, "/_login/hanging");
      const { init } = silent;
      silent.init = async (config, context) => {
        await init.call(silent, config, context);
        silent.strategies = { hanging: (silent.strategies as { oauth: object }).oauth };
      };
      backend.plugin.use(silent, { name: "silent" });
    },
  });
  const ws = await connectWebSocket(server);
  await ws.security.createUser("ada", { content: { profileIds: ["default"] }, credentials: {} } as never);
  ws.disconnect();
});

after(async () => {
  await server?.close();
  await silentProvider?.close();
});

interface Answer {
  readonly status: number;
  readonly result: { readonly _id?: string } | null;
  readonly error: { readonly id: string; readonly message: string } | null;
}

/** An answer tells no secret and no place in the code. */
function parseClean(text: string): Answer {
  for (const secret of [password, client.clientSecret, "node_modules", ".ts:", ".js:", "ECONNREFUSED"]) {
    assert.ok(!text.includes(secret), `${secret} in ${text}`);
  }
  return JSON.parse(text) as Answer;
}

const failed = "plugin.runtime.unexpected_error";
const refused = "plugin.strategy.missing_user";
for (const [strategy, status, id, words] of [
  ["throws", 500, failed, /broken at once/],
  ["rejects", 500, failed, /broken later/],
  ["fails", 500, failed, /no directory/],
  ["silent", 504, "plugin.strategy.timeout", /"silent" did not answer within 500 ms/],
  ["waits", 504, "plugin.strategy.timeout", /"waits" did not answer within 500 ms/],
  ["passes", 401, refused, /was refused/],
  ["forged", 401, refused, /was refused/],
  ["unknown", 500, "plugin.strategy.unknown_kuid", /unknown/],
  ["anonymous", 500, "plugin.strategy.unknown_kuid", /anonymous/],
  ["number", 500, "plugin.strategy.invalid_kuid", /number/],
  ["text", 500, "plugin.strategy.invalid_verify_resolve", /text/],
  ["notAsync", 500, "plugin.strategy.invalid_verify_return", /notAsync/],
  ["throwing", 500, failed, /in verify/],
  ["greedy", 500, failed, /more in its session than a cookie holds/],
  ["winding", 500, failed, /circular/],
] as const) {
  test(`a strategy that misbehaves (${strategy}) is answered ${status} ${id}, over HTTP and WebSocket`, async () => {
    const response = await fetch(`${server.url}/_login/${strategy}`, { method: "POST", redirect: "manual" });
    const { error, result } = parseClean(await response.text());
    assert.deepEqual([response.status, result, error?.id], [status, null, id]);
    assert.match(error?.message ?? "", words);
    const ws = await connectWebSocket(server);
    await assert.rejects(ws.auth.login(strategy, {}), { status, id });
    assert.equal(((await ws.query({ controller: "server", action: "now" })).result as { now: number }).now > 0, true);
    ws.disconnect();
  });
}

test("what a strategy says after its first answer changes nothing", async () => {
  const twice = parseClean(await (await fetch(`${server.url}/_login/twice`)).text());
  assert.deepEqual([twice.status, twice.result?._id], [200, "ada"]);
  const step = await fetch(`${server.url}/_login/thenThrows`, { redirect: "manual" });
  assert.deepEqual([step.status, step.headers.get("location")], [302, "https://provider.example"]);
});

for (const [strategy, status, id] of [
  ["oauth", 500, failed],
  ["hanging", 504, "plugin.strategy.timeout"],
] as const) {
  test(`a provider that ${strategy === "oauth" ? "cannot be reached" : "never answers"} fails the login: ${status}`, async () => {
    const browser = new Browser();
    const { location } = await browser.visit(`${server.url}/_login/${strategy}`);
    const state = location?.searchParams.get("state") ?? "";
    const back = await browser.visit(`${server.url}/_login/${strategy}?code=any&state=${encodeURIComponent(state)}`);
    const { error } = parseClean(back.text);
    assert.deepEqual([back.status, error?.id], [status, id], back.text);
  });
}

/** What strategies do outside of any promise that somebody awaits. `ada` may log in, and creating credentials works like a login. */
const careless = `
const soon = (run) => setTimeout(run, 5);
const throws = (words) => () => { throw new Error(words); };
class Way {
  constructor(options, verify) { this.verify = verify; }
  authenticate(request) {
    this.verify(request, (error, user, info) => (error ? this.error(error) : user ? this.success(user) : this.fail(info)));
  }
}
class Begins extends Way {
  authenticate() { soon(throws("thrown by the class")); }
}
const kuid = "ada";
const verifies = {
  answered: async () => { soon(throws("after its answer")); return { kuid }; },
  hanging: () => new Promise(() => soon(throws("instead of an answer"))),
  rejected: async () => { soon(() => Promise.reject(new Error("rejected later"))); return { kuid }; },
  neither: () => new Promise(() => soon(() => Promise.reject(new Error("rejected instead")))),
  text: () => new Promise(() => soon(() => { throw "no error at all"; })),
  begins: async () => ({ kuid }),
};
module.exports = class Careless {
  async init() {
    this.authenticators = { Way, Begins };
    this.strategies = {};
    for (const [name, verify] of Object.entries(verifies)) {
      this["verify_" + name] = verify;
      const methods = { create: "create", update: "create", delete: "nothing", exists: "nothing", validate: "yes", verify: "verify_" + name };
      this.strategies[name] = { config: { authenticator: name === "begins" ? "Begins" : "Way" }, methods };
    }
  }
  create() { return new Promise(() => soon(throws("while it created"))); }
  async nothing() { return false; }
  async yes() { return true; }
};`;

async function startCareless(t: TestContext, env: readonly string[] = []): Promise<SpawnedServer> {
  const root = await mkdtemp(join(tmpdir(), "tenon-careless-"));
  t.after(() => rm(root, { recursive: true, force: true }));
  writeFiles(root, {
    "plugins/enabled/careless/manifest.json": JSON.stringify({ name: "careless", kuzzleVersion: ">=2.0.0 <3.0.0" }),
    "plugins/enabled/careless/index.js": careless,
  });
  const spawned = await spawnServer(root, ["--limits.loginsPerSecond", "100", ...env]);
  t.after(() => spawned.kill("SIGKILL"));
  const content = { profileIds: ["default"] };
  const created = await fetch(`${spawned.url}/users/ada/_create`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ content }),
  });
  assert.equal(created.status, 200);
  return spawned;
}

interface Logged {
  readonly msg: string;
  readonly plugin?: string;
  readonly strategy?: string;
  readonly err?: { readonly message: string };
}

test("what a strategy throws later fails its login alone, is logged with its name, and the server lives on", async (t) => {
  const spawned = await startCareless(t);
  let ended: number | null | undefined;
  spawned.child.once("exit", (code) => {
    ended = code;
  });
  for (const [strategy, event, words, status] of [
    ["answered", "process.strategy_failed", "after its answer", 200],
    ["hanging", "process.strategy_failed", "instead of an answer", 500],
    ["begins", "process.strategy_failed", "thrown by the class", 500],
    ["text", "process.strategy_failed", "no error at all", 500],
    ["rejected", "process.unhandled_rejection", "rejected later", 200],
    ["neither", "process.unhandled_rejection", "rejected instead", 500],
  ] as const) {
    const response = await fetch(`${spawned.url}/_login/${strategy}`, { signal: AbortSignal.timeout(5_000) });
    const answer = parseClean(await response.text());
    assert.deepEqual([answer.status, answer.error?.id], [status, status === 200 ? undefined : failed], strategy);
    if (status === 500) assert.match(answer.error?.message ?? "", new RegExp(words));
    await until(() => spawned.log.some((line) => line.includes(words) && line.includes(event)), words);
    const lines = spawned.log.filter((line) => line.includes(event)).map((line) => JSON.parse(line) as Logged);
    const line = lines.find(({ err, ...others }) => JSON.stringify({ ...others, err }).includes(words));
    assert.deepEqual([line?.plugin, line?.strategy], ["careless", strategy]);
  }
  const created = await fetch(`${spawned.url}/credentials/answered/ada/_create`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
    signal: AbortSignal.timeout(5_000),
  });
  const { error } = parseClean(await created.text());
  assert.deepEqual([created.status, error?.id], [500, failed]);
  assert.match(error?.message ?? "", /while it created/);
  assert.equal((await fetch(`${spawned.url}/_now`)).status, 200);
  assert.equal(ended, undefined, String(spawned.log.at(-1)));
});

test("nor do dumps on crashes end it", async (t) => {
  const spawned = await startCareless(t, ["--dump.enabled"]);
  const response = await fetch(`${spawned.url}/_login/hanging`, { signal: AbortSignal.timeout(5_000) });
  assert.equal(parseClean(await response.text()).error?.id, failed);
  assert.equal((await fetch(`${spawned.url}/_now`)).status, 200);
  assert.equal(spawned.log.filter((line) => line.includes("process.strategy_failed")).length, 1, "told once");
});
