import type { Profile, Restrictions } from "../profiles/profile.ts";
import type { Role } from "../roles/role.ts";

/** One line of a listing of rights; `*` stands for all. */
export interface Right {
  readonly controller: string;
  readonly action: string;
  readonly index: string;
  readonly collection: string;
  readonly value: "allowed" | "denied";
}

/**
 * What roles say, without deciding: one entry for each controller, action, index and collection that is named. Where one role allows and
 * another denies the same, the entry is allowed.
 * Source: contract/security.md section 5.
 */
export function listRights(profiles: readonly Profile[], roleOf: (id: string) => Role | undefined): readonly Right[] {
  const rights = new Map<string, Right>();
  const add = (controller: string, action: string, index: string, collection: string, allowed: boolean): void => {
    const key = JSON.stringify([controller, action, index, collection]);
    if (!allowed && rights.has(key)) return;
    rights.set(key, { controller, action, index, collection, value: allowed ? "allowed" : "denied" });
  };
  for (const profile of profiles) {
    for (const { roleId, restrictions } of profile.policies) {
      const places = placesOf(restrictions);
      for (const [controller, actions] of roleOf(roleId)?.entries ?? []) {
        for (const [action, allowed] of actions) {
          for (const [index, collection] of places) add(controller, action, index, collection, allowed);
        }
      }
    }
  }
  return [...rights.values()];
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
