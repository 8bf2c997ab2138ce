import type { PolicyRule } from "../../filters/index.ts";
import type { Restrictions } from "../profiles/profile.ts";
import type { Role } from "../roles/role.ts";

/** A policy together with the role that it names. */
export interface Grant {
  readonly role: Role;
  readonly restrictions: Restrictions | undefined;
  readonly rule: PolicyRule | undefined;
}

/** Whether restrictions let a request with these names through. Source: contract/security.md section 3. */
export function allowIn(
  restrictions: Restrictions,
  index: string | undefined,
  collection: string | undefined,
): boolean {
  if (index === undefined) return true;
  const collections = restrictions.get(index);
  if (collections === undefined) return false;
  return collections === true || collection === undefined || collections.has(collection);
}
