import type { Action, Argument } from "../../../events/index.ts";
import { type KuzzleRequest, kerror, readers } from "../../../kernel/index.ts";
import { anonymousKuid } from "../../../security/index.ts";

/** A duration: milliseconds, or text as in `1h`; -1 never ends. What is wrong with it shows when a token is made. */
export const expiresIn = (): Argument<unknown> => ({
  in: "args",
  required: false,
  schema: { type: ["integer", "string"] },
  read: ({ args }) => readers.valueAt(args.holder, "expiresIn"),
});

/** The kuid of who asks; undefined for the anonymous user. */
export function callerOf(request: KuzzleRequest): string | undefined {
  const kuid = request.context.user?._id ?? null;
  return kuid === null || kuid === anonymousKuid ? undefined : kuid;
}

export function refuseAnonymous(request: KuzzleRequest): string {
  const kuid = callerOf(request);
  if (kuid !== undefined) return kuid;
  throw kerror("security.rights.unauthorized", request.input.controller, request.input.action, anonymousKuid);
}

/** The anonymous user is refused before any argument is read, whatever its roles allow. */
export const forUsersOnly = (action: Action): Action => ({
  ...action,
  invoke: (request) => {
    refuseAnonymous(request);
    return action.invoke(request);
  },
});
