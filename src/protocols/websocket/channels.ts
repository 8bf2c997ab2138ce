import type { JSONObject } from "../../kernel/index.ts";
import { roomSuffix } from "../encoding/raw-result.ts";
import { Frame } from "./frame.ts";
import type { WebSocketLink } from "./link.ts";

/** Who is in which channel, and the delivery to all of them (contract/realtime.md section 8). */
export class Channels {
  readonly #members = new Map<string, Set<WebSocketLink>>();

  /** Channels with at least one member. */
  get size(): number {
    return this.#members.size;
  }

  join(channel: string, link: WebSocketLink): void {
    let members = this.#members.get(channel);
    if (members === undefined) {
      members = new Set();
      this.#members.set(channel, members);
    }
    members.add(link);
    link.channels.add(channel);
  }

  leave(channel: string, link: WebSocketLink): void {
    const members = this.#members.get(channel);
    if (members === undefined) return;
    members.delete(link);
    link.channels.delete(channel);
    if (members.size === 0) this.#members.delete(channel);
  }

  leaveAll(link: WebSocketLink): void {
    for (const channel of link.channels) this.leave(channel, link);
  }

  /** The payload is encoded once, and once per channel comes its name: every member gets the same bytes. */
  broadcast(channels: readonly string[], payload: JSONObject): void {
    let head: Buffer | undefined;
    for (const channel of channels) {
      const members = this.#members.get(channel);
      if (members === undefined) continue;
      head ??= openObject(payload);
      const frame = notification(head, channel);
      for (const link of members) link.send(frame);
    }
  }
}

/** The frames of one payload for one client, channel by channel. */
export function notifications(channels: readonly string[], payload: JSONObject): Frame[] {
  const head = openObject(payload);
  return channels.map((channel) => notification(head, channel));
}

/** A JSON object up to its closing brace. */
const openObject = (payload: JSONObject): Buffer => Buffer.from(JSON.stringify(payload).slice(0, -1));

const notification = (head: Buffer, channel: string): Frame =>
  Frame.fromParts(head, roomSuffix(head.length === 1, channel));
