import type { DocumentStore, SearchRequest } from "../../stores/documents/index.ts";
import type { Gate } from "./gate.ts";

/** The document store as a plugin with capabilities sees it: its own index, and that only with `storage`. */
export function restrictStore(store: DocumentStore, index: string, gate: Gate): DocumentStore {
  return new Proxy(store, {
    get(_, member) {
      const value: unknown = Reflect.get(store, member);
      if (typeof value !== "function") return value;
      return (...args: unknown[]): unknown => {
        try {
          check(member, args[0]);
        } catch (error) {
          if (member === "walk") throw error; // the only one that does not answer a promise
          return Promise.reject(error);
        }
        const answer: unknown = Reflect.apply(value, store, args);
        return member === "describe" ? ownOf(answer as ReturnType<DocumentStore["describe"]>, index) : answer;
      };
    },
  });

  function check(member: string | symbol, first: unknown): void {
    gate.require("storage", "use its storage");
    if (member === "describe" || member === "scroll" || member === "closeScroll") return;
    const targets = member === "search" ? (first as SearchRequest).targets : [first as { readonly index?: unknown }];
    // What is no collection is refused as well: closing the store is not for plugins.
    if (targets.every((target) => target?.index === index)) return;
    throw gate.refusal("reach another index than its own from its storage", '"actions" for what it does there');
  }
}

const ownOf = async (described: ReturnType<DocumentStore["describe"]>, index: string) =>
  (await described).filter((collection) => collection.index === index);
