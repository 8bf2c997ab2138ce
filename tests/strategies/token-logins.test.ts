/** Published strategies that look at one request: JSON web tokens, bearer tokens, Basic, and a directory by LDAP. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import jsonwebtoken from "jsonwebtoken";
import { connectHttp, connectWebSocket, startServer, type TestServer } from "../../testing/index.ts";
import { type Directory, serveDirectory } from "./directory.ts";
import { PlainPlugin, type StrategyClass } from "./plain-plugin.ts";

const require = createRequire(import.meta.url);
interface JwtModule {
  readonly Strategy: StrategyClass;
  readonly ExtractJwt: { fromBodyField(name: string): unknown; fromAuthHeaderWithScheme(scheme: string): unknown };
}
const { Strategy: JwtStrategy, ExtractJwt } = require("passport-jwt") as JwtModule;
const { Strategy: BearerStrategy } = require("passport-http-bearer") as { Strategy: StrategyClass };
const { BasicStrategy } = require("passport-http") as { BasicStrategy: StrategyClass };
const LdapStrategy = require("passport-ldapauth") as StrategyClass;

const secret = "between the issuer of these tokens and the plugin";
const issued = { issuer: "https://issuer.example", audience: "tenon" };
const jwtOptions = { secretOrKey: secret, algorithms: ["HS256"], ...issued };
const known = { kuid: "ada" };
const unknown = { kuid: null };

let directory: Directory;
let server: TestServer;

before(async () => {
  directory = await serveDirectory({ ada: "lovelace", grace: "hopper" });
  const verifyJwt = async (_request: object, { sub }: { sub?: string }) => (sub === "ada" ? known : unknown);
  const plugin = new PlainPlugin({
    jwt: {
      authenticator: JwtStrategy,
      strategyOptions: { ...jwtOptions, jwtFromRequest: ExtractJwt.fromBodyField("token") },
      verify: verifyJwt,
    },
    jwtHeader: {
      authenticator: JwtStrategy,
      strategyOptions: { ...jwtOptions, jwtFromRequest: ExtractJwt.fromAuthHeaderWithScheme("JWT") },
      verify: verifyJwt,
    },
    bearer: {
      authenticator: BearerStrategy,
      verify: async (_request: object, token: string) => token === "right" && known,
    },
    basic: {
      authenticator: BasicStrategy,
      verify: async (_request: object, name: string, password: string) =>
        name === "ada" && password === "secret" ? known : unknown,
    },
    ldap: {
      authenticator: LdapStrategy,
      strategyOptions: {
        server: {
          url: directory.url,
          bindDN: "cn=reader",
          bindCredentials: "may read",
          searchBase: "ou=people,o=example",
          searchFilter: "(uid={{username}})",
        },
      },
      verify: async (_request: object, { uid, mail }: { uid: string; mail: string }) =>
        mail === `${uid}@example.org` && uid === "ada" ? known : { kuid: null, message: `${uid} is not one of us` },
    },
  });
  server = await startServer({
    data: ":memory:",
    prepare: (backend) => void backend.plugin.use(plugin, { name: "ways", manifest: { kuzzleVersion: ">=2.0.0" } }),
  });
  const ws = await connectWebSocket(server);
  await ws.security.createUser("ada", { content: { profileIds: ["default"] }, credentials: {} } as never);
  ws.disconnect();
});

after(async () => {
  await server?.close();
  await directory?.close();
});

interface Answer {
  readonly status: number;
  readonly result: { readonly _id: string } | null;
  readonly error: { readonly id: string; readonly message: string } | null;
}

async function logIn(strategy: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const response = await fetch(`${server.url}/_login/${strategy}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Answer;
}

async function accepts(strategy: string, body: object, headers?: Readonly<Record<string, string>>): Promise<void> {
  const { result, error } = await logIn(strategy, body, headers);
  assert.equal(result?._id, "ada", JSON.stringify(error));
}

async function refuses(words: RegExp, ...given: Parameters<typeof logIn>): Promise<void> {
  const { status, result, error } = await logIn(...given);
  assert.deepEqual([status, result, error?.id], [401, null, "plugin.strategy.missing_user"], JSON.stringify(error));
  assert.match(error?.message ?? "", words);
}

const token = (claims: object, options: jsonwebtoken.SignOptions = {}, key = secret): string =>
  jsonwebtoken.sign(claims, key, { algorithm: "HS256", ...issued, ...options });

test("passport-jwt: a token that its issuer has signed logs in, from the body and from a header of another scheme", async () => {
  await accepts("jwt", { token: token({ sub: "ada" }) });
  await accepts("jwtHeader", {}, { Authorization: `JWT ${token({ sub: "ada" })}` });
  const client = await connectHttp(server);
  assert.match(await client.auth.login("jwt", { token: token({ sub: "ada" }) }), /^kauth-/);
  assert.equal((await client.auth.getCurrentUser())._id, "ada");
});

test("passport-jwt: expired, forged, altered, of another algorithm, of nobody: refused with the words of the strategy", async () => {
  const [head, , signature] = token({ sub: "nobody" }).split(".");
  const claims = Buffer.from(JSON.stringify({ sub: "ada", iss: issued.issuer, aud: issued.audience })).toString(
    "base64url",
  );
  const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString("base64url");
  const refused: readonly (readonly [RegExp, string | undefined])[] = [
    [/jwt expired/, token({ sub: "ada", exp: 1 })],
    [/invalid signature/, token({ sub: "ada" }, {}, "another secret")],
    [/invalid signature/, `${head}.${claims}.${signature}`],
    [/invalid algorithm/, token({ sub: "ada" }, { algorithm: "HS512" })],
    [/jwt signature is required/, `${none}.${claims}.`],
    [/jwt issuer invalid/, token({ sub: "ada" }, { issuer: "https://elsewhere.example" })],
    [/jwt audience invalid/, token({ sub: "ada" }, { audience: "others" })],
    [/jwt malformed/, "nonsense"],
    [/No auth token/, undefined],
    [/was refused/, token({ sub: "nobody" })],
  ];
  for (const [words, text] of refused) await refuses(words, "jwt", { token: text });
});

test("passport-http-bearer: a token in the body or the query; the Authorization header is that of the server's own tokens", async () => {
  await accepts("bearer", { access_token: "right" });
  const query = await fetch(`${server.url}/_login/bearer?access_token=right`);
  assert.equal(((await query.json()) as Answer).result?._id, "ada");
  await refuses(/invalid_token/, "bearer", { access_token: "wrong" });
  await refuses(/Bearer/, "bearer", {});
  const own = await logIn("bearer", {}, { Authorization: "Bearer right" });
  assert.equal(own.error?.id, "security.token.invalid");
});

test("passport-http: Basic from its header", async () => {
  const basic = (text: string) => ({ Authorization: `Basic ${Buffer.from(text).toString("base64")}` });
  await accepts("basic", {}, basic("ada:secret"));
  await refuses(/Basic realm/, "basic", {}, basic("ada:wrong"));
  await refuses(/Basic realm/, "basic", {});
  const broken = await logIn("basic", {}, { Authorization: "Basic" });
  assert.deepEqual([broken.status, broken.error?.id], [401, "plugin.strategy.missing_user"]);
});

test("passport-ldapauth: who can bind to the directory logs in", async () => {
  await accepts("ldap", { username: "ada", password: "lovelace" });
  await refuses(/./, "ldap", { username: "ada", password: "wrong" });
  await refuses(/./, "ldap", { username: "nobody", password: "lovelace" });
  await refuses(/./, "ldap", { username: "*", password: "lovelace" });
  await refuses(/./, "ldap", { username: "ada)(uid=*", password: "lovelace" });
  await refuses(/./, "ldap", { username: "ada", password: "" });
  await refuses(/./, "ldap", {});
  await refuses(/grace is not one of us/, "ldap", { username: "grace", password: "hopper" });
});
