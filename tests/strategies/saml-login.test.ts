/** Logins by SAML 2.0: a published strategy, and a real provider whose answers come back as forms. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { inflateRawSync } from "node:zlib";
import { startServer, type TestServer } from "../../testing/index.ts";
import { Browser, type Page } from "./browser.ts";
import { listen } from "./identity-provider.ts";
import { PlainPlugin, type StrategyClass } from "./plain-plugin.ts";
import { makeKeys, type ProviderKeys, providerName, samlProvider } from "./saml-provider.ts";

const { Strategy } = createRequire(import.meta.url)("@node-saml/passport-saml") as { Strategy: StrategyClass };

type Listening = Awaited<ReturnType<typeof listen>>;
let server: TestServer;
let provider: Listening;
/** Has the name of the provider, and other keys. */
let forger: Listening;
let callbackUrl = "";

before(async () => {
  const keys = makeKeys();
  provider = await listen();
  forger = await listen();
  // The server's own address is part of what it is configured with, and the port is free to choose: the provider's address stands for it.
  const front = await listen();
  const { port } = front.server.address() as { port: number };
  await front.close();
  callbackUrl = `http://127.0.0.1:${port}/_login/saml`;
  const serve = ({ server: { on } }: Listening, own: ProviderKeys, at: Listening): unknown =>
    on.call(at.server, "request", samlProvider(own, callbackUrl));
  serve(provider, keys, provider);
  serve(forger, makeKeys(), forger);
  let backend: TestServer["backend"] | undefined;
  const plugin: PlainPlugin = new PlainPlugin({
    saml: {
      authenticator: Strategy,
      strategyOptions: {
        entryPoint: `${provider.url}/sso`,
        issuer: "tenon",
        callbackUrl,
        idpCert: keys.trusted,
        idpIssuer: providerName,
        validateInResponseTo: "always",
        identifierFormat: null,
      },
      verify: async (_request: unknown, { nameID }: { nameID: string }) => {
        const known = plugin.kuidOf("saml", nameID);
        if (known !== undefined) return { kuid: known };
        const credentials = { saml: { name: nameID } };
        const user = await backend?.sdk.security.createUser(null, {
          content: { profileIds: ["default"] },
          credentials,
        } as never);
        return { kuid: user?._id };
      },
    },
  });
  server = await startServer({
    data: ":memory:",
    config: { "server.port": port, "http.accessControlAllowOrigin": [provider.url] },
    prepare: (given) => {
      backend = given;
      given.plugin.use(plugin, { name: "saml-plugin", manifest: { kuzzleVersion: ">=2.0.0" } });
    },
  });
});

after(async () => {
  await server?.close();
  await provider?.close();
  await forger?.close();
});

/** The form with which the provider sends the browser back. */
async function formOf(name: string, at: Listening = provider): Promise<Page> {
  const browser = new Browser();
  const first = await browser.visit(callbackUrl);
  assert.equal(first.status, 302);
  assert.ok(first.location);
  const asked = new URL(first.location);
  asked.host = new URL(at.url).host;
  return browser.submit(await browser.visit(asked), { login: name });
}

const responseIn = ({ text }: Page): string => /name="SAMLResponse"\s+value="([^"]+)"/.exec(text)?.[1] ?? "";

interface Answer {
  readonly status: number;
  readonly result: { readonly _id: string; readonly jwt: string } | null;
  readonly error: { readonly id: string; readonly message: string } | null;
}

/** As a browser posts it: from the provider's site, without the cookies of ours. */
async function post(samlResponse: string, url = callbackUrl): Promise<Answer> {
  const body = new URLSearchParams({ SAMLResponse: samlResponse, RelayState: "" });
  const answer = await fetch(url, { method: "POST", body, headers: { Origin: provider.url } });
  return (await answer.json()) as Answer;
}

const changed = (samlResponse: string, change: (xml: string) => string): string => {
  const xml = Buffer.from(samlResponse, "base64").toString();
  const other = change(xml);
  assert.notEqual(other, xml, "something was changed");
  return Buffer.from(other).toString("base64");
};

function assertRefused(answer: Answer, words: RegExp): void {
  assert.deepEqual([answer.status, answer.error?.id, answer.result], [500, "plugin.runtime.unexpected_error", null]);
  assert.match(answer.error?.message ?? "", words);
}

test("the browser goes to the provider with a request, and comes back with a form that logs in", async () => {
  const first = await new Browser().visit(callbackUrl);
  assert.equal(first.location?.origin, provider.url);
  const asked = first.location?.searchParams.get("SAMLRequest") ?? "";
  const request = inflateRawSync(Buffer.from(asked, "base64")).toString();
  assert.match(request, /<samlp:AuthnRequest /);
  assert.ok(request.includes(`AssertionConsumerServiceURL="${callbackUrl}"`), request);

  const { status, result } = await post(responseIn(await formOf("ada")));
  assert.equal(status, 200);
  const me = await fetch(`${server.url}/_me`, { headers: { Authorization: `Bearer ${result?.jwt}` } });
  const user = ((await me.json()) as { result: { _id: string; strategies: string[] } }).result;
  assert.deepEqual([user._id, user.strategies], [result?._id, ["saml"]]);
  const again = await post(responseIn(await formOf("ada")));
  assert.equal(again.result?._id, result?._id, "the second login finds that user");
  const other = await post(responseIn(await formOf("grace")));
  assert.notEqual(other.result?._id, result?._id);
});

test("the form may be a multipart one, and the token may come in a cookie", async () => {
  const form = new FormData();
  form.set("SAMLResponse", responseIn(await formOf("ada")));
  const answer = await fetch(`${callbackUrl}?cookieAuth`, { method: "POST", body: form });
  assert.equal(answer.status, 200, await answer.clone().text());
  assert.match(answer.headers.getSetCookie().join(), /^authToken=kauth-/);
});

for (const [what, alter, words] of [
  ["was altered", (xml: string) => xml.replaceAll(">ada<", ">eve<"), /Invalid document signature/],
  [
    "lost its signatures",
    (xml: string) => xml.replaceAll(/<Signature .*?<\/Signature>/gs, ""),
    /Invalid document signature/,
  ],
  ["is no SAML", () => "<no-saml/>", /InResponseTo is missing/],
] as const) {
  test(`an answer that ${what} is refused`, async () => {
    const good = responseIn(await formOf("ada"));
    assertRefused(await post(changed(good, alter)), words);
  });
}

test("what another has signed in the provider's name is refused", async () => {
  assertRefused(await post(responseIn(await formOf("ada", forger))), /signature/i);
});

test("an assertion that was used before is refused", async () => {
  const once = responseIn(await formOf("ada"));
  assert.equal((await post(once)).status, 200);
  assertRefused(await post(once), /InResponseTo is not valid/);
});

test("an assertion that has ended is refused", async () => {
  assertRefused(await post(responseIn(await formOf("late"))), /No valid subject confirmation/);
});

test("a form from a site that is not named among the origins is refused", async () => {
  const body = new URLSearchParams({ SAMLResponse: responseIn(await formOf("ada")) });
  const answer = await fetch(callbackUrl, { method: "POST", body, headers: { Origin: "https://elsewhere.example" } });
  assert.equal(((await answer.json()) as Answer).error?.id, "api.process.unauthorized_origin");
});
