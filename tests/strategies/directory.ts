import { createRequire } from "node:module";

interface Entry {
  readonly dn: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}
interface LdapRequest {
  readonly dn: { toString(): string };
  readonly credentials: string;
  readonly filter: { matches(attributes: object): boolean };
}
interface LdapResponse {
  send(entry: Entry): void;
  end(): void;
}
type Handler = (request: LdapRequest, response: LdapResponse, next: (error?: Error) => void) => void;
interface LdapServer {
  bind(dn: string, handler: Handler): void;
  search(dn: string, handler: Handler): void;
  listen(port: number, host: string, ready: () => void): void;
  close(done: () => void): void;
  readonly port: number;
}
/** What is used of `ldapjs`: the package brings no types. */
const ldap = createRequire(import.meta.url)("ldapjs") as {
  createServer(): LdapServer;
  readonly InvalidCredentialsError: new () => Error;
};

export interface Directory {
  readonly url: string;
  close(): Promise<void>;
}

/** A real LDAP server with people, each with a password; "cn=reader" may search with the password "may read". */
export async function serveDirectory(people: Readonly<Record<string, string>>): Promise<Directory> {
  const server = ldap.createServer();
  const dnOf = (uid: string): string => `uid=${uid},ou=people,o=example`;
  const plain = (dn: { toString(): string }): string => dn.toString().replaceAll(", ", ",");
  server.bind("cn=reader", ({ credentials }, response, next) => {
    if (credentials === "may read") response.end();
    else next(new ldap.InvalidCredentialsError());
  });
  server.bind("ou=people,o=example", ({ dn, credentials }, response, next) => {
    const isRight = Object.entries(people).some(
      ([uid, password]) => dnOf(uid) === plain(dn) && password === credentials,
    );
    if (isRight) response.end();
    else next(new ldap.InvalidCredentialsError());
  });
  server.search("ou=people,o=example", ({ filter }, response) => {
    for (const uid of Object.keys(people)) {
      const attributes = { uid, mail: `${uid}@example.org`, objectclass: "person" };
      if (filter.matches(attributes)) response.send({ dn: dnOf(uid), attributes });
    }
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `ldap://127.0.0.1:${server.port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
