import { type Events, isThenable } from "../events/index.ts";
import {
  type DocumentRule,
  FilterError,
  FilterSet,
  filterId,
  parseFilter,
  type RegExpEngine,
} from "../filters/index.ts";
import { type Clock, type JSONObject, type KuzzleRequest, kerror, type Logger } from "../kernel/index.ts";
import type { Bus } from "../stores/bus/index.ts";
import { addressesOf } from "./addresses.ts";
import { type Delivery, Dispatcher } from "./dispatcher.ts";
import { DocumentRooms } from "./document-rooms.ts";
import { Followers } from "./followers.ts";
import { type Content, type ContentMessage, serverChannel, tokenExpiredNotification } from "./notifications.ts";
import { Notifier } from "./notifier.ts";
import type { SubscriptionOptions } from "./options.ts";
import type { Receiver } from "./receiver.ts";
import { type Membership, Room } from "./room.ts";
import { assertReadable } from "./unreadable-field.ts";

export interface RealtimeLimits {
  /** Conditions in one filter. */
  readonly subscriptionConditionsCount: number;
  /** Rooms on this node; 0: no limit. */
  readonly subscriptionRooms: number;
  /** Milliseconds that a document's rooms are remembered; 0: for ever. */
  readonly subscriptionDocumentTTL: number;
}

export interface RealtimeDeps {
  readonly nodeId: string;
  readonly log: Logger;
  readonly clock: Clock;
  readonly events: Events;
  readonly bus: Bus;
  readonly delivery: Delivery;
  readonly limits: RealtimeLimits;
  readonly regExpEngine: RegExpEngine;
}

/** Who subscribes. */
export interface Subscriber {
  readonly connectionId: string;
  readonly protocol: string;
  readonly kuid: string | null;
  /** Shown to others when it joins and leaves. */
  readonly volatile: JSONObject | null;
}

export type RoomList = Record<string, Record<string, Record<string, number>>>;

export interface SubscriptionResult {
  readonly roomId: string;
  readonly channel: string;
}

/** The rooms and filters of one collection, and what stops listening to its changes. */
interface CollectionRooms {
  readonly filters: FilterSet;
  readonly stopListening: () => void;
}

/**
 * Rooms, subscriptions and notifications of one node (contract/realtime.md).
 *
 * Nodes share no subscription state: a change is published on the bus under its collection, and each node matches it against its own
 * filters. A lost node takes only its own connections with it.
 */
export class Realtime {
  readonly #deps: RealtimeDeps;
  readonly #dispatcher: Dispatcher;
  readonly #notifier: Notifier;
  readonly #rooms = new Map<string, Room>();
  readonly #collections = new Map<string, CollectionRooms>();
  readonly #roomsOfConnection = new Map<string, Set<Room>>();
  readonly #documentRooms: DocumentRooms;
  readonly followers = new Followers();
  /** Memberships with a rule; while there are none, nothing is asked about rules. */
  #ruledMembers = 0;

  constructor(deps: RealtimeDeps) {
    this.#deps = deps;
    this.#dispatcher = new Dispatcher(deps.delivery, deps.events, deps.log);
    this.#notifier = new Notifier(deps, this.#rooms, this.#dispatcher);
    this.#documentRooms = new DocumentRooms(deps.limits.subscriptionDocumentTTL, deps.clock);
  }

  /** False when no connection anywhere could hear of a change of this collection. */
  watches(index: string, collection: string): boolean {
    return this.#collections.has(`${index}/${collection}`);
  }

