/** Logins that go by way of a real provider of OAuth 2 and OpenID Connect, with its pages for login and consent, through published strategies. */
import assert from "node:assert/strict";
import { request as forward } from "node:http";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startServer, type TestServer } from "../../testing/index.ts";
import { enable, makeRoot } from "../../testing/plugins/plugin-server.ts";
import { Browser, type Page } from "./browser.ts";
import { client, consentAs, listen, serveProvider } from "./identity-provider.ts";
import { OAuthPlugin } from "./oauth-plugin.ts";
import { OpenIdClientPlugin } from "./openid-client-plugin.ts";

const companyLogin = fileURLToPath(new URL("../../examples/strategies/company-login", import.meta.url));

let provider: Awaited<ReturnType<typeof listen>>;
/** What clients and the provider reach: it hands requests to one of the nodes, as they come. */
let balancer: Awaited<ReturnType<typeof listen>>;
let nodes: { server: TestServer; plugin: OAuthPlugin; removeRoot: () => void }[] = [];
let current = 0;

before(async () => {
  balancer = await listen((incoming, answer) => {
    const { port = 0 } = nodes[current]?.server ?? {};
    const { url, method, headers } = incoming;
    const onward = forward({ host: "127.0.0.1", port, path: url, method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(answer);
    });
    incoming.pipe(onward);
  });
  provider = await listen();
  const callbacks = ["company", "oauth", "openid"].map((strategy) => `${balancer.url}/_login/${strategy}`);
  serveProvider(provider.server, provider.url, callbacks);
  nodes = await Promise.all([startNode(), startNode()]);
});

after(async () => {
  for (const { server, removeRoot } of nodes) {
    await server.close();
    removeRoot();
  }
  await balancer?.close();
  await provider?.close();
});

/** Nodes share what all nodes share here: the secret of the tokens. */
async function startNode(): Promise<{ server: TestServer; plugin: OAuthPlugin; removeRoot: () => void }> {
  const { root, remove } = makeRoot();
  enable(root, "company-login", companyLogin);
  // Relative: the strategy finds out by which address it was asked.
  const plugin = new OAuthPlugin(provider.url, "/_login/oauth");
  const server = await startServer({
    root,
    data: ":memory:",
    prepare: (backend) => {
      backend.plugin.use(plugin, { name: "oauth-plugin" });
      const openId = new OpenIdClientPlugin(provider.url, `${balancer.url}/_login/openid`);
      backend.plugin.use(openId, { name: "openid-client-plugin" });
    },
    config: {
      "security.authToken.secret": "the same on all nodes, and long enough",
      "plugins.company-login": {
        provider: {
          ...client,
          issuer: provider.url,
          authorizationURL: `${provider.url}/auth`,
          tokenURL: `${provider.url}/token`,
          userInfoURL: `${provider.url}/me`,
          callbackURL: `${balancer.url}/_login/company`,
          nonce: true,
          skipUserProfile: false,
        },
      },
    },
  });
  return { server, plugin, removeRoot: remove };
}

interface Answer {
  readonly status: number;
  readonly result: { readonly _id: string; readonly jwt: string } | null;
  readonly error: { readonly id: string; readonly status: number; readonly message: string } | null;
}
const answerOf = ({ text }: Page): Answer => JSON.parse(text) as Answer;

const callbackOf = (strategy: string): string => `${balancer.url}/_login/${strategy}`;

/** Up to the redirect that brings the code. */
const consent = (browser: Browser, strategy: string, name = "ada"): Promise<Page> =>
  consentAs(browser, name, callbackOf(strategy), callbackOf(strategy));

function located({ location, status, text }: Page): URL {
  assert.ok(location, `no redirect: ${status} ${text.slice(0, 300)}`);
  return location;
}

async function whoHas(jwt: string): Promise<{ _id: string; strategies: string[]; _source: { name: string } }> {
  const answer = await fetch(`${balancer.url}/_me`, { headers: { Authorization: `Bearer ${jwt}` } });
  return ((await answer.json()) as { result: { _id: string; strategies: string[]; _source: { name: string } } }).result;
}

