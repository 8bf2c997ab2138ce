import type { JSONObject } from "../kernel/index.ts";
import { channelName, type SubscriptionOptions } from "./options.ts";

/** One set of options on a room; everybody who chose them shares it. */
export interface Channel {
  readonly name: string;
  readonly options: SubscriptionOptions;
  members: number;
}

/** One connection in a room: in which channels, and what it gave for the others to see. */
export interface Membership {
  readonly connectionId: string;
  readonly protocol: string;
  readonly kuid: string | null;
  readonly volatile: JSONObject | null;
  readonly channels: Set<string>;
}

/** Everybody on this node who subscribed to one filter of one collection. */
export class Room {
  readonly id: string;
  readonly index: string;
  readonly collection: string;
  readonly channels = new Map<string, Channel>();
  readonly members = new Map<string, Membership>();

  constructor(id: string, index: string, collection: string) {
    this.id = id;
    this.index = index;
    this.collection = collection;
  }

  /** Connections that count and list speak of: those with a propagating channel. */
  get visibleMembers(): number {
    let count = 0;
    for (const { channels } of this.members.values()) {
      for (const name of channels) {
        if (this.channels.get(name)?.options.propagate === true) {
          count++;
          break;
        }
      }
    }
    return count;
  }

  /** Enters the channel of these options; `isNew` when the connection was not in the room before. */
  enter(
    member: Omit<Membership, "channels">,
    options: SubscriptionOptions,
  ): { channel: Channel; isNew: boolean; joins: boolean } {
    const name = channelName(this.id, options);
    const channel = this.channels.get(name) ?? { name, options, members: 0 };
    this.channels.set(name, channel);
    const present = this.members.get(member.connectionId);
    const membership = present ?? { ...member, channels: new Set<string>() };
    if (present === undefined) this.members.set(member.connectionId, membership);
    const joins = !membership.channels.has(name);
    if (joins) {
      membership.channels.add(name);
      channel.members++;
    }
    return { channel, isNew: present === undefined, joins };
  }

  /** Leaves every channel; undefined when the connection was not here. */
  leave(connectionId: string): Membership | undefined {
    const membership = this.members.get(connectionId);
    if (membership === undefined) return undefined;
    this.members.delete(connectionId);
    for (const name of membership.channels) {
      const channel = this.channels.get(name);
      if (channel !== undefined && --channel.members === 0) this.channels.delete(name);
    }
    return membership;
  }
}
