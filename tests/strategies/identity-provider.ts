import { generateKeyPairSync } from "node:crypto";
import { createServer, type RequestListener, type Server } from "node:http";
import { createRequire } from "node:module";
import type { Browser, Page } from "./browser.ts";

/** The part of `oidc-provider` that is used: the package brings no types. */
interface Provider {
  callback(): RequestListener;
}
const { default: OidcProvider } = createRequire(import.meta.url)("oidc-provider") as {
  default: new (issuer: string, configuration: object) => Provider;
};

/** A server on a free port of this machine, whose handler may come later. */
export async function listen(
  handler?: RequestListener,
): Promise<{ url: string; server: Server; close: () => Promise<void> }> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, server, close };
}

/** What the plugins are configured with. */
export const client = { clientID: "tenon", clientSecret: "a secret between provider and server" };

/** A real provider of OAuth 2 and OpenID Connect, with pages for login and consent. Everybody who gives a name is that person. */
export function serveProvider(server: Server, issuer: string, redirectUris: readonly string[]): void {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const provider = new OidcProvider(issuer, {
    clients: [
      {
        client_id: client.clientID,
        client_secret: client.clientSecret,
        redirect_uris: redirectUris,
        grant_types: ["authorization_code"],
        token_endpoint_auth_method: "client_secret_post",
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256" }] },
    cookies: { keys: ["signs the cookies of the provider"] },
    pkce: { required: () => false },
    claims: { openid: ["sub"], profile: ["name"], email: ["email"] },
    ttl: { AccessToken: 60, AuthorizationCode: 60, IdToken: 60, Interaction: 60, Grant: 60, Session: 60 },
    findAccount: (_context: object, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, name: `${id} of the company`, email: `${id}@example.org` }),
    }),
  });
  server.on("request", provider.callback());
}

/** From the first step of a strategy through login and consent, up to the redirect to `callback`, which is answered and not visited. */
export async function consentAs(browser: Browser, name: string, start: string, callback: string): Promise<Page> {
  const asked = await browser.follow(await browser.visit(start));
  const consent = await browser.follow(await browser.submit(asked, { login: name, password: "any" }), callback);
  return consent.location === undefined ? browser.follow(await browser.submit(consent), callback) : consent;
}
