/** Strategies that fail in every way they can: the client gets an error that says so, soon, and nothing of what is nobody's business. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { connectWebSocket, startServer, type TestServer } from "../../testing/index.ts";
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
