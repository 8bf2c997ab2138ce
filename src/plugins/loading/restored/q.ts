/**
 * What `require("q")` answers for packages of older plugins that never declared it. See `bluebird.ts`.
 */
import { OlderPromise } from "./bluebird.ts";

interface Deferred {
  readonly promise: OlderPromise<unknown>;
  readonly resolve: (value?: unknown) => void;
  readonly reject: (error?: unknown) => void;
}

function q(value?: unknown): OlderPromise<unknown> {
  return OlderPromise.resolve(value) as OlderPromise<unknown>;
}

function defer(): Deferred {
  return OlderPromise.withResolvers() as unknown as Deferred;
}

const members = {
  defer,
  Promise: OlderPromise,
  when: (value: unknown, use?: (value: unknown) => unknown) => q(value).then(use),
  resolve: q,
  reject: (error: unknown) => OlderPromise.reject(error),
  all: (values: Iterable<unknown>) => OlderPromise.all(values),
  allSettled: (values: Iterable<unknown>) => OlderPromise.allSettled(values),
  delay: (...given: readonly unknown[]) =>
    OlderPromise.delay(Number(given.at(-1)), given.length > 1 ? given[0] : undefined),
  fcall: (run: (...args: unknown[]) => unknown, ...args: unknown[]) => q().then(() => run(...args)),
  nfcall: (run: (...args: unknown[]) => unknown, ...args: unknown[]) => OlderPromise.promisify(run)(...args),
  ninvoke: (object: object, name: string, ...args: unknown[]) =>
    OlderPromise.promisify((object as Record<string, (...args: unknown[]) => unknown>)[name] as never, {
      context: object,
    })(...args),
  denodeify: (run: (...args: unknown[]) => unknown) => OlderPromise.promisify(run),
};

const restored = Object.assign(q, members);

// By this name `require` answers the value itself instead of a namespace.
export { restored as "module.exports" };
