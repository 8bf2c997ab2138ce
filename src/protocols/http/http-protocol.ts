import type { IncomingMessage, ServerResponse } from "node:http";
import type { ActionRoute } from "../../api/index.ts";
import { isThenable, type Protocol } from "../../events/index.ts";
import { type JSONObject, KuzzleError, type KuzzleRequest, kerror, kerrorFrom } from "../../kernel/index.ts";
import { InFlight } from "../in-flight.ts";
import type { ProtocolDeps } from "../protocol-deps.ts";
import { Answerer } from "./answer.ts";
import { BodyReader } from "./body.ts";
import { queryPayload, routedPayload } from "./build-request.ts";
import { HttpExchange } from "./exchange.ts";
import type { HttpOptions } from "./options.ts";
import { isQueryPath, isRoot, probes } from "./own-paths.ts";
import { ClientGone } from "./read-body.ts";
import { Router } from "./router.ts";

export interface HttpProtocolDeps extends ProtocolDeps {
  readonly options: HttpOptions;
}

/**
 * The API over HTTP (contract/wire.md section 9). Answers keep the connection alive, unlike the original's; HTTP/1.0 and a stopping
 * server close it.
 *
 * Errors at start: `network.http.duplicate_url`; those of the listener.
 */
export const createHttpProtocol = (deps: HttpProtocolDeps): Protocol => new HttpProtocol(deps);

const verbs = new Set(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]);

class HttpProtocol implements Protocol {
  readonly name = "http";
  readonly #deps: HttpProtocolDeps;
  readonly #body: BodyReader;
  readonly #answers: Answerer;
  readonly #inFlight = new InFlight();
  #router = new Router([]);
  #unfollow = (): void => {};
  /** Actions whose routes take the place of the server's, as the log was told: routes change with every plugin that is loaded again. */
  readonly #told = new Set<string>();

