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
    try {
      this.#watch(name, this.#invoke(name, args));
    } catch (error) {
      this.failed(name, error);
    }
  }

  /** Hands an answer to the function that waits for it. */
  answer(callback: AuthorMethod, ...response: unknown[]): void {
    const what = "the callback of execute";
    try {
      this.#watch(what, this.#package.call(callback, ...response));
    } catch (error) {
      this.failed(what, error);
    }
  }

  /** The one call whose failure is the caller's: rejects with it. */
  async ask(name: string, ...args: unknown[]): Promise<void> {
    await this.#invoke(name, args);
  }

  failed(what: string, err: unknown): void {
    this.#log.error("protocol.failed", { protocol: this.#package.name, in: what, err });
  }

  /** What comes later may fail later. */
  #watch(what: string, returned: unknown): void {
    if (isThenable(returned)) returned.then(undefined, (error: unknown) => this.failed(what, error));
  }

  #invoke(name: string, args: unknown[]): unknown {
    const { call, instance } = this.#package;
    return call(invoke, instance as JSONObject, name, args);
  }
}

const invoke = (instance: JSONObject, name: string, args: unknown[]): unknown =>
  (instance[name] as AuthorMethod).apply(instance, args);
