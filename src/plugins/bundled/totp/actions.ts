import { action, arg, schema } from "../../../events/index.ts";
import { type KuzzleRequest, kerror } from "../../../kernel/index.ts";
import { anonymousKuid } from "../../../security/index.ts";
import type { DescribedControllers } from "../../authoring/define-plugin.ts";
import { presentedIn, type SecondFactor } from "./second-factor.ts";

/** Error: `security.rights.unauthorized` (401) for the anonymous user. */
function callerOf(request: KuzzleRequest): string {
  const kuid = request.getKuid();
  if (kuid !== null && kuid !== anonymousKuid) return kuid;
  throw kerror("security.rights.unauthorized", request.input.controller, request.input.action, anonymousKuid);
}

const presented = { code: arg.body.optional.string(), recoveryCode: arg.body.optional.string() };
const acknowledged = schema.object({ acknowledged: schema.oneOf([true]) });

/** The controller `totp`: users and their own second factor. */
export const totpActions = (secondFactor: () => SecondFactor): DescribedControllers => ({
  totp: {
    enrol: action({
      summary: "Makes a new second factor for the caller, or for whose login asks for one; it counts once confirmed",
      http: [{ verb: "POST", path: "totp/_enrol" }],
      args: { ...presented, challenge: arg.body.optional.string() },
      result: schema.object({
        secret: schema.string(),
        uri: schema.string(),
        recoveryCodes: schema.array(schema.string()),
      }),
      run: async ({ challenge }, request) => {
        request.response.setHeader("Cache-Control", "no-store");
        const kuid = challenge === undefined ? callerOf(request) : await secondFactor().enrolling(challenge);
        return { ...(await secondFactor().enrol(kuid, presentedIn(request, "code"), request)) };
      },
    }),

    confirm: action({
      summary: "Makes the caller's new second factor count, by its first code",
      http: [{ verb: "POST", path: "totp/_confirm" }],
      args: { code: arg.body.string() },
      result: acknowledged,
      run: async (_, request) => {
        await secondFactor().confirm(callerOf(request), presentedIn(request, "code"), request);
        return { acknowledged: true };
      },
    }),

    disable: action({
      summary: "Removes the caller's second factor",
      http: [{ verb: "POST", path: "totp/_disable" }],
      args: presented,
      result: acknowledged,
      run: async (_, request) => {
        await secondFactor().disable(callerOf(request), presentedIn(request, "code"), request);
        return { acknowledged: true };
      },
    }),

    status: action({
      summary: "Whether the caller has a second factor, and how many recovery codes are left",
      http: [{ verb: "GET", path: "totp" }],
      result: schema.object({
        enabled: schema.boolean(),
        pending: schema.boolean(),
        recoveryCodesLeft: schema.integer(),
        enrolledAt: schema.integer(),
      }),
      run: async (_, request) => ({ ...(await secondFactor().status(callerOf(request))) }),
    }),

    renewRecoveryCodes: action({
      summary: "New recovery codes for the caller, in the place of those that are left",
      http: [{ verb: "POST", path: "totp/_renewRecoveryCodes" }],
      args: presented,
      result: schema.object({ recoveryCodes: schema.array(schema.string()) }),
      run: async (_, request) => {
        request.response.setHeader("Cache-Control", "no-store");
        const kuid = callerOf(request);
        return { recoveryCodes: await secondFactor().renewRecoveryCodes(kuid, presentedIn(request, "code"), request) };
      },
    }),
  },
});
