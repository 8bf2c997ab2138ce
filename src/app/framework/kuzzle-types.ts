/** Types that applications and plugins import by the names of Kuzzle 2 (contract/plugins/framework.md section 9). */
import type { Config } from "../../config/index.ts";
import type { EventArguments, EventName } from "../../events/index.ts";
import type { RequestToken } from "../../kernel/index.ts";
import type { ApplicationAction, ControllerContent, EventHandler } from "../application.ts";
import type { CustomErrorDefinition } from "./errors.ts";
import type { EventDefinition } from "./listener-types.ts";

/** Any object. Its members are not known, and authors of Kuzzle 2 read them without a check. */
// biome-ignore lint/suspicious/noExplicitAny: what was written against this name would not compile with less
export type JSONObject = Record<string, any>;

export interface KuzzleDocument<Content extends JSONObject = JSONObject> {
  readonly _id: string;
  readonly _source: Content;
}

export type HttpRoute = NonNullable<ApplicationAction["http"]>[number];

/** The description of one route, as OpenAPI has it. */
export interface OpenApiDefinition extends JSONObject {
  readonly description?: string;
  readonly parameters?: readonly JSONObject[];
  readonly responses?: JSONObject;
}

export type PluginApiDefinition = Readonly<Record<string, ControllerContent>>;
export type PluginHookDefinition = Readonly<Record<string, EventHandler | readonly EventHandler[] | string>>;
export type PluginPipeDefinition = Readonly<Record<string, EventHandler | readonly EventHandler[] | string>>;

/** A way to log in, as a plugin writes it. */
export interface StrategyDefinition {
  readonly config: {
    readonly authenticator: string;
    readonly strategyOptions?: JSONObject;
    readonly authenticateOptions?: JSONObject;
    readonly fields?: readonly string[];
  };
  readonly methods: Readonly<Record<"create" | "delete" | "exists" | "update" | "validate" | "verify", string>> & {
    readonly afterRegister?: string;
    readonly getById?: string;
    readonly getInfo?: string;
    readonly search?: string;
    readonly refreshToken?: string;
  };
}

export interface PolicyRestrictions {
  readonly index: string;
  readonly collections?: readonly string[];
}

export interface Policy {
  readonly roleId: string;
  readonly restrictedTo?: readonly PolicyRestrictions[];
}

export interface ProfileDefinition {
  readonly policies: readonly Policy[];
  readonly rateLimit?: number;
  readonly tags?: readonly string[];
}

export interface ControllerRight {
  readonly actions: Readonly<Record<string, boolean>>;
}
export type ControllerRights = Readonly<Record<string, ControllerRight>>;

export interface RoleDefinition {
  readonly controllers: ControllerRights;
  readonly tags?: readonly string[];
}

/** One index of a search over several. */
export interface Target {
  readonly index: string;
  readonly collections?: readonly string[];
}

export type Token = RequestToken;

/** A rule for passwords: `plugins.kuzzle-plugin-auth-passport-local.passwordPolicies`. */
export interface PasswordPolicy {
  readonly appliesTo:
    | string
    | { readonly users?: readonly string[]; readonly profiles?: readonly string[]; readonly roles?: readonly string[] };
  readonly expiresAfter?: string;
  readonly forbidLoginInPassword?: boolean;
  readonly forbidReusedPasswordCount?: number;
  readonly mustChangePasswordIfSetByAdmin?: boolean;
  readonly passwordRegex?: string;
}

/** An event that somebody answers. */
export interface AskEventDefinition extends EventDefinition {
  readonly result: unknown;
}
export type AskEventHandler<T extends AskEventDefinition> = (...args: [...T["args"]]) => Promise<T["result"]>;
export type CallEventHandler<T extends AskEventDefinition> = (...args: [...T["args"]]) => T["result"];

export interface ErrorDefinition extends CustomErrorDefinition {
  readonly code?: number;
}
/** Errors by domain, subdomain and name. */
export type ErrorDomains = Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, ErrorDefinition>>>>>
>;

export type KuzzleConfiguration = Config;
export type DumpConfiguration = Config["dump"];
export type HttpConfiguration = Config["http"];
export type LimitsConfiguration = Config["limits"];
export type PluginsConfiguration = Config["plugins"];
export type SecurityConfiguration = Config["security"];
export type ServerConfiguration = Config["server"];
export type ServicesConfiguration = Config["services"];

/** An event of the server's own in the form of those that applications define. */
interface Named<Name extends EventName> extends EventDefinition {
  readonly name: Name;
  readonly args: EventArguments<Name>;
}

export type EventGenericDocumentBeforeWrite = Named<"generic:document:beforeWrite">;
export type EventGenericDocumentAfterWrite = Named<"generic:document:afterWrite">;
export type EventGenericDocumentBeforeUpdate = Named<"generic:document:beforeUpdate">;
export type EventGenericDocumentAfterUpdate = Named<"generic:document:afterUpdate">;
export type EventGenericDocumentBeforeDelete = Named<"generic:document:beforeDelete">;
export type EventGenericDocumentAfterDelete = Named<"generic:document:afterDelete">;
export type EventGenericDocumentBeforeGet = Named<"generic:document:beforeGet">;
export type EventGenericDocumentAfterGet = Named<"generic:document:afterGet">;
export type EventGenericDocumentInjectMetadata = Named<"generic:document:injectMetadata">;
export type EventHTTPBeforeParsingPayload = Named<"protocol:http:beforeParsingPayload">;
export type EventHTTPAfterParsingPayload = Named<"protocol:http:afterParsingPayload">;
export type EventWebsocketBeforeParsingPayload = Named<"protocol:websocket:beforeParsingPayload">;
export type EventWebsocketAfterParsingPayload = Named<"protocol:websocket:afterParsingPayload">;

export type RealtimeScope = "all" | "in" | "out" | "none";
export type RealtimeUsers = "all" | "in" | "out" | "none";
/** Subscribers by index, collection and room: the answer of `realtime:list`. */
export type RoomList = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>>;

/** What `accessors.storage.bootstrap` and `Store.init` take. */
export type StoreCollectionsDefinition = Readonly<
  Record<string, { readonly mappings: JSONObject; readonly settings?: JSONObject }>
>;

/** What code may take from `global`. */
export interface Global {
  readonly app: unknown;
  readonly kuzzle: unknown;
  readonly nodeId: string;
  readonly NODE_ENV: string;
}
