/**
 * What `require("bluebird")` answers for packages of older plugins that never declared it, since it was found beside the server then: native
 * promises with the members that such packages use. An installed copy comes first.
 * Source: contract/plugins/generations.md section 4.
 */
type Callback = (error: unknown, value?: unknown) => void;
type NodeStyle = (...args: unknown[]) => unknown;

export class OlderPromise<T> extends Promise<T> {
  static delay(ms: number, value?: unknown): OlderPromise<unknown> {
    return new OlderPromise((resolve) => setTimeout(() => resolve(value), ms));
  }

  static fromCallback(run: (callback: Callback) => unknown): OlderPromise<unknown> {
    return new OlderPromise((resolve, reject) => {
      run((error, value) => (error ? reject(error) : resolve(value)));
    });
  }

  static promisify(target: NodeStyle, options: { readonly context?: unknown } = {}): NodeStyle {
    return function (this: unknown, ...args) {
      const self = options.context ?? this;
      return OlderPromise.fromCallback((callback) => target.call(self, ...args, callback));
    };
  }

  /** Adds `<name>Async` for each function of an object. */
  static promisifyAll<O extends object>(object: O): O {
    const members = object as Record<string, unknown>;
    for (const name in members) {
      const member = members[name];
      if (typeof member === "function") members[`${name}Async`] = OlderPromise.promisify(member as NodeStyle);
    }
    return object;
  }

  static async map(values: Iterable<unknown>, each: (value: unknown, at: number) => unknown): Promise<unknown[]> {
    return Promise.all(Array.from(values, async (value, at) => each(await value, at)));
  }

  static async mapSeries(values: Iterable<unknown>, each: (value: unknown, at: number) => unknown): Promise<unknown[]> {
    const results: unknown[] = [];
    for (const value of values) results.push(await each(await value, results.length));
    return results;
  }

  spread<R>(each: (...values: unknown[]) => R): Promise<Awaited<R>> {
    return this.then((values) => each(...(values as unknown[]))) as Promise<Awaited<R>>;
  }

  tap(look: (value: T) => unknown): Promise<T> {
    return this.then(async (value) => {
      await look(value);
      return value;
    });
  }

  fail<R>(recover: (error: unknown) => R): Promise<T | R> {
    return this.catch(recover);
  }

  fin(run: () => void): Promise<T> {
    return this.finally(run);
  }

  /** The end of a chain: an error that nobody handles is one of the process. */
  done(use?: (value: T) => unknown, recover?: (error: unknown) => unknown): void {
    this.then(use, recover).catch((error: unknown) => {
      queueMicrotask(() => {
        throw error;
      });
    });
  }
}

// By this name `require` answers the value itself instead of a namespace.
export { OlderPromise as "module.exports" };
