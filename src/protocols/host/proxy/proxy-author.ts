import type { Broadcast, DirectMessage } from "../../../events/index.ts";
import type { JSONObject } from "../../../kernel/index.ts";
import type { Author, AuthorTools } from "../author.ts";
import type { AuthorCalls } from "../author-calls.ts";
import type { HostedEntryPoint } from "../hosted-entry-point.ts";
import type { FormerRequests } from "./former-requests.ts";
import { ProxyContext } from "./proxy-context.ts";

/**
 * Protocols of the releases that had a process of their own for them, the Proxy: `init(config, context)`, methods that get one object, and a
 * router. As there, one that fails is logged and the server starts without it; methods that are missing are logged when they are needed.
 * Source: contract/plugins/protocols.md section 2.
 */
export class ProxyAuthor implements Author {
  readonly #calls: AuthorCalls;
  readonly #config: JSONObject;
  #isReady = false;

  readonly #former: FormerRequests;

  constructor(calls: AuthorCalls, config: JSONObject, former: FormerRequests) {
    this.#calls = calls;
    this.#former = former;
    this.#config = config;
  }

  async init(entryPoint: HostedEntryPoint, { log }: AuthorTools): Promise<void> {
    this.#isReady = true;
    try {
      const deps = { entryPoint, calls: this.#calls, former: this.#former, log, config: this.#config };
      await this.#calls.ask("init", this.#config, new ProxyContext(deps), false);
    } catch (error) {
      this.#isReady = false;
      this.#calls.failed("init", error);
    }
  }

  broadcast({ channels, payload }: Broadcast): void {
    this.#tell("broadcast", { channels: [...channels], channel: channels[0], payload: { ...payload } });
  }

  notify({ channels, connectionId, payload }: DirectMessage): void {
    const id = connectionId;
    this.#tell("notify", { channels: [...channels], channel: channels[0], id, connectionId, payload: { ...payload } });
  }

  joinChannel(channel: string, connectionId: string): void {
    this.#tell("joinChannel", { channel, id: connectionId, connectionId });
  }

  leaveChannel(channel: string, connectionId: string): void {
    this.#tell("leaveChannel", { channel, id: connectionId, connectionId });
  }

  disconnect(connectionId: string): void {
    this.#tell("disconnect", connectionId);
  }

  async shutdown(): Promise<void> {
    if (this.#calls.method("shutdown") !== undefined) await this.#calls.ask("shutdown");
  }

  #tell(name: string, argument: unknown): void {
    if (!this.#isReady) return;
    if (this.#calls.method(name) !== undefined) this.#calls.tell(name, argument);
    else this.#calls.failed(name, new Error(`The protocol has no method "${name}".`));
  }
}
