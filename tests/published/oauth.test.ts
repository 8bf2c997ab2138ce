/** The published kuzzle-plugin-auth-passport-oauth, unmodified, with the published passport-github: a login by way of a (small) provider. */
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { dirname } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startServer, type TestServer } from "../../testing/index.ts";
import { enable, makeRoot } from "../../testing/plugins/plugin-server.ts";
import { http } from "../api/wire.ts";

const packageFolder = dirname(fileURLToPath(import.meta.resolve("kuzzle-plugin-auth-passport-oauth/package.json")));

/** Answers a token for the code "good", and the profile of whoever has it. */
function createProvider(): Server {
  return createServer((request, response) => {
    const json = (status: number, content: object): void => {
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(content));
    };
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      if (request.url?.startsWith("/profile")) {
        const known = String(request.headers.authorization ?? request.url).includes("t-ada");
        json(known ? 200 : 401, { id: 7, login: "ada", email: "ada@example.org", bio: "not kept" });
      } else if (body.includes("code=good")) json(200, { access_token: "t-ada", token_type: "bearer" });
      else json(401, { error: "bad_code" });
    });
  });
}

let provider: Server;
let server: TestServer;
let removeRoot: () => void = () => {};

before(async () => {
  provider = createProvider();
  await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
  const at = `http://127.0.0.1:${(provider.address() as { port: number }).port}`;
  const made = makeRoot();
  removeRoot = made.remove;
  const { root } = made;
  enable(root, "oauth", packageFolder);
  server = await startServer({
    root,
    data: ":memory:",
    config: {
      "plugins.kuzzle-plugin-auth-passport-oauth": {
        strategies: {
          github: {
            passportStrategy: "github",
            credentials: {
              clientID: "our-id",
              clientSecret: "our-secret",
              callbackURL: "http://localhost/back",
              authorizationURL: `${at}/authorize`,
              tokenURL: `${at}/token`,
              userProfileURL: `${at}/profile`,
            },
            persist: ["login", "email"],
            scope: ["user:email"],
            identifierAttribute: "login",
            kuzzleAttributesMapping: { email: "mail" },
          },
        },
        defaultProfiles: ["default"],
      },
    },
  });
});

after(async () => {
  await server?.close();
  provider?.close();
  removeRoot();
});

test("the first step sends the client to the provider, without a token", async () => {
  const answer = await fetch(`${server.url}/_login/github`, { redirect: "manual" });
  assert.equal(answer.status, 302);
  const target = new URL(answer.headers.get("location") ?? "");
  assert.deepEqual(
    [target.pathname, target.searchParams.get("client_id"), target.searchParams.get("scope")],
    ["/authorize", "our-id", "user:email"],
  );
  const { result } = (await answer.json()) as { result: { jwt?: string } };
  assert.equal(result?.jwt, undefined);
});

test("the code of the provider logs in: a user is made with what is to be kept of the profile", async () => {
  const login = await http<{ _id: string; jwt: string }>(server, "GET", "/_login/github?code=good");
  assert.equal(login.error, null);
  const { _id, jwt } = login.result;
  const me = await http(server, "GET", "/_me", undefined, { Authorization: `Bearer ${jwt}` });
  assert.deepEqual([me.result._id, me.result.strategies], [_id, ["github"]]);
  const kept = await http(server, "GET", `/credentials/github/${_id}`);
  assert.partialDeepStrictEqual(kept.result, { login: "ada", mail: "ada@example.org" });
  assert.equal(kept.result.bio, undefined);
  const again = await http<{ _id: string }>(server, "GET", "/_login/github?code=good");
  assert.equal(again.result._id, _id, "the same person is the same user");
});

test("a code that the provider does not know logs nobody in", async () => {
  const refused = await http(server, "GET", "/_login/github?code=bad");
  assert.ok(refused.status >= 400);
  assert.equal(refused.result, null);
});
