import type { Mappings, Settings } from "../stores/documents/index.ts";
import type { AuditOptions } from "./audit/audit-log.ts";
import type { RoleContent } from "./roles/role.ts";

/** Durations as clients and configuration write them: milliseconds, or text as in `"1h"`; -1 has no end. */
export type Duration = string | number;

/** What the security room reads of the configuration. `maxTtlMs` -1: no maximum. Source: contract/config.md, section security. */
export interface SecurityOptions {
  /** Profiles of users made by `security:createRestrictedUser`. */
  readonly restrictedProfileIds: readonly string[];
  readonly authToken: {
    readonly algorithm: "HS256" | "HS384" | "HS512";
    readonly expiresIn: Duration;
    /** How long a refreshed token still authenticates. */
    readonly gracePeriodMs: number;
    readonly maxTtlMs: number;
    /** Null: one is made at the first start and kept. */
    readonly secret: string | null;
    /** Secrets that the configuration had before, whose tokens stay good. */
    readonly formerSecrets: readonly string[];
  };
  readonly apiKey: { readonly maxTtlMs: number };
  /** Roles and profiles that `security:restrictDefaultRights` writes. */
  readonly standard: {
    readonly roles: Readonly<Record<string, RoleContent>>;
    readonly profiles: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
  readonly cookieAuthentication: boolean;
  /** Cookies are `Secure` however the request came; else those of requests that came by TLS. */
  readonly secureCookies: boolean;
  /** Only administrators, and `auth:login`. */
  readonly failsafeMode: boolean;
  /** True: anybody from anywhere may do everything until there is an administrator, as Kuzzle has it. */
  readonly openUntilAdmin: boolean;
  /** How long a strategy may take to answer a login; 0 for as long as it likes. */
  readonly loginTimeoutMs: number;
  /** Per connection. */
  readonly loginsPerSecond: number;
  /** 0: no limit. */
  readonly loginsPerSecondPerAddress: number;
  readonly documentsFetchCount: number;
  readonly documentsWriteCount: number;
  readonly scrollTtl: Duration;
  readonly maxScrollTtl: Duration;
  readonly audit: AuditOptions;
  /** Protocols whose connections are told when their token ends. */
  readonly linkedProtocols: readonly string[];
  readonly internalIndex: {
    readonly name: string;
    /** Mappings and settings that differ from the built-in ones, by collection. */
    readonly collections: Readonly<Record<string, { readonly mappings?: Mappings; readonly settings?: Settings }>>;
  };
}

const actions = (...names: readonly string[]): { actions: Record<string, boolean> } => ({
  actions: Object.fromEntries(names.map((name) => [name, true])),
});

/** The defaults of contract/config.md. */
export const defaultSecurityOptions: SecurityOptions = {
  restrictedProfileIds: ["default"],
  authToken: {
    algorithm: "HS256",
    expiresIn: "1h",
    gracePeriodMs: 1_000,
    maxTtlMs: -1,
    secret: null,
    formerSecrets: [],
  },
  apiKey: { maxTtlMs: -1 },
  standard: {
    roles: {
      admin: { controllers: { "*": actions("*") } },
      default: {
        controllers: {
          auth: actions("checkToken", "getCurrentUser", "getMyRights", "logout", "updateSelf"),
          server: actions("publicApi"),
        },
      },
      anonymous: {
        controllers: {
          auth: actions("checkToken", "getCurrentUser", "getMyRights", "login"),
          server: actions("publicApi", "openapi"),
        },
      },
    },
    profiles: {
      admin: { rateLimit: 0, policies: [{ roleId: "admin" }] },
      default: { rateLimit: 10, policies: [{ roleId: "default" }] },
      anonymous: { rateLimit: 200, policies: [{ roleId: "anonymous" }] },
    },
  },
  cookieAuthentication: true,
  secureCookies: false,
  failsafeMode: false,
  openUntilAdmin: false,
  loginTimeoutMs: 30_000,
  loginsPerSecond: 1,
  loginsPerSecondPerAddress: 20,
  documentsFetchCount: 10_000,
  documentsWriteCount: 200,
  scrollTtl: "15s",
  maxScrollTtl: "1m",
  audit: { enabled: true, maxAgeMs: 90 * 86_400_000, maxEntries: 100_000, refusalsPerMinute: 60 },
  linkedProtocols: ["websocket", "mqtt"],
  internalIndex: { name: "kuzzle", collections: {} },
};
