import type { JSONObject } from "../../kernel/index.ts";

/** A protocol that somebody else wrote: its instance is made, its `init` has not run. */
export interface HostedPackage {
  readonly name: string;
  readonly kind: HostedKind;
  readonly instance: object;
  /** Where its code is, for messages. */
  readonly path: string;
  /** Calls into its code, so that what it reaches by `require("kuzzle")` is the server that hosts it. */
  readonly call: AuthorCall;
  /** Its options. */
  readonly config: JSONObject;
  /** `server.protocols.<name>._arguments`: how notifications are handed over; by the arity of its methods when undefined. */
  readonly argumentForm: ArgumentForm | undefined;
}

/** Written for the Proxy, up to 1.0, or for the server itself, from 1.1 on. */
export type HostedKind = "embedded" | "proxy";

export type AuthorCall = <A extends readonly unknown[], R>(target: (...args: A) => R, ...args: A) => R;

/** `broadcast({ channels, payload })`, or `broadcast(channels, payload)`. */
export type ArgumentForm = "object" | "positional";