for (const [strategy, name] of [
  ["company", "ada of the company"],
  ["oauth", "ada of the company"],
] as const) {
  test(`${strategy}: login and consent at the provider make a user and a token, and the second login finds that user`, async () => {
    const browser = new Browser();
    const first = await browser.visit(callbackOf(strategy));
    assert.equal(first.status, 302);
    assert.equal(located(first).origin, provider.url);
    const [cookie = ""] = first.cookies;
    assert.match(cookie, /^loginSession=[\w-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/);
    const step = JSON.parse(first.text) as { result: object };
    assert.deepEqual(Object.keys(step.result).sort(), ["headers", "statusCode"], "no token yet");
    assert.ok(!first.text.includes(cookie.slice(13, 40)), "the session is in the cookie only");

    const done = await browser.visit(located(await consent(browser, strategy)));
    const { result } = answerOf(done);
    assert.ok(result, done.text);
    assert.match(result.jwt, /^kauth-/);
    const me = await whoHas(result.jwt);
    assert.deepEqual([me._id, me.strategies, me._source.name], [result._id, [strategy], name]);
    assert.ok(!browser.cookies.has("loginSession"), "the session ends with the login");

    const again = await browser.visit(located(await consent(new Browser(), strategy)));
    assert.equal(again.status, 401, "another browser has not begun this login");
    const sameBrowser = new Browser();
    const second = await sameBrowser.visit(located(await consent(sameBrowser, strategy)));
    assert.equal(answerOf(second).result?._id, result._id);
  });

  test(`${strategy}: one node begins a login, another one ends it`, async (t) => {
    t.after(() => (current = 0));
    const browser = new Browser();
    const back = located(await consent(browser, strategy, "grace"));
    current = 1;
    const { result } = answerOf(await browser.visit(back));
    assert.equal((await whoHas(result?.jwt ?? ""))._source.name, "grace of the company");
  });

  test(`${strategy}: a state that is forged, missing, of another browser or used before logs nobody in`, async () => {
    const browser = new Browser();
    const back = located(await consent(browser, strategy));
    const kept = browser.cookies.get("loginSession") ?? "";
    const other = strategy === "company" ? "oauth" : "company";
    const otherBrowser = new Browser();
    await otherBrowser.visit(callbackOf(other));
    const tries: readonly (readonly [string, string | undefined, (url: URL) => void])[] = [
      ["a forged state", kept, (url) => url.searchParams.set("state", "forged")],
      ["no state", kept, (url) => url.searchParams.delete("state")],
      ["no cookie", undefined, () => {}],
      ["an altered cookie", `${kept.slice(0, -2)}${kept.endsWith("AA") ? "BB" : "AA"}`, () => {}],
      ["the cookie of another strategy", otherBrowser.cookies.get("loginSession"), () => {}],
      ["no cookie of ours", "AAAA", () => {}],
    ];
    for (const [what, cookie, change] of tries) {
      const stranger = new Browser();
      if (cookie !== undefined) stranger.cookies.set("loginSession", cookie);
      const url = new URL(back);
      change(url);
      const { status, text } = await stranger.visit(url);
      const { error } = JSON.parse(text) as Answer;
      assert.deepEqual([status, error?.id], [401, "plugin.strategy.missing_user"], what);
      assert.match(error?.message ?? "", /authorization request state/, what);
      assert.ok(!stranger.cookies.has("loginSession") || cookie !== kept, `${what}: a state is good for one try`);
    }
    assert.equal((await browser.visit(back)).status, 200, "whoever has begun it goes on");
    const spent = await browser.visit(back);
    assert.deepEqual([spent.status, answerOf(spent).error?.id], [401, "plugin.strategy.missing_user"]);
  });

  test(`${strategy}: a code that was used before, by whoever has kept the cookie, fails at the provider`, async () => {
    const browser = new Browser();
    const back = located(await consent(browser, strategy));
    const kept = browser.cookies.get("loginSession") ?? "";
    assert.equal((await browser.visit(back)).status, 200);
    browser.cookies.set("loginSession", kept);
    const { status, text } = await browser.visit(back);
    const { error } = JSON.parse(text) as Answer;
    assert.deepEqual([status, error?.id], [500, "plugin.runtime.unexpected_error"]);
    assert.ok(!text.includes(client.clientSecret) && !text.includes("node_modules"), text);
  });

  test(`${strategy}: who declines at the provider is refused, with the provider's words`, async () => {
    const browser = new Browser();
    const asked = await browser.follow(await browser.visit(callbackOf(strategy)));
    const declined = await browser.follow(await browser.visit(new URL(`${asked.url.pathname}/abort`, asked.url)));
    assert.equal(declined.url.searchParams.get("error"), "access_denied");
    const { error, status } = answerOf(declined);
    assert.deepEqual(
      [status, error?.id, error?.message],
      [401, "plugin.strategy.missing_user", "End-User aborted interaction"],
    );
  });

  test(`${strategy}: another error of the provider is told as such`, async () => {
    const { status, text } = await new Browser().visit(
      `${callbackOf(strategy)}?error=server_error&error_description=Out+of+order`,
    );
    const { error } = JSON.parse(text) as Answer;
    assert.deepEqual([status, error?.id], [500, "plugin.runtime.unexpected_error"]);
    assert.match(error?.message ?? "", /^Out of order/);
  });
}

test("several first logins of one person at once make one user, and each of them logs in", async () => {
  for (const name of ["linus", "margaret", "barbara"]) {
    const begun = await Promise.all(
      [1, 2, 3].map(async () => {
        const browser = new Browser();
        return { browser, back: located(await consent(browser, "company", name)) };
      }),
    );
    const answers = await Promise.all(begun.map(async ({ browser, back }) => answerOf(await browser.visit(back))));
    const kuids = answers.map(({ result, error }) => result?._id ?? error?.message);
    assert.equal(new Set(kuids).size, 1, kuids.join());
    for (const { result } of answers) assert.equal((await whoHas(result?.jwt ?? ""))._id, kuids[0]);
    const sdk = nodes[0]?.server.backend.sdk;
    await sdk?.security.refresh("users");
    const made = (await sdk?.query({ controller: "security", action: "searchUsers", body: {}, size: 100 })) as {
      result: { hits: { _source: { name: string } }[] };
    };
    const named = made.result.hits.filter(({ _source }) => _source.name === `${name} of the company`);
    assert.equal(named.length, 1, "nothing is left of the others");
  }
});

test("the verifier of PKCE goes with the login, and the provider checks it", async () => {
  const browser = new Browser();
  const first = await browser.visit(callbackOf("oauth"));
  assert.equal(located(first).searchParams.get("code_challenge_method"), "S256");
  assert.ok(!(browser.cookies.get("loginSession") ?? "").includes("code_verifier"));
  // The code of one login with the session of another: its own state, but the verifier of that other one.
  const back = located(await consent(browser, "oauth"));
  const other = new Browser();
  const otherState = located(await other.visit(callbackOf("oauth"))).searchParams.get("state") ?? "";
  const mixed = new URL(back);
  mixed.searchParams.set("state", otherState);
  const { status, text } = await other.visit(mixed);
  assert.deepEqual([status, (JSON.parse(text) as Answer).error?.id], [500, "plugin.runtime.unexpected_error"]);
});

test("verify is given as many arguments as it declares: here what the token endpoint has answered", async () => {
  const browser = new Browser();
  const back = located(await consent(browser, "oauth", "joan"));
  assert.equal((await browser.visit(back)).status, 200);
  const seen = nodes[0]?.plugin.seen.at(-1);
  assert.deepEqual([seen?.subject, seen?.state], ["joan", back.searchParams.get("state")]);
  assert.deepEqual([seen?.params.token_type, typeof seen?.params.id_token], ["Bearer", "string"]);
});

test("verify may refuse whom the provider knows", async () => {
  const browser = new Browser();
  const { status, text } = await browser.visit(located(await consent(browser, "oauth", "mallory")));
  const { error } = JSON.parse(text) as Answer;
  assert.deepEqual(
    [status, error?.id, error?.message],
    [401, "plugin.strategy.missing_user", "mallory is not welcome"],
  );
});

test("the strategy of openid-client logs in, on another node than where it began, and once by its session", async (t) => {
  t.after(() => (current = 0));
  const browser = new Browser();
  const back = located(await consent(browser, "openid", "edsger"));
  current = 1;
  const { result, error } = answerOf(await browser.visit(back));
  assert.equal(error, null);
  assert.equal((await whoHas(result?.jwt ?? ""))._source.name, "edsger of the company");
  const again = answerOf(await browser.visit(back));
  assert.deepEqual([again.status, again.error?.message], [401, "Unable to verify authorization request state"]);
});
