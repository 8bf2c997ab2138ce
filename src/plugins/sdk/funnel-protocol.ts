import { KuzzleAbstractProtocol } from "kuzzle-sdk";
import { isPlainObject, type JSONObject, KuzzleRequest, type Logger, type RequestUser } from "../../kernel/index.ts";
import type { PluginCall } from "../realm/current-call.ts";
import type { InternalProtocol } from "./internal-protocol.ts";

/** What the embedded SDK of one server stands on. */
export interface EmbeddedSdkDeps {
  readonly log: Logger;
  readonly internal: InternalProtocol;
  /** Without rights and events, unless asked for. Rejects with the error, or answers the request with its result or its error. */
  readonly execute: (request: KuzzleRequest, options: { readonly checkRights: boolean }) => Promise<KuzzleRequest>;
  readonly findUser: (kuid: string) => RequestUser | undefined | Promise<RequestUser | undefined>;
  readonly nodeId: string;
  /** The plugin whose callbacks its subscriptions have; else the one that runs when they are made. */
  readonly owner?: PluginCall;
}

/** Acts as somebody: rights are checked only when asked for. */
export interface Impersonation {
  readonly user: { readonly _id: string };
  readonly checkRights: boolean;
  /** Each request fires the events of its action. */
  readonly triggerEvents?: boolean;
}

/** The way from the official SDK into this very process: no socket, no serialisation on the way in. */
export class FunnelProtocol extends KuzzleAbstractProtocol {
  readonly deps: EmbeddedSdkDeps;
  readonly as: Impersonation | undefined;

  constructor(deps: EmbeddedSdkDeps, as?: Impersonation) {
    super("internal", {}, "internal");
    this.deps = deps;
    this.as = as;
    this.state = "ready";
  }

  override isReady(): boolean {
    return true;
  }

  override async connect(): Promise<void> {}

  override send(): void {
    throw new Error("The embedded SDK sends by query().");
  }

  /** Answers the standard response; rejects with the server's own errors. */
  override async query(payload: JSONObject): Promise<unknown> {
    const { internal, nodeId, execute } = this.deps;
    const user = this.as === undefined ? null : await this.#user(this.as.user);
    const content = this.as?.triggerEvents === true ? { ...payload, triggerEvents: true } : payload;
    const request = new KuzzleRequest(content, { connection: internal.connection, node: nodeId, user });
    if (isLeaving(request) && internal.hasListenersIn(request.getBodyString("roomId"))) {
      // All plugins share one connection: who leaves must not take the others' subscriptions to the same room away.
      request.setResult({ roomId: request.getBodyString("roomId") });
      return request.response.content();
    }
    const answer = await execute(request, { checkRights: this.as?.checkRights ?? false });
    if (answer.error !== null) throw answer.error;
    return answer.response.content();
  }

  async #user(user: { readonly _id: string }): Promise<RequestUser> {
    const known = await this.deps.findUser(user._id);
    return known ?? { profileIds: [], ...user };
  }

  // The SDK listens on its protocol for the channels of its subscriptions.
  override addListener(channel: never, listener: never): this {
    this.deps.internal.listen(channel, listener, this.deps.owner);
    return this;
  }

  override removeListener(channel: never, listener: never): this {
    this.deps.internal.unlisten(channel, listener);
    return this;
  }
}

const isLeaving = ({ input: { controller, action, body } }: KuzzleRequest): boolean =>
  controller === "realtime" && action === "unsubscribe" && isPlainObject(body) && typeof body.roomId === "string";
