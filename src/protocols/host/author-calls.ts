import { isThenable } from "../../events/index.ts";
import type { JSONObject, Logger } from "../../kernel/index.ts";
import type { HostedPackage } from "./hosted-package.ts";

type AuthorMethod = (...args: unknown[]) => unknown;

/**
 * Calls to what an author wrote. What that throws, or rejects with later, is logged with the protocol's name and goes no further; what it
 * answers is ignored.
 */
export class AuthorCalls {
  readonly #package: HostedPackage;
  readonly #log: Logger;

  constructor(hosted: HostedPackage, log: Logger) {
    this.#package = hosted;
    this.#log = log;
  }

  /** Own or inherited. Looked up for each call: authors put methods in place during `init`. */
  method(name: string): AuthorMethod | undefined {
    const method = (this.#package.instance as JSONObject)[name];
    return typeof method === "function" ? (method as AuthorMethod) : undefined;
  }

  tell(name: string, ...args: unknown[]): void {
    this.#guard(name, () => this.#invoke(name, args));
  }

  /** Hands an answer to the function that waits for it. */
  answer(callback: AuthorMethod, ...args: unknown[]): void {
    this.#guard("the callback of execute", () => this.#package.call(callback, ...args));
  }

  /** The one call whose failure is the caller's: rejects with it. */
  async ask(name: string, ...args: unknown[]): Promise<void> {
    await this.#invoke(name, args);
  }

  failed(what: string, err: unknown): void {
    this.#log.error("protocol.failed", { protocol: this.#package.name, in: what, err });
  }

  #guard(what: string, call: () => unknown): void {
    try {
      const returned = call();
      if (isThenable(returned)) returned.then(undefined, (error: unknown) => this.failed(what, error));
    } catch (error) {
      this.failed(what, error);
    }
  }

  #invoke(name: string, args: unknown[]): unknown {
    const { call, instance } = this.#package;
    return call(invoke, instance as JSONObject, name, args);
  }
}

const invoke = (instance: JSONObject, name: string, args: unknown[]): unknown =>
  (instance[name] as AuthorMethod).apply(instance, args);
