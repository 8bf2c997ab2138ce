import type { ClientConnection, JSONObject, KuzzleRequest } from "../kernel/index.ts";
import type { DocumentEvents } from "./document-events.ts";
import type { HookFailure } from "./event-bus.ts";

/** A document as the generic events carry it; `_source` is absent where the action has none. */
export interface EventDocument {
  _id?: string | null;
  _source?: JSONObject;
  [extra: string]: unknown;
}

interface Place {
  index: string;
  collection: string;
}

interface ToldSubscription extends Place {
  roomId: string;
  connectionId: string;
  kuid: string | null;
}

type GenericKind = "Write" | "Update" | "Delete" | "Get";

/**
 * Every event with a name of its own, and the tuple of its arguments. A pipe replaces the first. Plugins and applications add theirs by
 * declaration merging. The events of all actions but those on documents, `<controller>:before<Action>` and so on, are typed by
 * {@link ActionEventName}.
 * Source: contract/plugins/events.yaml.
 */
export interface EventTable
  extends DocumentEvents,
    Record<
      `generic:document:${"before" | "after"}${GenericKind}`,
      [documents: EventDocument[], request: KuzzleRequest]
    >,
    Record<`http:${"get" | "post" | "put" | "patch" | "delete" | "head" | "options"}`, [request: KuzzleRequest]>,
    Record<
      | "request:beforeExecution"
      | "request:onAuthorized"
      | "request:onUnauthorized"
      | "request:onExecution"
      | "request:onSuccess"
      | "request:onError",
      [request: KuzzleRequest]
    >,
    Record<`notify:${"document" | "user" | "server" | "dispatch"}`, [notification: JSONObject]> {
  "request:afterExecution": [
    outcome: { request: KuzzleRequest; success: boolean; result?: KuzzleRequest; error?: Error },
  ];
  "generic:document:injectMetadata": [
    injection: { request: KuzzleRequest; metadata: JSONObject; defaultMetadata?: JSONObject },
  ];
  "kuzzle:state:start": [];
  "kuzzle:start": [];
  "kuzzle:state:live": [];
  "kuzzle:state:ready": [];
  "kuzzle:state:change": [state: number];
  "kuzzle:shutdown": [];
  "core:kuzzleStart": [message: string];
  "core:shutdown": [];
  /** How far an operation on many documents is: once a second for those that last, and when they end. */
  "operation:progress": [report: JSONObject];
  /** The storage engine refused or failed; `meta` says what it was asked: `{ method, index, collection }`. */
  "services:storage:error": [failure: { message: string; meta: JSONObject; stack: string | undefined }];
  /** A strategy has accepted the credentials; content that is no user is a step before the token. */
  "auth:strategyAuthenticated": [login: { strategy: string; content: unknown; request?: KuzzleRequest }];
  "core:auth:strategyAdded": [strategy: { name: string; pluginName: string; strategy: unknown }];
  "core:auth:strategyRemoved": [strategy: { name: string; pluginName: string }];
  "core:realtime:room:create:after": [room: Place & { roomId: string }];
  "core:realtime:room:remove:before": [roomId: string];
  "core:realtime:user:subscribe:after": [subscription: ToldSubscription & { filters: unknown }];
  "core:realtime:user:unsubscribe:after": [
    left: { requestContext: JSONObject; room: Place & { id: string }; subscription: ToldSubscription },
  ];
  "core:realtime:notification:dispatch:before": [
    dispatch: { notification: JSONObject; channels: string[]; connectionId?: string },
  ];
  "core:notify:document": [told: { notification: JSONObject; rooms: readonly string[] }];
  "core:notify:user": [told: { notification: JSONObject; room: string }];
  "core:storage:index:create:after": [change: { index: string; scope: string }];
  "core:storage:index:delete:after": [change: { index: string; scope: string }];
  "core:storage:index:mDelete:after": [change: { indexes: readonly string[]; scope: string }];
  "core:storage:collection:create:after": [change: Place & { scope: string }];
  "core:storage:collection:delete:after": [change: Place & { scope: string }];
  /** Deprecated, for older plugins. */
  "room:new": [room: Place & { roomId: string }];
  /** Deprecated, for older plugins. */
  "room:remove": [roomId: string];
  /** Deprecated, for older plugins. */
  "core:hotelClerk:addSubscription": [
    subscription: {
      changed: boolean;
      collection: string;
      connectionId: string;
      filters: unknown;
      index: string;
      roomId: string;
    },
  ];
  /** Deprecated, for older plugins. */
  "core:hotelClerk:removeRoomForCustomer": [
    left: { requestContext: JSONObject; room: { collection: string; id: string; index: string } },
  ];
  /** A notification for the callbacks of the embedded SDK. */
  "core:network:internal:message": [message: { channels: readonly string[]; payload: JSONObject }];
  "core:overload": [fillPercentage: number];
  "connection:new": [connection: ClientConnection];
  "connection:remove": [connection: ClientConnection];
  "protocol:http:beforeParsingPayload": [message: { message: JSONObject; payload: Buffer }];
  "protocol:http:afterParsingPayload": [message: { message: JSONObject; payload: JSONObject }];
  "protocol:websocket:beforeParsingPayload": [message: { connection: ClientConnection; payload: string }];
  "protocol:websocket:afterParsingPayload": [message: { connection: ClientConnection; payload: JSONObject }];
  "hook:onError": [failure: HookFailure];
  "plugin:hook:loop-error": [failure: HookFailure];
}

/** `document:beforeCreate`, `my-plugin/ctrl:afterRun`: what every action fires. */
export type ActionEventName = `${string}:${"before" | "after" | "error"}${Capitalize<string>}`;

export type EventName = keyof EventTable;

export type EventArguments<E extends EventName> = EventTable[E];

/** What a pipe answers in the place of the first argument: for a request any request will do, whatever its result. */
export type PipeAnswer<E extends EventName> = EventArguments<E>[0] extends KuzzleRequest
  ? KuzzleRequest
  : EventArguments<E>[0];
