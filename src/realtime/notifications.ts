import type { JSONObject } from "../kernel/index.ts";

/** Where a change comes from, as notifications tell it. */
export interface Origin {
  readonly controller: string | null;
  readonly protocol: string | null;
  readonly requestId: string;
  readonly timestamp: number;
  readonly volatile: JSONObject | null;
}

/** One change or message on its way to the nodes that have subscribers. */
export interface ContentMessage {
  readonly node: string;
  readonly index: string;
  readonly collection: string;
  readonly origin: Origin;
  readonly contents: readonly Content[];
}

export interface Content {
  readonly action: "create" | "update" | "replace" | "delete" | "publish";
  /** Undefined for a message without id. */
  readonly id: string | undefined;
  readonly source: JSONObject;
  readonly extra?: JSONObject | undefined;
  readonly updatedFields?: readonly string[] | undefined;
}

const events = { create: "write", update: "write", replace: "write", delete: "delete", publish: "publish" } as const;

/** contract/realtime.md section 4. */
export function documentNotification(message: ContentMessage, content: Content, scope: "in" | "out"): JSONObject {
  const { origin } = message;
  const result: JSONObject = { _source: content.source, ...content.extra };
  if (content.id !== undefined) result._id = content.id;
  if (content.updatedFields !== undefined) result._updatedFields = content.updatedFields;
  return {
    type: "document",
    status: 200,
    event: events[content.action],
    action: content.action,
    controller: origin.controller,
    scope,
    index: message.index,
    collection: message.collection,
    protocol: origin.protocol,
    requestId: origin.requestId,
    timestamp: origin.timestamp,
    volatile: origin.volatile,
    node: message.node,
    result,
  };
}

export interface UserEvent {
  readonly side: "in" | "out";
  readonly action: "subscribe" | "join" | "unsubscribe";
  readonly index: string;
  readonly collection: string;
  readonly protocol: string;
  readonly timestamp: number;
  readonly volatile: JSONObject | null;
  readonly node: string;
  /** Connections in the room after the change. */
  readonly count: number;
}

/** contract/realtime.md section 5. */
export function userNotification({ side, count, action, ...rest }: UserEvent): JSONObject {
  return { type: "user", status: 200, user: side, action, controller: "realtime", ...rest, result: { count } };
}

/** The channel of messages that need no subscription. */
export const serverChannel = "kuzzle:notification:server";

/** contract/realtime.md section 6; the text of `message` is what clients look for. */
export function tokenExpiredNotification(node: string): JSONObject {
  return {
    type: "TokenExpired",
    status: 200,
    message: "Authentication Token Expired",
    info: "The token of this connection has reached the end of its life; its subscriptions were dropped",
    node,
  };
}
