import { isPlainObject, type KuzzleRequest } from "../../kernel/index.ts";
import { isProxy } from "./client-address.ts";

/**
 * Whether the client reached the server by TLS, as far as is known: the server speaks none itself, so a proxy has ended it and says so by
 * `X-Forwarded-Proto`. Believed of a peer that is believed about addresses; of several protocols the first, which the client spoke.
 */
export function isEncrypted({ context }: KuzzleRequest): boolean {
  const { ips, misc } = context.connection;
  const [peer] = ips;
  if (peer === undefined || !isProxy(String(peer)) || !isPlainObject(misc.headers)) return false;
  const spoken = misc.headers["x-forwarded-proto"];
  return typeof spoken === "string" && /^\s*https\s*(,|$)/i.test(spoken);
}
