import { isIPv6 } from "node:net";
import { isLoopback } from "../open-gate.ts";

const privateAddress = /^(10\.|127\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|::1$|f[cd][\da-f]{2}:|fe80:)/i;

/**
 * The one address by which attempts of a client are counted, out of `connection.ips`: the peer, then what proxies forwarded. Forwarded addresses
 * count only when the peer is of a private network, as a proxy is, and of them the last: it is what that proxy saw, the others are hearsay.
 * Of IPv6 the first 64 bits, which is what one customer gets.
 *
 * `local`: all of them are this machine. Undefined: the request comes from inside the server.
 */
export function clientAddress(ips: readonly string[]): string | undefined {
  const [peer, ...forwarded] = ips.map(String); // protocols of third parties may give anything
  if (peer === undefined || peer === "") return undefined;
  if (ips.every(isLoopback)) return "local";
  const from = forwarded.length > 0 && isProxy(peer) ? forwarded.at(-1) : peer;
  return network(plain(from ?? peer));
}

/** Whether what a peer tells about its clients is believed: it is of a private network, or of this machine. */
export const isProxy = (peer: string): boolean => privateAddress.test(plain(peer));

const plain = (address: string): string => /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;

function network(address: string): string {
  if (!isIPv6(address)) return address.replace(/\s/g, "").slice(0, 64); // whatever a proxy wrote
  const [head = "", tail] = address.toLowerCase().split("%", 1).join("").split("::");
  const first = head === "" ? [] : head.split(":");
  const last = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - first.length - last.length)).fill("0");
  const groups = [...first, ...zeros, ...last].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(":")}::/64`;
}