  constructor(deps: HttpProtocolDeps) {
    this.#deps = deps;
    const { options, events, development, log, listener, entryPoint } = deps;
    this.#body = new BodyReader(options, events);
    this.#answers = new Answerer({
      options,
      nodeId: entryPoint.nodeId,
      development,
      log,
      isStopping: () => listener.isStopping,
    });
  }

  // One request, one connection: nothing can be sent to it later (contract/realtime.md section 8).
  broadcast(): void {}
  notify(): void {}
  joinChannel(): void {}
  leaveChannel(): void {}
  disconnect(): void {}

  async start(): Promise<void> {
    const { entryPoint, listener } = this.#deps;
    this.#serveRoutes(entryPoint.routes);
    this.#unfollow = entryPoint.followRoutes((routes) => this.#serveRoutes(routes));
    listener.onRequest(
      (incoming, outgoing) => this.#onRequest(incoming, outgoing),
      () => this.#inFlight.settled(),
    );
    await listener.start();
  }

  #serveRoutes(routes: readonly ActionRoute[]): void {
    this.#router = new Router(routes);
    for (const { taken, by } of this.#router.taken) {
      const what = `${by.controller}:${by.action}`;
      if (this.#told.has(what)) continue;
      this.#told.add(what);
      const { verb, path, controller, action } = taken;
      this.#deps.log.warn("http.route_taken", { route: `${verb} ${path}`, by: what, from: `${controller}:${action}` });
    }
  }

  stop(): Promise<void> {
    this.#unfollow();
    return this.#deps.listener.stop();
  }

  #onRequest(incoming: IncomingMessage, outgoing: ServerResponse): void {
    this.#inFlight.add();
    void this.#serve(new HttpExchange(incoming, outgoing));
  }

  /** Never rejects. Waits only where there is something to wait for: a request without body is at its action in the same tick. */
  async #serve(exchange: HttpExchange): Promise<void> {
    try {
      const reading = this.#readBody(exchange);
      const body = reading instanceof Promise ? await reading : reading;
      if (body === refused) return;
      const answered = this.#run(exchange, body);
      const sent = this.#answers.send(exchange, answered instanceof Promise ? await answered : answered);
      if (sent !== undefined) await sent;
    } catch (error) {
      this.#deps.log.error("http.request_failed", { requestId: exchange.requestId, err: error });
      exchange.outgoing.destroy();
    } finally {
      this.#undeclare(exchange);
      this.#leave(exchange);
    }
  }

  /** An answer that the client has not taken yet counts as running: a stop waits for it. */
  #leave({ outgoing }: HttpExchange): void {
    if (outgoing.writableFinished || outgoing.destroyed) this.#inFlight.remove();
    else outgoing.once("close", () => this.#inFlight.remove());
  }

  #readBody(exchange: HttpExchange): unknown {
    try {
      const reading = this.#body.read(exchange);
      return reading?.catch((error: unknown) => this.#refuseBare(exchange, error));
    } catch (error) {
      return this.#refuseBare(exchange, error);
    }
  }

  #refuseBare(exchange: HttpExchange, error: unknown): typeof refused {
    if (error instanceof ClientGone) return refused;
    exchange.hasUnreadBody = !exchange.incoming.complete;
    this.#answers.sendBareError(exchange, this.#failed(exchange, {}, error));
    return refused;
  }

  /** What there is to answer: without waiting where nothing has to be waited for. */
  #run(exchange: HttpExchange, body: unknown): KuzzleRequest | Promise<KuzzleRequest> {
    const probe = exchange.verb === "GET" || exchange.verb === "HEAD" ? probes.get(exchange.path) : undefined;
    if (probe === "health") return this.#health(exchange, 200);
    if (probe === "ready") return this.#health(exchange, this.#deps.entryPoint.isReady ? 200 : 503);
    this.#declare(exchange);
    return this.#route(exchange, body);
  }

  #declare(exchange: HttpExchange): void {
    exchange.isDeclared = true;
    this.#deps.entryPoint.newConnection(exchange.connection);
    // A client that goes while its request waits: the pipeline need not run it.
    exchange.outgoing.on("close", () => this.#undeclare(exchange));
  }

  #undeclare(exchange: HttpExchange): void {
    if (!exchange.isDeclared) return;
    exchange.isDeclared = false;
    this.#deps.entryPoint.removeConnection(exchange.connection.id);
  }

  #health(exchange: HttpExchange, status: number): KuzzleRequest {
    const request = exchange.request({}, this.#deps.entryPoint.nodeId);
    request.status = status;
    return request;
  }

  #route(exchange: HttpExchange, body: unknown): KuzzleRequest | Promise<KuzzleRequest> {
    const { verb, path } = exchange;
    if (verb === "OPTIONS" || (verb === "HEAD" && isRoot(path))) return this.#withoutAction(exchange);
    let named: JSONObject = {};
    let request: KuzzleRequest;
    let route: ActionRoute | undefined;
    try {
      if (!verbs.has(verb)) throw kerror("network.http.unsupported_verb", verb);
      if (verb === "POST" && isQueryPath(path)) {
        request = this.#request(exchange, queryPayload(exchange, body));
      } else {
        const match = this.#router.find(verb, path);
        if (match === undefined) throw kerror("network.http.url_not_found", `${verb} ${path}`);
        route = match.route;
        const { controller, action, deprecated } = route;
        named = { controller, action };
        request = this.#request(exchange, routedPayload(exchange, match, body));
        if (deprecated !== undefined) request.addDeprecation(deprecated.since, deprecated.message);
      }
    } catch (error) {
      return this.#failed(exchange, named, error);
    }
    const { events, entryPoint } = this.#deps;
    const piped = events.pipe(verbEvents[verb as Verb], request);
    if (isThenable(piped)) return this.#executePiped(exchange, request, piped, route);
    return entryPoint.execute(piped, exchange.connection, route);
  }

  async #executePiped(
    exchange: HttpExchange,
    request: KuzzleRequest,
    piping: Promise<KuzzleRequest>,
    route: ActionRoute | undefined,
  ): Promise<KuzzleRequest> {
    const { entryPoint } = this.#deps;
    let piped: KuzzleRequest;
    try {
      piped = await piping;
    } catch (error) {
      request.setError(asError(error));
      entryPoint.logAccess(exchange.connection, request);
      return request;
    }
    return entryPoint.execute(piped, exchange.connection, route);
  }

  /** OPTIONS on any path, HEAD on the root: `{}`, without rights, origin or route. */
  async #withoutAction(exchange: HttpExchange): Promise<KuzzleRequest> {
    const { events, entryPoint } = this.#deps;
    let request = this.#request(exchange, {});
    request.setResult({});
    const event = verbEvents[exchange.verb as Verb];
    try {
      request = await events.pipe(event, request);
    } catch (error) {
      request.setError(asError(error));
    }
    entryPoint.logAccess(exchange.connection, request);
    return request;
  }

  #request(exchange: HttpExchange, payload: JSONObject): KuzzleRequest {
    return exchange.request(payload, this.#deps.entryPoint.nodeId);
  }

  /** The request that carries an error from before its execution. */
  #failed(exchange: HttpExchange, named: JSONObject, error: unknown): KuzzleRequest {
    const request = this.#request(exchange, named);
    request.setError(asError(error));
    this.#deps.entryPoint.logAccess(exchange.connection, request);
    return request;
  }
}

/** Stands for a body that was refused: the answer is sent already. */
const refused = Symbol("refused");

type Verb = "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";

const verbEvents = {
  GET: "http:get",
  POST: "http:post",
  PUT: "http:put",
  PATCH: "http:patch",
  DELETE: "http:delete",
  HEAD: "http:head",
  OPTIONS: "http:options",
} as const satisfies Readonly<Record<Verb, string>>;

function asError(error: unknown): KuzzleError {
  if (error instanceof KuzzleError) return error;
  return kerrorFrom(error, "network.http.unexpected_error", error instanceof Error ? error.message : String(error));
}
