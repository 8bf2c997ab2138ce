/**
 * What a plugin may do, as its author writes it in the description or its operator in `manifest.json`. Without any, everything; with them, only
 * what they name: `{}` is nothing.
 */
export interface Capabilities {
  /** A private index of its own. */
  readonly storage?: boolean;
  /** The decrypted vault. */
  readonly secrets?: boolean;
  /** Events that it may listen to or fire, by name or wildcard: `document:*`, `generic:document:before*`. Its own, `plugin-<name>:*`, always. */
  readonly events?: readonly string[];
  /** Actions that it may call: `document:get`, `document:*`, `*`. */
  readonly actions?: readonly string[];
  readonly controllers?: boolean;
  readonly strategies?: boolean;
  readonly protocols?: boolean;
  /** Connections to elsewhere; enforced in worker processes only. */
  readonly network?: boolean;
  /** Files and folders, relative to the application's root; enforced in worker processes only. */
  readonly files?: { readonly read?: readonly string[]; readonly write?: readonly string[] };
}

/** Capabilities with each member decided. */
export interface Granted {
  readonly storage: boolean;
  readonly secrets: boolean;
  readonly events: readonly string[];
  readonly actions: readonly string[];
  readonly controllers: boolean;
  readonly strategies: boolean;
  readonly protocols: boolean;
  readonly network: boolean;
  readonly files: { readonly read: readonly string[]; readonly write: readonly string[] };
}

/** The members that are yes or no. */
export const switches = ["storage", "secrets", "controllers", "strategies", "protocols", "network"] as const;
