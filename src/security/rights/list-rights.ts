import type { PolicyRule } from "../../filters/index.ts";
import type { JSONObject } from "../../kernel/index.ts";
import type { Profile, Restrictions } from "../profiles/profile.ts";
import type { Role } from "../roles/role.ts";

/** One line of a listing of rights; `*` stands for all. */
export interface Right {
  readonly controller: string;
  readonly action: string;
  readonly index: string;
  readonly collection: string;
  readonly value: "allowed" | "denied";
  /** What the policies that allow it say of documents, each as it is written in its profile; absent when one of them says nothing. */
  readonly documents?: readonly JSONObject[];
}

/**
 * What roles say, without deciding: one entry for each controller, action, index and collection that is named. Where one role allows and
 * another denies the same, the entry is allowed.
 * Source: contract/security.md section 5.
 */
export function listRights(profiles: readonly Profile[], roleOf: (id: string) => Role | undefined): readonly Right[] {
  const rights = new Map<string, Right>();
  const add = (
    controller: string,
    action: string,
    index: string,
    collection: string,
    allowed: boolean,
    rule: PolicyRule | undefined,
  ): void => {
    const key = JSON.stringify([controller, action, index, collection]);
    const before = rights.get(key);
    if (!allowed && before !== undefined) return;
    const right = { controller, action, index, collection, value: allowed ? "allowed" : "denied" } as const;
    const isFree = rule === undefined || (before?.value === "allowed" && before.documents === undefined);
    if (!allowed || isFree) rights.set(key, right);
    else rights.set(key, { ...right, documents: [...(before?.documents ?? []), written(rule)] });
  };
  for (const profile of profiles) {
    for (const { roleId, restrictions, rule } of profile.policies) {
      const places = placesOf(restrictions);
      for (const [controller, actions] of roleOf(roleId)?.entries ?? []) {
        for (const [action, allowed] of actions) {
          for (const [index, collection] of places) add(controller, action, index, collection, allowed, rule);
        }
      }
    }
  }
  return [...rights.values()];
}

function written({ filter, readableFields, writableFields }: PolicyRule): JSONObject {
  return {
    ...(filter === undefined ? {} : { filter }),
    ...(readableFields === undefined ? {} : { readableFields }),
    ...(writableFields === undefined ? {} : { writableFields }),
  };
}

function placesOf(restrictions: Restrictions | undefined): readonly (readonly [string, string])[] {
  if (restrictions === undefined) return [["*", "*"]];
  const places: [string, string][] = [];
  for (const [index, collections] of restrictions) {
    if (collections === true) places.push([index, "*"]);
    else for (const collection of collections) places.push([index, collection]);
  }
  return places;
}
