import type { RequestToken, RequestUser } from "./context.ts";
import { type CopiedConnection, type CopiedRequest, isCopiedRequest } from "./copied-request.ts";
import { KuzzleRequest } from "./request.ts";

/** A request of ours: the given one, or one with all that another copy of the class has. Undefined for anything else. */
export function ownRequest(candidate: unknown): KuzzleRequest | undefined {
  if (KuzzleRequest.isOwn(candidate)) return candidate;
  return isCopiedRequest(candidate) ? fromCopy(candidate) : undefined;
}

function fromCopy({ id, status, timestamp, input, context, error, result }: CopiedRequest): KuzzleRequest {
  const { args, controller, action, body, jwt, volatile, resource } = input;
  const { connection, token, user } = context;
  // Older copies keep these three apart from the arguments.
  const { _id = args._id, index = args.index, collection = args.collection } = resource ?? {};
  const data = { ...args, ...defined({ _id, index, collection }), controller, action, body, jwt, volatile };
  return new KuzzleRequest(
    { ...data, requestId: id, timestamp },
    {
      connection: connection === undefined ? null : membersOf(connection),
      token: (token ?? null) as RequestToken | null,
      user: (user ?? null) as RequestUser | null,
      error,
      result,
      status,
    },
  );
}

/** Of a connection, whose members may be accessors of its class. */
const membersOf = ({ id, protocol, ips, misc }: CopiedConnection) => ({ ...misc, id, protocol, ips });

const defined = (members: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== null));
