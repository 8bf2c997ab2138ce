import { kerror } from "../../../kernel/index.ts";

/**
 * The client, with a clear refusal in the place of every call that it does not have: `client.cat.indices()` rejects with
 * `services.storage.unexpected_error`, which says what to do.
 */
export function refusingTheRest<T extends object>(client: T, path = "client"): T {
  return new Proxy(client, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value === "function") return value.bind(target) as unknown;
      if (typeof value === "object" && value !== null) return refusingTheRest(value, `${path}.${String(name)}`);
      // A promise is asked for "then" wherever it is awaited, and everything for its symbols and its JSON.
      if (value !== undefined || typeof name === "symbol" || name === "then" || name === "toJSON") return value;
      return refused(`${path}.${name}`);
    },
  });
}

function refused(path: string): unknown {
  const call = (): Promise<never> => {
    const why =
      `"${path}" has no counterpart in the embedded engine. Use app.sdk, or the calls for documents, searches, bulks and indices; ` +
      "for a search cluster of your own, use its client package.";
    return Promise.reject(kerror("services.storage.unexpected_error", why));
  };
  return new Proxy(call, {
    get: (target, name) =>
      typeof name === "symbol" || name === "then" || name in Function.prototype
        ? Reflect.get(target, name)
        : refused(`${path}.${name}`),
  });
}
