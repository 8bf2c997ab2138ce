import { isUtf8 } from "node:buffer";
import {
  Connection,
  isPlainObject,
  type JSONObject,
  type KuzzleError,
  KuzzleRequest,
  kerror,
  kerrorFrom,
  type RequestOptions,
  uuid,
} from "../../kernel/index.ts";
import { encodeEnvelope } from "../encoding/envelope.ts";
import { isRaw, rawMessage } from "../encoding/raw-result.ts";
import { isLongJson, parseJson } from "../encoding/sliced-json.ts";
import type { InFlight } from "../in-flight.ts";
import type { ProtocolDeps } from "../protocol-deps.ts";
import { Frame } from "./frame.ts";
import type { WebSocketLink } from "./link.ts";
import type { WebSocketOptions } from "./options.ts";

export interface ConversationDeps extends ProtocolDeps {
  readonly options: WebSocketOptions;
  readonly inFlight: InFlight;
}

const beforeParsing = "protocol:websocket:beforeParsingPayload";
const afterParsing = "protocol:websocket:afterParsingPayload";

const ping = Buffer.from('{"p":1}');
const pong = Frame.fromText('{"p":2}');

/** What clients say, and what they are answered (contract/wire.md section 10). */
export class Conversation {
  readonly #deps: ConversationDeps;

  constructor(deps: ConversationDeps) {
    this.#deps = deps;
  }

  /** One message. Never throws, answers nothing: what there is to say goes to the link. */
  hear(link: WebSocketLink, data: Buffer, isBinary: boolean): void {
    if (data.length === 0) return;
    if (data.length === ping.length && data.equals(ping)) {
      link.send(pong);
      return;
    }
    const { options, events } = this.#deps;
    if (options.rateLimit > 0 && !link.takeMessage(options.rateLimit)) {
      this.#refuse(link, kerror("network.websocket.ratelimit_exceeded"));
      return;
    }
    // Text frames have been checked by the receiver.
    if (isBinary && !isUtf8(data)) {
      this.#refuse(link, unreadable("it is not UTF-8 text"));
      return;
    }
    if (events.hasListeners(beforeParsing) || events.hasListeners(afterParsing)) {
      void this.#hearLater(link, () => this.#readPiped(link, data.toString()));
      return;
    }
    if (link.isHearing || isLongJson(data)) {
      link.hearInTurn(() => this.#hearLater(link, () => parseJson(data)));
      return;
    }
    let payload: unknown;
    try {
      payload = JSON.parse(data.toString());
    } catch (error) {
      this.#refuse(link, unreadable(messageOf(error), error));
      return;
    }
    this.#take(link, payload);
  }

  /** A message that takes more than one turn to be read: a long one or one behind it, or one that pipes look at. Never rejects. */
  async #hearLater(link: WebSocketLink, read: () => Promise<unknown>): Promise<void> {
    const { inFlight } = this.#deps;
    inFlight.add();
    let payload: unknown;
    try {
      payload = await read();
    } catch (error) {
      this.#refuse(link, unreadable(messageOf(error), error));
      return;
    } finally {
      inFlight.remove();
    }
    this.#take(link, payload);
  }

  async #readPiped({ connection }: WebSocketLink, text: string): Promise<unknown> {
    const { events } = this.#deps;
    const before = await events.pipe(beforeParsing, { connection, payload: text });
    const payload = await parseJson(before.payload);
    if (!isPlainObject(payload) || isPing(payload)) return payload;
    return (await events.pipe(afterParsing, { connection, payload })).payload;
  }

  #take(link: WebSocketLink, payload: unknown): void {
    if (!isPlainObject(payload)) {
      this.#refuse(link, unreadable("a request must be a JSON object"));
      return;
    }
    if (isPing(payload)) {
      link.send(pong);
      return;
    }
    let request: KuzzleRequest;
    try {
      request = this.#request(link, payload);
    } catch (error) {
      this.#refusePayload(link, payload, error);
      return;
    }
    void this.#execute(link, request);
  }

  async #execute(link: WebSocketLink, request: KuzzleRequest): Promise<void> {
    const { inFlight, entryPoint, log } = this.#deps;
    inFlight.add();
    try {
      this.#answer(link, await entryPoint.execute(request, link.connection));
    } catch (error) {
      log.error("websocket.request_failed", { requestId: request.id, err: error });
    } finally {
      inFlight.remove();
    }
  }

  #answer(link: WebSocketLink, request: KuzzleRequest): void {
    link.send(Frame.fromText(isRaw(request) ? this.#rawText(request) : this.#envelope(request, request.id)));
  }

  #rawText(request: KuzzleRequest): string {
    try {
      return rawMessage(request.result, request.id);
    } catch {
      return this.#envelope(request, request.id); // which says why
    }
  }

  #envelope(request: KuzzleRequest, room: string | undefined): string {
    return encodeEnvelope(request, { development: this.#deps.development, room });
  }

  #request(link: WebSocketLink, payload: JSONObject): KuzzleRequest {
    const { id, ips, headers } = link.connection;
    const connection = new Connection();
    connection.id = id;
    connection.protocol = "websocket";
    connection.ips = ips;
    connection.misc = { headers };
    const options: RequestOptions = { connection, node: this.#deps.entryPoint.nodeId };
    const request = new KuzzleRequest(payload, options);
    request.input.headers = headers;
    return request;
  }

  /** A payload that is no request: the id that it names makes the answer findable for its sender. */
  #refusePayload(link: WebSocketLink, payload: JSONObject, error: unknown): void {
    const { requestId, controller, action } = payload;
    const named: JSONObject = {};
    if (typeof controller === "string") named.controller = controller;
    if (typeof action === "string") named.action = action;
    if (typeof requestId === "string" && requestId !== "") named.requestId = requestId;
    this.#refuse(link, error instanceof Error ? error : unreadable(String(error)), named);
  }

  #refuse(link: WebSocketLink, error: Error, named: JSONObject = {}): void {
    const { requestId } = named;
    const request = this.#request(link, typeof requestId === "string" ? named : { ...named, requestId: uuid() });
    request.setError(error);
    this.#deps.entryPoint.logAccess(link.connection, request);
    link.send(Frame.fromText(this.#envelope(request, typeof requestId === "string" ? requestId : undefined)));
  }
}

/** `{"p":1}`: the ping of clients that cannot send control frames. */
function isPing(payload: JSONObject): boolean {
  return payload.p === 1 && Object.keys(payload).length === 1;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const unreadable = (why: string, cause?: unknown): KuzzleError =>
  kerrorFrom(cause, "network.websocket.unexpected_error", why);
