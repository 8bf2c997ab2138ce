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

/** What goes to one client after another: those who share a rule are told one by one, of the same payload, which is encoded once as for a broadcast. */
export class DirectFrames {
  #payload: JSONObject | undefined;
  #head: Buffer | undefined;
  readonly #frames = new Map<string, Frame>();

  frame(channel: string, payload: JSONObject): Frame {
    if (payload !== this.#payload || this.#head === undefined) this.#begin(payload);
    const present = this.#frames.get(channel);
    if (present !== undefined) return present;
    const frame = notification(this.#head as Buffer, channel);
    this.#frames.set(channel, frame);
    return frame;
  }

  #begin(payload: JSONObject): void {
    this.#frames.clear();
    this.#head = openObject(payload);
    this.#payload = payload;
    // For those who are told at once only: a pipe may change the payload before the next of them gets it.
    queueMicrotask(this.#end);
  }

  readonly #end = (): void => {
    this.#payload = undefined;
    this.#head = undefined;
    this.#frames.clear();
  };
}

/** A JSON object up to its closing brace. */
const openObject = (payload: JSONObject): Buffer => Buffer.from(JSON.stringify(payload).slice(0, -1));

const notification = (head: Buffer, channel: string): Frame =>
  Frame.fromParts(head, roomSuffix(head.length === 1, channel));