  /**
   * `receiver`: whose rights the subscription follows; without one it hears everything that matches.
   * Errors: `api.assert.koncorde_dsl_error` (400), `core.realtime.too_many_rooms` (413), `security.rights.forbidden` (403) for a filter on a field
   * that the receiver may not read.
   */
  subscribe(
    subscriber: Subscriber,
    target: { readonly index: string; readonly collection: string },
    filter: unknown,
    options: SubscriptionOptions,
    receiver?: Receiver,
  ): SubscriptionResult {
    const { limits, regExpEngine, events } = this.#deps;
    const { index, collection } = target;
    const parsed = this.#parse(filter, { maxConditions: limits.subscriptionConditionsCount, regExpEngine });
    const roomId = filterId(parsed, index, collection);
    assertReadable("subscribe", parsed, receiver);
    let room = this.#rooms.get(roomId);
    if (room === undefined) {
      if (limits.subscriptionRooms > 0 && this.#rooms.size >= limits.subscriptionRooms) {
        throw kerror("core.realtime.too_many_rooms", limits.subscriptionRooms);
      }
      room = new Room(roomId, index, collection, parsed);
      this.#rooms.set(roomId, room);
      this.#filtersOf(index, collection).add(roomId, parsed);
      events.hook("core:realtime:room:create:after", { index, collection, roomId });
      events.hook("room:new", { index, collection, roomId });
    }
    const changed = !room.members.has(subscriber.connectionId);
    const result = this.#enter(room, subscriber, options, "subscribe", receiver);
    events.hook("core:realtime:user:subscribe:after", {
      connectionId: subscriber.connectionId,
      roomId,
      index,
      collection,
      filters: filter,
      kuid: subscriber.kuid,
    });
    if (events.hasListeners("core:hotelClerk:addSubscription")) {
      const { connectionId } = subscriber;
      const told = { changed, collection, connectionId, filters: filter, index, roomId };
      this.#unawaited(events.pipe("core:hotelClerk:addSubscription", told));
    }
    return result;
  }

