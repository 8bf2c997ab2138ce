import { type ClientConnection, type JSONObject, kerror } from "../../kernel/index.ts";
import { parseOptions } from "../../realtime/index.ts";
import { ApplicationManager } from "./application-manager.ts";

export interface SubscriptionChoices {
  /** Told to the other subscribers. */
  readonly volatile?: JSONObject;
  readonly scope?: "all" | "in" | "out" | "none";
  readonly users?: "all" | "in" | "out" | "none";
}

/**
 * `app.subscription`: subscribes a client's connection (`request.context.connection`) in its place.
 * Error of all of it: `plugin.runtime.unavailable_before_start`.
 */
export class BackendSubscription extends ApplicationManager {
  /** Errors: `api.assert.koncorde_dsl_error` for wrong filters, `api.assert.invalid_argument` for unknown choices. */
  async add(
    connection: Pick<ClientConnection, "id" | "protocol">,
    index: string,
    collection: string,
    filters: JSONObject,
    { volatile = {}, scope = "all", users = "all" }: SubscriptionChoices = {},
  ): Promise<{ readonly roomId: string; readonly channel: string }> {
    const { realtime } = this.life.running("subscription.add");
    const { id, protocol } = checkedConnection(connection);
    const subscriber = { connectionId: id, protocol, kuid: null, volatile };
    return realtime.subscribe(subscriber, { index, collection }, filters, parseOptions(scope, users));
  }

  /** Error: `core.realtime.not_subscribed` (412). */
  async remove(connection: Pick<ClientConnection, "id" | "protocol">, roomId: string): Promise<void> {
    this.life.running("subscription.remove").realtime.unsubscribe(checkedConnection(connection).id, roomId);
  }
}

function checkedConnection<C extends { readonly id: string }>(connection: C): C {
  if (typeof connection === "object" && connection !== null && typeof connection.id === "string") return connection;
  throw kerror("validation.assert.invalid_type", "connection", "a connection, as request.context.connection");
}
