import type { Content } from "./notifications.ts";
import type { SubscriptionOptions } from "./options.ts";
import type { Membership, Room, RuledMembers } from "./room.ts";

/**
 * Who is concerned by a change: the id of a room for its members who hear everything, and `<room> <rule>` for those who share a rule. Room ids
 * have no spaces. Clients never see more than the room id.
 */
export type Address = string;

/** Those of some rooms whom a content concerns: members with a rule only when the rule lets them see it. */
export function addressesOf(
  rooms: ReadonlyMap<string, Room>,
  roomIds: readonly string[],
  content: Content,
): readonly Address[] {
  const addresses: Address[] = [];
  const verdicts = new Map<string, boolean>();
  for (const roomId of roomIds) {
    addresses.push(roomId);
    for (const [key, { rule }] of rooms.get(roomId)?.ruled ?? []) {
      const isSeen = verdicts.get(key) ?? rule.matches(content.source, content.id);
      verdicts.set(key, isSeen);
      if (isSeen) addresses.push(`${roomId} ${key}`);
    }
  }
  return addresses;
}

/** The members with a rule whom an address means; undefined when they are gone. */
export function readAddress(
  rooms: ReadonlyMap<string, Room>,
  address: Address,
): { readonly room: Room; readonly ruled: RuledMembers } | undefined {
  const [roomId = "", key = ""] = address.split(" ");
  const room = rooms.get(roomId);
  const ruled = room?.ruled.get(key);
  return room === undefined || ruled === undefined ? undefined : { room, ruled };
}

/** A content as a rule lets it be seen. What left the sight of the rule with this very change keeps its id only. */
export function seenContent(content: Content, { rule }: RuledMembers): Content {
  const { source, updatedFields, ...rest } = content;
  if (!rule.matches(source, content.id)) return { ...rest, source: {} };
  const { readable } = rule;
  const fields = updatedFields?.filter(
    (path) => readable === undefined || readable.covers(path) || readable.reaches(path),
  );
  return { ...rest, source: rule.cut(source), ...(fields === undefined ? {} : { updatedFields: fields }) };
}

/** Channels of a member that pass a test, by name. */
export function channelsOf(
  room: Room,
  member: Membership,
  isWanted: (options: SubscriptionOptions) => boolean,
): readonly string[] {
  const names: string[] = [];
  for (const name of member.channels) {
    const channel = room.channels.get(name);
    if (channel !== undefined && isWanted(channel.options)) names.push(name);
  }
  return names;
}

/** Adds the names of those channels of a room that pass a test and have members who hear everything. */
export function addFreeChannels(
  names: string[],
  room: Room,
  isWanted: (options: SubscriptionOptions) => boolean,
): void {
  for (const { name, options, free } of room.channels.values()) if (free > 0 && isWanted(options)) names.push(name);
}
