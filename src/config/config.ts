import type { Settings } from "./schema/schema.ts";

type DeepReadonly<T> = T extends (infer Element)[]
  ? readonly DeepReadonly<Element>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/** What Tenon works out from the configuration; visible in `server:getConfig`. */
export interface Internal {
  /** Seed of the hashes of filters, the same on every node. */
  readonly hash: { readonly seed: string };
  /** One of the origins is `*`. */
  readonly allowAllOrigins: boolean;
  /** Protocols that are enabled and hear of expired tokens. */
  readonly notifiableProtocols: readonly string[];
}

type Plain = DeepReadonly<Omit<Settings, "http" | "security">>;
type AuthToken = DeepReadonly<Settings["security"]["authToken"]>;

/**
 * The configuration of one server: complete, checked and frozen. Rooms are given the slice that they need.
 *
 * Shape: the tree of `docs/configuration.md`, and `version` and `internal`. Sizes and durations stay as they were written:
 * read them with `bytes` and `durationMs`.
 */
export interface Config extends Plain {
  readonly http: DeepReadonly<Omit<Settings["http"], "accessControlAllowOrigin">> & {
    /** Always a list; of regular expressions where `accessControlAllowOriginUseRegExp` says so (but `*` stays a text). */
    readonly accessControlAllowOrigin: readonly (string | RegExp)[];
  };
  readonly security: DeepReadonly<Omit<Settings["security"], "authToken">> & {
    readonly authToken: Omit<AuthToken, "secret"> & { readonly secret: string | Uint8Array | null };
  };
  /** Version that plugins are told. */
  readonly version: string;
  readonly internal: Internal;
}

export interface ConfigWarning {
  readonly code: "unknown_key" | "obsolete_key" | "protocol_disabled" | "value_changed";
  readonly key: string;
  /** The source: `file /srv/app/.kuzzlerc`, `variable kuzzle_server__port`… */
  readonly from: string;
  readonly message: string;
  /** For an unknown key: the known one that was probably meant. */
  readonly suggestion?: string;
}

/** A key that a source or the application set to something other than its default. */
export interface RecordedKey {
  readonly key: string;
  readonly from: string;
}

export interface LoadedConfig {
  readonly config: Config;
  readonly warnings: readonly ConfigWarning[];
  readonly recorded: readonly RecordedKey[];
}
