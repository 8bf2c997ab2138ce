import type { IncomingMessage, ServerResponse } from "node:http";
import { ClientConnection, Connection, type JSONObject, KuzzleRequest } from "../../kernel/index.ts";

/** One HTTP request and its answer: a connection of its own for the API (contract/wire.md section 9.3). */
export class HttpExchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly connection: ClientConnection;
  /** From the header `X-Kuzzle-Request-Id`, else the connection's id. */
  readonly requestId: string;
  readonly verb: string;
  readonly path: string;
  /** What follows the question mark. */
  readonly query: string;
  /** True between `newConnection` and `removeConnection`. */
  isDeclared = false;
  /** True when part of the body was left unread: the socket cannot serve another request. */
  hasUnreadBody = false;

  constructor(incoming: IncomingMessage, outgoing: ServerResponse) {
    this.incoming = incoming;
    this.outgoing = outgoing;
    const { headers } = incoming;
    const url = originForm(incoming.url ?? "/");
    const mark = url.indexOf("?");
    this.verb = incoming.method ?? "GET";
    this.path = mark < 0 ? url : url.slice(0, mark);
    this.query = mark < 0 ? "" : url.slice(mark + 1);
    this.connection = new ClientConnection(
      `HTTP/${incoming.httpVersion}`,
      addresses(incoming.socket.remoteAddress ?? "", headers["x-forwarded-for"]),
      headers,
    );
    const asked = headers["x-kuzzle-request-id"];
    this.requestId = typeof asked === "string" && asked !== "" ? asked : this.connection.id;
  }

  /** Header values come as Latin-1; what clients write there is UTF-8. */
  header(name: "x-kuzzle-volatile" | "authorization" | "accept-encoding"): string | undefined {
    const value = this.incoming.headers[name];
    return typeof value === "string" ? value : undefined;
  }

  /** The connection as requests see it: its protocol is `http`, whatever the version. */
  requestConnection(): Connection {
    const { id, ips, headers } = this.connection;
    const connection = new Connection();
    connection.id = id;
    connection.protocol = "http";
    connection.ips = ips;
    connection.misc = { url: this.incoming.url, path: this.path, verb: this.verb, headers };
    return connection;
  }

  /** A request for `data`; it always carries the id of the HTTP request. */
  request(data: JSONObject, node: string): KuzzleRequest {
    data.requestId = this.requestId;
    const request = new KuzzleRequest(data, { connection: this.requestConnection(), node });
    request.input.headers = this.connection.headers;
    return request;
  }

  /** What the parsing pipes get as `message`. */
  pipeMessage(content: Buffer): JSONObject {
    const { incoming, connection } = this;
    return {
      connection,
      ips: connection.ips,
      query: this.query,
      path: this.path,
      url: incoming.url,
      method: this.verb,
      headers: incoming.headers,
      requestId: this.requestId,
      content,
    };
  }
}

/** A server must accept the absolute form that is meant for proxies (RFC 9112, 3.2.2). */
function originForm(url: string): string {
  if (url.startsWith("/")) return url;
  const scheme = url.indexOf("://");
  if (scheme < 0) return url;
  const path = url.indexOf("/", scheme + 3);
  return path < 0 ? "/" : url.slice(path);
}

function addresses(peer: string, forwarded: string | string[] | undefined): readonly string[] {
  if (forwarded === undefined || forwarded === "") return [peer];
  const listed = Array.isArray(forwarded) ? forwarded.join(",") : forwarded;
  return [peer, ...listed.split(",").map((address) => address.trim())];
}