  #parse(filter: unknown, options: Parameters<typeof parseFilter>[1]): ReturnType<typeof parseFilter> {
    try {
      return parseFilter(filter, options);
    } catch (error) {
      if (error instanceof FilterError) throw kerror("api.assert.koncorde_dsl_error", error.message);
      throw error;
    }
  }

  /** Errors: `core.realtime.room_not_found` (404), `security.rights.forbidden` (403) as in {@link subscribe}. */
  join(subscriber: Subscriber, roomId: string, options: SubscriptionOptions, receiver?: Receiver): SubscriptionResult {
    const room = this.room(roomId);
    assertReadable("join", room.filter, receiver);
    return this.#enter(room, subscriber, options, "join", receiver);
  }

  findRoom(roomId: string): Room | undefined {
    return this.#rooms.get(roomId);
  }

  /** Index and collection of a room, for the check of rights. Error: `core.realtime.room_not_found` (404). */
  room(roomId: string): Room {
    const room = this.#rooms.get(roomId);
    if (room === undefined) throw kerror("core.realtime.room_not_found", roomId);
    return room;
  }

  #enter(
    room: Room,
    subscriber: Subscriber,
    options: SubscriptionOptions,
    action: "subscribe" | "join",
    receiver: Receiver | undefined,
  ): SubscriptionResult {
    const { channel, membership, isNew, joins } = room.enter({ ...subscriber, follows: undefined }, options);
    if (receiver !== undefined) {
      this.followers.follow(room, membership, receiver.kuid);
      this.limit(room, membership, receiver.rule);
    }
    if (isNew) {
      const rooms = this.#roomsOfConnection.get(subscriber.connectionId) ?? new Set();
      this.#roomsOfConnection.set(subscriber.connectionId, rooms);
      rooms.add(room);
      // Told before the newcomer joins its channel, so that it does not hear of itself.
      this.#notifier.users(room, membership, "in", action);
    }
    if (joins && membership.rule === undefined) this.#deps.delivery.joinChannel(channel.name, subscriber.connectionId);
    return { roomId: room.id, channel: channel.name };
  }

  /** From now on a member hears what this rule lets it: told by itself under a rule, with all the others without one. */
  limit(room: Room, membership: Membership, rule: DocumentRule | undefined): void {
    const before = membership.rule;
    room.limit(membership, rule);
    this.#ruledMembers += Number(rule !== undefined) - Number(before !== undefined);
    const { connectionId, channels } = membership;
    if ((before === undefined) === (rule === undefined)) return;
    for (const name of channels) {
      if (rule === undefined) this.#deps.delivery.joinChannel(name, connectionId);
      else this.#deps.delivery.leaveChannel(name, connectionId);
    }
  }

  /** Leaves every channel of the room; `notify` false: the others are not told. Error: `core.realtime.not_subscribed` (412). */
  unsubscribe(connectionId: string, roomId: string, notify = true): void {
    const room = this.#rooms.get(roomId);
    const rooms = this.#roomsOfConnection.get(connectionId);
    if (room === undefined || rooms === undefined || !rooms.has(room)) {
      throw kerror("core.realtime.not_subscribed", roomId);
    }
    rooms.delete(room);
    if (rooms.size === 0) this.#roomsOfConnection.delete(connectionId);
    this.#leave(room, connectionId, notify);
  }

  /** Leaves all rooms: the connection is gone, or its token is. */
  removeConnection(connectionId: string): void {
    const rooms = this.#roomsOfConnection.get(connectionId);
    if (rooms === undefined) return;
    this.#roomsOfConnection.delete(connectionId);
    for (const room of rooms) this.#leave(room, connectionId, true);
  }

  /** Everybody leaves every room of a collection, or those that are named. Of this node: others keep theirs. */
  removeRooms(index: string, collection: string, roomIds?: readonly string[]): void {
    for (const room of [...this.#rooms.values()]) {
      if (room.index !== index || room.collection !== collection) continue;
      if (roomIds !== undefined && !roomIds.includes(room.id)) continue;
      for (const connectionId of [...room.members.keys()]) this.unsubscribe(connectionId, room.id);
    }
  }

  #leave(room: Room, connectionId: string, notify: boolean): void {
    const membership = room.leave(connectionId);
    if (membership === undefined) return;
    if (membership.rule !== undefined) this.#ruledMembers--;
    this.followers.forget(membership);
    for (const channel of membership.channels) this.#deps.delivery.leaveChannel(channel, connectionId);
    if (notify) this.#notifier.users(room, membership, "out", "unsubscribe");
    this.#tellLeave(room, membership);
    if (room.members.size === 0) this.#removeRoom(room);
  }

  /** Pipes whose answer changes nothing, and that nobody waits for. */
  #unawaited(pending: unknown): void {
    if (!isThenable(pending)) return;
    pending.then(undefined, (err: unknown) => this.#deps.log.error("realtime.pipe_failed", { err }));
  }

  #tellLeave(room: Room, { connectionId, kuid }: Membership): void {
    const { id, index, collection } = room;
    const { events } = this.#deps;
    const requestContext = { connection: { id: connectionId } };
    if (events.hasListeners("core:hotelClerk:removeRoomForCustomer")) {
      const left = { requestContext, room: { collection, id, index } };
      this.#unawaited(events.pipe("core:hotelClerk:removeRoomForCustomer", left));
    }
    events.hook("core:realtime:user:unsubscribe:after", {
      requestContext,
      room: { id, index, collection },
      subscription: { connectionId, roomId: id, index, collection, kuid },
    });
  }

  #removeRoom(room: Room): void {
    const { events } = this.#deps;
    events.hook("core:realtime:room:remove:before", room.id);
    this.#rooms.delete(room.id);
    const key = `${room.index}/${room.collection}`;
    const rooms = this.#collections.get(key);
    rooms?.filters.remove(room.id);
    if (rooms?.filters.size === 0) {
      rooms.stopListening();
      this.#collections.delete(key);
    }
    events.hook("room:remove", room.id);
  }

  #filtersOf(index: string, collection: string): FilterSet {
    const key = `${index}/${collection}`;
    const known = this.#collections.get(key);
    if (known !== undefined) return known.filters;
    const filters = new FilterSet();
    const stopListening = this.#deps.bus.listen(`realtime:${key}`, (message) =>
      this.#receive(filters, message as ContentMessage),
    );
    this.#collections.set(key, { filters, stopListening });
    return filters;
  }

  /** Tells every node of what happened to the documents of one collection. */
  publish(request: KuzzleRequest, index: string, collection: string, contents: readonly Content[]): void {
    const { input, context } = request;
    const message: ContentMessage = {
      node: this.#deps.nodeId,
      index,
      collection,
      origin: {
        controller: input.controller,
        protocol: context.connection.protocol,
        requestId: request.id,
        timestamp: request.timestamp,
        volatile: input.volatile,
      },
      contents,
    };
    this.#deps.bus.publish(`realtime:${index}/${collection}`, message);
  }

  #receive(filters: FilterSet, message: ContentMessage): void {
    for (const content of message.contents) this.#match(filters, message, content);
  }

  #match(filters: FilterSet, message: ContentMessage, content: Content): void {
    const roomIds = filters.match(content.source, content.id);
    const matching = this.#ruledMembers === 0 ? roomIds : addressesOf(this.#rooms, roomIds, content);
    if (content.action === "publish" || content.id === undefined) {
      this.#notifier.content(message, content, "in", matching);
      return;
    }
    const key = `${message.index}/${message.collection}/${content.id}`;
    if (content.action === "delete") {
      this.#documentRooms.forget(key);
      this.#notifier.content(message, content, "out", matching);
      return;
    }
    const before = this.#documentRooms.replace(key, matching);
    this.#notifier.content(message, content, "in", matching);
    if (content.action === "create" || before.length === 0) return;
    const still = new Set(matching);
    const left = before.filter((roomId) => !still.has(roomId));
    this.#notifier.content(message, content, "out", left);
  }

  /** The connections' token ended: they are told, and lose their subscriptions. */
  expireToken(connectionIds: readonly string[]): void {
    for (const connectionId of connectionIds) {
      const notification = tokenExpiredNotification(this.#deps.nodeId);
      this.#dispatcher.dispatch("server", { channels: [serverChannel], connectionId, notification });
      this.removeConnection(connectionId);
    }
  }

  /** Forgets which rooms documents matched: until their next write nobody is told that they left. */
  forgetDocuments(): void {
    this.#documentRooms.clear();
  }

  /** Connections in the room, for a viewer with a rule those whose rules say the same; 0 for unknown rooms. */
  count(roomId: string, viewer?: DocumentRule): number {
    return this.#rooms.get(roomId)?.visibleMembers(viewer) ?? 0;
  }

  /** `{ roomId: 2 }` for the rooms of one collection, as {@link count} counts. */
  counts(index: string, collection: string, viewer?: DocumentRule): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const room of this.#rooms.values()) {
      if (room.index !== index || room.collection !== collection) continue;
      const count = room.visibleMembers(viewer);
      if (count > 0) counts[room.id] = count;
    }
    return counts;
  }

  /** `{ index: { collection: { roomId: 2 } } }`; without prototypes, for a client may call its index `__proto__`. */
  list(): RoomList {
    const list: RoomList = Object.create(null);
    for (const room of this.#rooms.values()) {
      const count = room.visibleMembers();
      if (count === 0) continue;
      const collections: RoomList[string] = list[room.index] ?? Object.create(null);
      list[room.index] = collections;
      collections[room.collection] = { ...collections[room.collection], [room.id]: count };
    }
    return list;
  }

  /** Collections of an index that have a room. */
  collections(index: string): readonly string[] {
    const names = new Set<string>();
    for (const room of this.#rooms.values()) if (room.index === index) names.add(room.collection);
    return [...names];
  }

  /** Rooms, and connections that have at least one subscription, on this node. */
  metrics(): { readonly rooms: number; readonly subscriptions: number } {
    return { rooms: this.#rooms.size, subscriptions: this.#roomsOfConnection.size };
  }

  /** Drops every subscription, leave notifications included. */
  close(): void {
    for (const connectionId of [...this.#roomsOfConnection.keys()]) this.removeConnection(connectionId);
  }
}
