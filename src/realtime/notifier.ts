import type { Events } from "../events/index.ts";
import type { DocumentRule } from "../filters/index.ts";
import type { Clock, JSONObject } from "../kernel/index.ts";
import { type Address, addFreeChannels, channelsOf, readAddress, seenContent } from "./addresses.ts";
import type { Dispatcher } from "./dispatcher.ts";
import {
  type Content,
  type ContentMessage,
  documentNotification,
  type UserEvent,
  userNotification,
} from "./notifications.ts";
import { type SubscriptionOptions, wants } from "./options.ts";
import type { Membership, Room } from "./room.ts";

export interface NotifierDeps {
  readonly nodeId: string;
  readonly clock: Clock;
  readonly events: Events;
}

/** Makes notifications and says who gets which: one for all who hear everything, one for each rule. */
export class Notifier {
  readonly #deps: NotifierDeps;
  readonly #rooms: ReadonlyMap<string, Room>;
  readonly #dispatcher: Dispatcher;

  constructor(deps: NotifierDeps, rooms: ReadonlyMap<string, Room>, dispatcher: Dispatcher) {
    this.#deps = deps;
    this.#rooms = rooms;
    this.#dispatcher = dispatcher;
  }

  /** Of a document or message. */
  content(message: ContentMessage, content: Content, scope: "in" | "out", addresses: readonly Address[]): void {
    const isOrigin = message.node === this.#deps.nodeId;
    const isWanted = (options: SubscriptionOptions): boolean =>
      wants(options.scope, scope) && (isOrigin || options.propagate);
    const channels: string[] = [];
    let ruled = 0;
    for (const address of addresses) {
      const room = this.#rooms.get(address);
      if (room === undefined) {
        ruled += this.#contentByRule(message, content, scope, address, isWanted);
        continue;
      }
      addFreeChannels(channels, room, isWanted);
    }
    if (channels.length === 0 && ruled === 0) return;
    const notification = documentNotification(message, content, scope);
    if (isOrigin) {
      const rooms = ruled === 0 ? addresses : [...new Set(addresses.map((address) => address.split(" ", 1)[0]))];
      this.#deps.events.hook("core:notify:document", { notification, rooms });
    }
    if (channels.length > 0) this.#dispatcher.dispatch("document", { channels, notification });
  }

  /** To the members who share a rule, one by one. Answers how many. */
  #contentByRule(
    message: ContentMessage,
    content: Content,
    scope: "in" | "out",
    address: Address,
    isWanted: (options: SubscriptionOptions) => boolean,
  ): number {
    const found = readAddress(this.#rooms, address);
    if (found === undefined) return 0;
    const notification = documentNotification(message, seenContent(content, found.ruled), scope);
    let told = 0;
    for (const member of found.ruled.members)
      if (this.#tell("document", member, channelsOf(found.room, member, isWanted), notification)) told++;
    return told;
  }

  /** False when there is no channel to tell it on. */
  #tell(
    kind: "document" | "user",
    { connectionId }: Membership,
    channels: readonly string[],
    notification: JSONObject,
  ): boolean {
    if (channels.length === 0) return false;
    this.#dispatcher.dispatch(kind, { channels, connectionId, notification });
    return true;
  }

  /**
   * Of somebody who came or went. Whoever has a rule hears of those whose rules say the same, and is heard of by them and by those without any.
   */
  users(room: Room, who: Membership, side: "in" | "out", action: UserEvent["action"]): void {
    const isWanted = ({ users }: SubscriptionOptions): boolean => wants(users, side);
    if (who.rule !== undefined) {
      const notification = this.#userNotification(room, who, side, action, who.rule);
      for (const { rule, members } of room.ruled.values()) {
        if (rule.family !== who.rule.family) continue;
        for (const member of members)
          if (member !== who) this.#tell("user", member, channelsOf(room, member, isWanted), notification);
      }
    }
    const channels: string[] = [];
    addFreeChannels(channels, room, isWanted);
    if (channels.length === 0) return;
    const notification = this.#userNotification(room, who, side, action, undefined);
    this.#deps.events.hook("core:notify:user", { notification, room: room.id });
    this.#dispatcher.dispatch("user", { channels, notification });
  }

  #userNotification(
    room: Room,
    who: Membership,
    side: "in" | "out",
    action: UserEvent["action"],
    viewer: DocumentRule | undefined,
  ): JSONObject {
    return userNotification({
      side,
      action,
      index: room.index,
      collection: room.collection,
      protocol: who.protocol,
      timestamp: this.#deps.clock.now(),
      volatile: who.volatile,
      node: this.#deps.nodeId,
      count: room.count(viewer),
    });
  }
}
