import {
  BadRequestError,
  type ClientConnection,
  isPlainObject,
  type JSONObject,
  KuzzleRequest,
  RequestContext,
  type SerializedResponse,
} from "../../../kernel/index.ts";
import type { AuthorCalls } from "../author-calls.ts";
import type { HostedEntryPoint } from "../hosted-entry-point.ts";
import type { FormerRequests } from "./former-requests.ts";

type Callback = (...args: unknown[]) => unknown;

/**
 * `accessors.router` of protocols of the Proxy. Its releases changed the arguments of each method: they are told apart by their shape.
 * Source: contract/plugins/protocols.md section 2.
 */
export class ProxyRouter {
  readonly #entryPoint: HostedEntryPoint;
  readonly #calls: AuthorCalls;

  readonly #former: FormerRequests;

  constructor(entryPoint: HostedEntryPoint, calls: AuthorCalls, former: FormerRequests) {
    this.#entryPoint = entryPoint;
    this.#calls = calls;
    this.#former = former;
  }

  /** `newConnection(connection)`, or `newConnection(protocol, id)`, which answers a promise of the context for requests. */
  newConnection(first: unknown, id?: unknown): Promise<RequestContext> | undefined {
    if (typeof first !== "string") {
      this.#entryPoint.newConnection(first);
      return undefined;
    }
    return this.#declare(first, id);
  }

  async #declare(protocol: string, id: unknown): Promise<RequestContext> {
    // These releases knew no addresses, and the author chooses the id.
    this.#entryPoint.newConnection({ id, protocol, ips: [], headers: {}, internal: {} });
    const connectionId = String(id); // anything but a string has been refused
    return Object.assign(new RequestContext({ connectionId, protocol }), { id: connectionId, type: protocol });
  }

  /**
   * `execute(request, callback)`, `execute({ payload, connectionId, protocol, headers }, callback)` or `execute(payload, connection, callback)`.
   * The callback gets `{ raw, status, requestId, content, headers }` once. With a `RequestObject` in place of the payload it is called as
   * `callback(null, answer)`.
   */
  execute(first: unknown, ...rest: unknown[]): void {
    const callback = rest.find((argument) => typeof argument === "function") as Callback | undefined;
    const isFormer = !(first instanceof KuzzleRequest) && this.#former.isRequest(first);
    const answer = isFormer ? this.#executeFormer(first, rest[0]) : this.#execute(first, rest[0]);
    void answer.then((response) => {
      if (callback === undefined) return;
      if (isFormer) this.#calls.answer(callback, null, response);
      else this.#calls.answer(callback, response);
    });
  }

  async #executeFormer(object: unknown, connection: unknown): Promise<JSONObject> {
    const payload = this.#former.payloadOf(object);
    return this.#former.answerOf(object, await this.#execute(payload, connection));
  }

  async #execute(first: unknown, second: unknown): Promise<SerializedResponse> {
    if (KuzzleRequest.isOwn(first)) return this.#entryPoint.execute(first);
    const packet = packetOf(first);
    const connectionId = (packet === undefined ? idOf(second) : idOf(packet)) ?? null;
    const headers = isPlainObject(packet?.headers) ? packet.headers : null;
    let request: KuzzleRequest;
    try {
      request = new KuzzleRequest(packet === undefined ? first : packet.payload, { connectionId, headers });
    } catch (error) {
      return this.#entryPoint.refuse(error instanceof Error ? error : new BadRequestError("This is no request."));
    }
    return this.#entryPoint.execute(request);
  }

  /** By the id of a connection, or by what has one. */
  removeConnection(connection: unknown): void {
    const id = idOf(connection);
    if (id !== undefined) this.#entryPoint.removeConnection(id);
  }
}

function idOf(connection: unknown): string | undefined {
  if (typeof connection === "string") return connection;
  const { id, connectionId, connection: inner } = (connection ?? {}) as JSONObject;
  const found = [id, connectionId, (inner as Partial<ClientConnection> | undefined)?.id];
  return found.find((candidate) => typeof candidate === "string") as string | undefined;
}

/** The form of 1.0.0: what the client sent is one member. */
function packetOf(given: unknown): JSONObject | undefined {
  return isPlainObject(given) && "payload" in given && "connectionId" in given ? given : undefined;
}
