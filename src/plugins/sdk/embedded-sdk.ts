import { type BaseRequest, Kuzzle, type ResponsePayload } from "kuzzle-sdk";
import { type JSONObject, kerror } from "../../kernel/index.ts";
import { currentServer } from "../realm/current-call.ts";
import { forbiddenAuthActions } from "./forbidden-actions.ts";
import { type EmbeddedSdkDeps, FunnelProtocol, type Impersonation } from "./funnel-protocol.ts";

/**
 * The official SDK, whose requests stay in this process: no rights are checked and no API event is fired, unless the request has
 * `triggerEvents: true` or it comes from `as(user, { checkRights: true })`.
 *
 * Errors: those of the actions; `api.process.forbidden_embedded_sdk_action` for actions that need a session, `plugin.context.invalid_user`.
 * Source: contract/plugins/v2.md section 7.
 */
export class EmbeddedSDK extends Kuzzle {
  // The SDK's controllers hold the object behind the proxy that its constructor answers: private members would be missing there.
  declare readonly protocol: FunnelProtocol;

  constructor(deps?: EmbeddedSdkDeps, as?: Impersonation) {
    super(new FunnelProtocol(deps ?? currentServer("EmbeddedSDK").sdk, as), { autoResubscribe: false });
  }

  /** An SDK whose requests are those of a user. `triggerEvents`: they all fire the events of their actions. */
  as(
    user: { readonly _id: string },
    {
      checkRights = false,
      triggerEvents = false,
    }: { readonly checkRights?: boolean; readonly triggerEvents?: boolean } = {},
  ): EmbeddedSDK {
    if (typeof user !== "object" || user === null || typeof user._id !== "string") {
      throw kerror("plugin.context.invalid_user");
    }
    return new EmbeddedSDK(this.protocol.deps, { user, checkRights, triggerEvents });
  }

  /** `propagate: true` on a subscription runs its callback on every node. */
  override async query<Q extends BaseRequest = BaseRequest, R = JSONObject>(
    request: Q,
    options: JSONObject = {},
  ): Promise<ResponsePayload<R>> {
    const { controller, action } = request;
    if (controller === "auth") checkAuthAction(action, this.protocol);
    const { propagate, callback: _, ...others } = options;
    // The SDK copies every option into the request, where others than these would be read as arguments.
    if (controller === "realtime" && action === "subscribe") others.propagate = propagate === true;
    return super.query<Q, R>(request, others);
  }
}

function checkAuthAction(action: unknown, { deps, as }: FunnelProtocol): void {
  if (as === undefined && typeof action === "string" && forbiddenAuthActions.has(action)) {
    throw kerror("api.process.forbidden_embedded_sdk_action", "auth", action, ', use "sdk.as(user)" first');
  }
  if (action === "login") {
    deps.log.warn("plugin.embedded_sdk_login", {
      hint: "Logging in from the embedded SDK makes a token but no session: its requests are privileged already.",
    });
  }
}
