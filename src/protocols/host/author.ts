import { type Broadcast, type DirectMessage, isThenable } from "../../events/index.ts";
import { type JSONObject, kerror, type Logger } from "../../kernel/index.ts";
import type { ArgumentForm, HostedPackage } from "./hosted-package.ts";

const requiredMethods = ["broadcast", "disconnect", "init", "joinChannel", "leaveChannel", "notify"] as const;

type Method = (typeof requiredMethods)[number] | "shutdown";

/**
 * The methods of a protocol that somebody else wrote. What they throw, or reject with later, is logged with the protocol's name and goes no
 * further; what they answer is ignored.
 *
 * Error, by the constructor: `plugin.assert.cannot_load`, naming the methods that are missing.
 * Source: contract/plugins/protocols.md section 3.
 */
export class Author {
  readonly #package: HostedPackage;
  readonly #log: Logger;
  readonly #broadcastForm: ArgumentForm;
  readonly #notifyForm: ArgumentForm;

  constructor(hosted: HostedPackage, log: Logger) {
    this.#package = hosted;
    this.#log = log;
    const missing = requiredMethods.filter((name) => this.#method(name) === undefined);
    if (missing.length > 0) {
      const why = `a protocol needs the methods ${requiredMethods.join(", ")}. In ${hosted.path} are missing: ${missing.join(", ")}.`;
      throw kerror("plugin.assert.cannot_load", hosted.name, why);
    }
    this.#broadcastForm = hosted.argumentForm ?? this.#formOf("broadcast");
    this.#notifyForm = hosted.argumentForm ?? this.#formOf("notify");
  }

  /** Own or inherited. Looked up for each call: authors put methods in place during `init`. */
  #method(name: Method): ((...args: unknown[]) => unknown) | undefined {
    const method = (this.#package.instance as JSONObject)[name];
    return typeof method === "function" ? (method as (...args: unknown[]) => unknown) : undefined;
  }

  #formOf(name: Method): ArgumentForm {
    return (this.#method(name)?.length ?? 0) >= 2 ? "positional" : "object";
  }

  /** Rejects with what the author throws. */
  async init(entryPoint: object, context: object): Promise<void> {
    await this.#invoke("init", [entryPoint, context]);
  }

  broadcast({ channels, payload }: Broadcast): void {
    const copy = { ...payload }; // authors add members to it, and the other protocols share it
    if (this.#broadcastForm === "positional") this.#tell("broadcast", [[...channels], copy]);
    else this.#tell("broadcast", [{ channels: [...channels], payload: copy }]);
  }

  notify({ channels, connectionId, payload }: DirectMessage): void {
    const copy = { ...payload };
    if (this.#notifyForm === "positional") this.#tell("notify", [[...channels], connectionId, copy]);
    else this.#tell("notify", [{ channels: [...channels], connectionId, id: connectionId, payload: copy }]);
  }

  joinChannel(channel: string, connectionId: string): void {
    this.#tell("joinChannel", [channel, connectionId]);
  }

  leaveChannel(channel: string, connectionId: string): void {
    this.#tell("leaveChannel", [channel, connectionId]);
  }

  disconnect(connectionId: string): void {
    this.#tell("disconnect", [connectionId]);
  }

  /** Optional: closes what `init` has opened. Never rejects. */
  async shutdown(): Promise<void> {
    try {
      if (this.#method("shutdown") !== undefined) await this.#invoke("shutdown", []);
    } catch (error) {
      this.#failed("shutdown", error);
    }
  }

  /** Hands an answer to the function that waits for it. */
  answer(callback: (response: unknown) => unknown, response: unknown): void {
    this.#guard("the callback of execute", () => this.#package.call(callback, response));
  }

  #tell(name: Method, args: unknown[]): void {
    this.#guard(name, () => this.#invoke(name, args));
  }

  #guard(what: string, call: () => unknown): void {
    try {
      const returned = call();
      if (isThenable(returned)) returned.then(undefined, (error: unknown) => this.#failed(what, error));
    } catch (error) {
      this.#failed(what, error);
    }
  }

  #invoke(name: Method, args: unknown[]): unknown {
    const { call, instance } = this.#package;
    return call(invoke, instance as JSONObject, name, args);
  }

  #failed(what: string, err: unknown): void {
    this.#log.error("protocol.failed", { protocol: this.#package.name, in: what, err });
  }
}

const invoke = (instance: JSONObject, name: Method, args: unknown[]): unknown =>
  (instance[name] as (...args: unknown[]) => unknown).apply(instance, args);
