import type { DocumentRule, Filter } from "../filters/index.ts";
import type { JSONObject } from "../kernel/index.ts";
import { channelName, type SubscriptionOptions } from "./options.ts";

/** One set of options on a room; everybody who chose them shares it. */
export interface Channel {
  readonly name: string;
  readonly options: SubscriptionOptions;
  members: number;
  /** Those of them who hear everything that matches: they are told all at once. */
  free: number;
}

/** One connection in a room: in which channels, and what it gave for the others to see. */
export interface Membership {
  readonly connectionId: string;
  readonly protocol: string;
  kuid: string | null;
  readonly volatile: JSONObject | null;
  readonly channels: Set<string>;
  /** Whose rights it follows; undefined: nobody's. */
  follows: string | undefined;
  /** What it may hear; undefined: everything that matches. Written by {@link Room.limit} only. */
  rule: DocumentRule | undefined;
}

/** Members of a room who may hear the same, by one rule. */
export interface RuledMembers {
  readonly rule: DocumentRule;
  readonly members: Set<Membership>;
}

/** Everybody on this node who subscribed to one filter of one collection. */
export class Room {
  readonly id: string;
  readonly index: string;
  readonly collection: string;
  readonly filter: Filter;
  readonly channels = new Map<string, Channel>();
  readonly members = new Map<string, Membership>();
  /** By key of their rule: those who do not hear everything. */
  readonly ruled = new Map<string, RuledMembers>();

  constructor(id: string, index: string, collection: string, filter: Filter) {
    this.id = id;
    this.index = index;
    this.collection = collection;
    this.filter = filter;
  }

  /** Connections that count and list speak of: those with a propagating channel. To somebody with a rule, only those with rules that say the same. */
  visibleMembers(viewer?: DocumentRule): number {
    let count = 0;
    for (const member of this.members.values()) {
      if (viewer !== undefined && viewer.family !== member.rule?.family) continue;
      for (const name of member.channels) {
        if (this.channels.get(name)?.options.propagate === true) {
          count++;
          break;
        }
      }
    }
    return count;
  }

  /** Connections in the room, as {@link visibleMembers} counts them but on any channel. */
  count(viewer: DocumentRule | undefined): number {
    if (viewer === undefined) return this.members.size;
    let count = 0;
    for (const { rule } of this.members.values()) if (rule?.family === viewer.family) count++;
    return count;
  }

  /** Enters the channel of these options; `isNew` when the connection was not in the room before. */
  enter(
    member: Omit<Membership, "channels" | "rule">,
    options: SubscriptionOptions,
  ): { channel: Channel; membership: Membership; isNew: boolean; joins: boolean } {
    const name = channelName(this.id, options);
    const channel = this.channels.get(name) ?? { name, options, members: 0, free: 0 };
    this.channels.set(name, channel);
    const present = this.members.get(member.connectionId);
    const membership = present ?? { ...member, channels: new Set<string>(), rule: undefined };
    if (present === undefined) this.members.set(member.connectionId, membership);
    const joins = !membership.channels.has(name);
    if (joins) {
      membership.channels.add(name);
      channel.members++;
      if (membership.rule === undefined) channel.free++;
    }
    return { channel, membership, isNew: present === undefined, joins };
  }

  /** From now on a member hears what this rule lets it. */
  limit(membership: Membership, rule: DocumentRule | undefined): void {
    const before = membership.rule;
    if (before?.key === rule?.key) return;
    membership.rule = rule;
    if (before !== undefined) this.#removeRuled(membership, before);
    if (rule !== undefined) {
      const same = this.ruled.get(rule.key) ?? { rule, members: new Set<Membership>() };
      this.ruled.set(rule.key, same);
      same.members.add(membership);
    }
    const freed = Number(rule === undefined) - Number(before === undefined);
    if (freed !== 0) for (const name of membership.channels) this.#free(name, freed);
  }

  #free(name: string, change: number): void {
    const channel = this.channels.get(name);
    if (channel !== undefined) channel.free += change;
  }

  #removeRuled(membership: Membership, { key }: DocumentRule): void {
    const same = this.ruled.get(key);
    same?.members.delete(membership);
    if (same?.members.size === 0) this.ruled.delete(key);
  }

  /** Leaves every channel; undefined when the connection was not here. */
  leave(connectionId: string): Membership | undefined {
    const membership = this.members.get(connectionId);
    if (membership === undefined) return undefined;
    this.members.delete(connectionId);
    if (membership.rule !== undefined) this.#removeRuled(membership, membership.rule);
    for (const name of membership.channels) {
      const channel = this.channels.get(name);
      if (channel === undefined) continue;
      if (membership.rule === undefined) channel.free--;
      if (--channel.members === 0) this.channels.delete(name);
    }
    return membership;
  }
}
