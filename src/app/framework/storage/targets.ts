import type { JSONObject } from "../../../kernel/index.ts";
import type { CollectionDescription, CollectionRef, Scope } from "../../../stores/documents/index.ts";
import { badRequest } from "./response-error.ts";

export interface Target extends CollectionRef {
  readonly scope: Scope;
}

/** The name under which a search cluster would have a collection: `&lib.books`, and `%kuzzle.users` for private ones. */
export const nameOf = ({ index, collection, scope }: CollectionDescription): string =>
  `${scope === "private" ? "%" : "&"}${index}.${collection}`;

/** Reads `&lib.books`, `@&lib.books` (the alias), `%plugin-x.notes`, and `lib.books`. Error: 400. */
export function readTarget(name: unknown): Target {
  const [, mark, index, collection] = /^@?([&%]?)([^.&%@*,]+)\.([^*,]+)$/.exec(String(name)) ?? [];
  if (typeof name !== "string" || index === undefined || collection === undefined) {
    throw badRequest(`"index" must name one collection, as in "&lib.books"; it is ${JSON.stringify(name)}.`);
  }
  return { index, collection, scope: mark === "%" ? "private" : "public" };
}

/** What a search names: one, a list, names with `*`, or nothing for every public collection. */
export function readTargets(names: unknown, known: readonly CollectionDescription[]): Target[] {
  const written = names === undefined ? ["&*"] : Array.isArray(names) ? (names as unknown[]) : String(names).split(",");
  return written.flatMap((name) => {
    if (typeof name !== "string" || !name.includes("*")) return [readTarget(name)];
    const pattern = new RegExp(`^@?${name.replace(/^@/, "").split("*").map(RegExp.escape).join(".*")}$`);
    return known.filter((description) => pattern.test(nameOf(description)));
  });
}

/** The parameters that newer clients have beside each other and older ones under `body`. */
export function bodyOf({ body, ...parameters }: JSONObject, members: readonly string[]): JSONObject {
  const merged: JSONObject = typeof body === "object" && body !== null ? { ...body } : {};
  for (const member of members) if (parameters[member] !== undefined) merged[member] = parameters[member];
  return merged;
}
