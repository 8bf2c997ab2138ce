import { generateKeyPairSync } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { createRequire } from "node:module";

/** What is used of `samlp`: the package brings no types. It expects a request and a response as web frameworks have them. */
type Middleware = (request: object, response: object, next: (error: unknown) => void) => void;
const samlp = createRequire(import.meta.url)("samlp") as { auth(options: object): Middleware };

/** Keys of a provider: `trusted` is what servers are told. */
export interface ProviderKeys {
  readonly key: string;
  readonly cert: string;
  readonly trusted: string;
}

export function makeKeys(): ProviderKeys {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  // The provider only sends it along, nobody reads it: a bare key does as well.
  return { key: privateKey, cert: publicKey.replaceAll("PUBLIC KEY", "CERTIFICATE"), trusted: publicKey };
}

export const providerName = "https://login.company.example/saml";

/**
 * A real provider of SAML 2.0 with a page for its login at `/sso`. Everybody who gives a name is that person; what the provider says of
 * `late` has ended a minute ago.
 */
export function samlProvider({ key, cert }: ProviderKeys, callbackUrl: string): RequestListener {
  return (incoming, answer) => {
    void serve(incoming, answer, { key, cert }, callbackUrl);
  };
}

async function serve(
  incoming: IncomingMessage,
  answer: ServerResponse,
  keys: object,
  callbackUrl: string,
): Promise<void> {
  const query = Object.fromEntries(new URL(incoming.url ?? "/", "http://provider").searchParams);
  if (incoming.method === "GET") {
    answer.setHeader("Content-Type", "text/html");
    answer.end(
      `<form method="post" action="/sso"><input type="hidden" name="SAMLRequest" value="${query.SAMLRequest}"><input name="login"></form>`,
    );
    return;
  }
  let text = "";
  for await (const part of incoming) text += String(part);
  const { login = "", SAMLRequest } = Object.fromEntries(new URLSearchParams(text));
  const user = {
    id: login,
    displayName: `${login} of the company`,
    emails: [{ value: `${login}@example.org` }],
    name: { givenName: login, familyName: "Company" },
  };
  const respond = samlp.auth({
    ...keys,
    issuer: providerName,
    signResponse: true,
    recipient: callbackUrl,
    destination: callbackUrl,
    lifetimeInSeconds: login === "late" ? -60 : 60,
    getPostURL: (_audience: string, _request: object, _of: object, done: (error: null, url: string) => void) =>
      done(null, callbackUrl),
  });
  const response = {
    set: (name: string, value: string) => answer.setHeader(name, value),
    send: (body: unknown) => answer.end(String(body)),
  };
  respond({ method: "GET", user, query: { SAMLRequest } }, response, (error) => {
    answer.statusCode = 500;
    answer.end(String(error));
  });
}
