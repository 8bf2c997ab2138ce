import type { Broadcast, DirectMessage } from "../../events/index.ts";
import { kerror } from "../../kernel/index.ts";
import type { Author, AuthorTools } from "./author.ts";
import type { AuthorCalls } from "./author-calls.ts";
import type { HostedEntryPoint } from "./hosted-entry-point.ts";
import type { ArgumentForm, HostedPackage } from "./hosted-package.ts";
import { ProtocolContext } from "./protocol-context.ts";

const requiredMethods = ["broadcast", "disconnect", "init", "joinChannel", "leaveChannel", "notify"] as const;

/**
 * Protocols from 1.1 on: `init(entryPoint, context)`, and six methods that all must be there.
 *
 * Error, by the constructor: `plugin.assert.cannot_load`, naming the methods that are missing.
 * Source: contract/plugins/protocols.md section 3.
 */
export class EmbeddedAuthor implements Author {
  readonly #calls: AuthorCalls;
  readonly #broadcastForm: ArgumentForm;
  readonly #notifyForm: ArgumentForm;

  constructor(hosted: HostedPackage, calls: AuthorCalls) {
    this.#calls = calls;
    const missing = requiredMethods.filter((name) => calls.method(name) === undefined);
    if (missing.length > 0) {
      const why = `a protocol needs the methods ${requiredMethods.join(", ")}. In ${hosted.path} are missing: ${missing.join(", ")}.`;
      throw kerror("plugin.assert.cannot_load", hosted.name, why);
    }
    this.#broadcastForm = hosted.argumentForm ?? this.#formOf("broadcast");
    this.#notifyForm = hosted.argumentForm ?? this.#formOf("notify");
  }

  #formOf(name: "broadcast" | "notify"): ArgumentForm {
    return (this.#calls.method(name)?.length ?? 0) >= 2 ? "positional" : "object";
  }

  async init(entryPoint: HostedEntryPoint, { log, debug }: AuthorTools): Promise<void> {
    await this.#calls.ask("init", entryPoint, new ProtocolContext(entryPoint, log, debug));
  }

  broadcast({ channels, payload }: Broadcast): void {
    const copy = { ...payload }; // authors add members to it, and the other protocols share it
    if (this.#broadcastForm === "positional") this.#calls.tell("broadcast", [...channels], copy);
    else this.#calls.tell("broadcast", { channels: [...channels], payload: copy });
  }

  notify({ channels, connectionId, payload }: DirectMessage): void {
    const copy = { ...payload };
    if (this.#notifyForm === "positional") this.#calls.tell("notify", [...channels], connectionId, copy);
    else this.#calls.tell("notify", { channels: [...channels], connectionId, id: connectionId, payload: copy });
  }

  joinChannel(channel: string, connectionId: string): void {
    this.#calls.tell("joinChannel", channel, connectionId);
  }

  leaveChannel(channel: string, connectionId: string): void {
    this.#calls.tell("leaveChannel", channel, connectionId);
  }

  disconnect(connectionId: string): void {
    this.#calls.tell("disconnect", connectionId);
  }

  async shutdown(): Promise<void> {
    if (this.#calls.method("shutdown") !== undefined) await this.#calls.ask("shutdown");
  }
}
