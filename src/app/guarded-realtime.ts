import type { ActionTable } from "../api/index.ts";
import type { Events } from "../events/index.ts";
import { type Delivery, Following, Realtime } from "../realtime/index.ts";
import { createSecurity, type Security } from "../security/index.ts";
import type { Bus } from "../stores/bus/index.ts";
import type { DocumentStore } from "../stores/documents/index.ts";
import type { Data } from "./data.ts";
import { knownActionsOf } from "./known-actions.ts";
import { securityOptions } from "./options.ts";
import type { ServerParts } from "./server-parts.ts";

export interface GuardedRealtimeDeps {
  readonly parts: ServerParts;
  readonly store: DocumentStore;
  readonly events: Events;
  readonly bus: Bus;
  /** Read when rights are asked: the actions may be yet to come. */
  readonly actions: ActionTable;
  readonly data: Data;
  readonly delivery: Delivery;
}

/** Subscriptions and rights, which follow each other: what somebody hears of ends with the right to it, and with the token. */
export async function openGuardedRealtime(
  deps: GuardedRealtimeDeps,
): Promise<{ readonly realtime: Realtime; readonly security: Security }> {
  const { parts, store, events, bus, actions, data, delivery } = deps;
  const { nodeId, log, clock, environment } = parts;
  const { config } = parts.loaded;
  const realtime = new Realtime({
    nodeId,
    log,
    clock,
    events,
    bus,
    delivery,
    limits: config.limits,
    regExpEngine: config.realtime.pcreSupport ? "js" : "re2",
  });
  data.feed.listen({
    watches: (index, collection) => realtime.watches(index, collection),
    onChanges: (request, index, collection, changes) => realtime.publish(request, index, collection, changes),
  });
  const following = new Following({
    realtime,
    log,
    ruleOf: (kuid, index, collection) => security.documentAccess.receivingRule(kuid, index, collection),
  });
  const security: Security = await createSecurity({
    nodeId,
    store,
    bus,
    clock,
    log: log.child("security"),
    events,
    options: securityOptions(config),
    hints: environment === "development",
    knownActions: knownActionsOf(actions),
    publicCollections: {
      hasIndex: (index) => data.catalog.hasIndex(index),
      hasCollection: (index, collection) => data.catalog.hasCollection({ index, collection }),
    },
    onRulesChanged: (kuid) => following.changed(kuid),
    onTokenExpired: (connectionIds) => realtime.expireToken(connectionIds),
    onTokenRevoked: (connectionIds) => {
      for (const connectionId of connectionIds) realtime.removeConnection(connectionId);
    },
  });
  return { realtime, security };
}
