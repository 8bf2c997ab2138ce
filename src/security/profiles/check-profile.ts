import { parsePolicyRule, RuleError } from "../../filters/index.ts";
import { isPlainObject, type JSONObject, kerror } from "../../kernel/index.ts";

/** The public scope, as far as restrictions need it. */
export interface PublicCollections {
  hasIndex(index: string): boolean;
  hasCollection(index: string, collection: string): boolean;
}

export interface ProfileCheck {
  readonly hasRole: (id: string) => boolean;
  readonly collections: PublicCollections;
  /** Indexes and collections of restrictions must exist. */
  readonly strict: boolean;
}

/**
 * Checks what a client wants to store as a profile, and answers it: with `policies` and `rateLimit`.
 *
 * Errors: `api.assert.missing_argument`, `invalid_type`, `unexpected_argument`, `invalid_argument`, `koncorde_dsl_error` (400), `security.role.not_found` (404),
 * `security.profile.missing_anonymous_role` (400), with `strict` `services.storage.unknown_index`, `unknown_collection` (412).
 * Source: contract/security.md section 3.
 */
export function checkProfile(id: string, content: JSONObject, check: ProfileCheck): JSONObject {
  const { policies, rateLimit = 0 } = content;
  if (policies === undefined || policies === null) throw kerror("api.assert.missing_argument", "body.policies");
  if (!Array.isArray(policies)) throw kerror("api.assert.invalid_type", "body.policies", "array");
  const list: unknown[] = policies.length === 0 ? [{ roleId: "default" }] : policies;
  const roleIds = list.map((policy, i) => roleIdOf(policy, `${id}.policies[${i}]`));
  for (const roleId of roleIds) if (!check.hasRole(roleId)) throw kerror("security.role.not_found", roleId);
  if (typeof rateLimit !== "number" || !Number.isInteger(rateLimit)) {
    throw kerror("api.assert.invalid_type", "body.rateLimit", "integer");
  }
  if (rateLimit < 0) throw kerror("api.assert.invalid_argument", "body.rateLimit", "an integer of 0 or more");
  list.forEach((policy, i) => {
    checkPolicy(policy as JSONObject, `${id}.policies[${i}]`, check);
  });
  if (id === "anonymous" && !roleIds.includes("anonymous")) throw kerror("security.profile.missing_anonymous_role");
  return { ...content, policies: list, rateLimit };
}

function roleIdOf(policy: unknown, name: string): string {
  if (!isPlainObject(policy)) throw kerror("api.assert.invalid_type", name, "object");
  const { roleId } = policy;
  if (roleId === undefined || roleId === null || roleId === "") {
    throw kerror("api.assert.missing_argument", `${name}.roleId`);
  }
  if (typeof roleId !== "string") throw kerror("api.assert.invalid_type", `${name}.roleId`, "string");
  return roleId;
}

function refuseOtherKeys(value: JSONObject, name: string, allowed: readonly string[]): void {
  for (const key of Object.keys(value)) {
    if (!allowed.includes(key)) throw kerror("api.assert.unexpected_argument", `${name}.${key}`, allowed.join(", "));
  }
}

function checkPolicy(policy: JSONObject, name: string, check: ProfileCheck): void {
  refuseOtherKeys(policy, name, ["roleId", "restrictedTo", "documents"]);
  const { restrictedTo, documents } = policy;
  if (documents !== undefined && documents !== null) checkRule(documents, `${name}.documents`);
  if (restrictedTo === undefined || restrictedTo === null) return;
  if (!Array.isArray(restrictedTo)) throw kerror("api.assert.invalid_type", `${name}.restrictedTo`, "array");
  restrictedTo.forEach((restriction: unknown, i) => {
    checkRestriction(restriction, `${name}.restrictedTo[${i}]`, check);
  });
}

function checkRule(documents: unknown, name: string): void {
  try {
    parsePolicyRule(documents);
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    const place = error.place === "" ? name : `${name}.${error.place}`;
    switch (error.kind) {
      case "type":
        throw kerror("api.assert.invalid_type", place, error.message);
      case "unknown":
        throw kerror("api.assert.unexpected_argument", place, error.message);
      case "value":
        throw kerror("api.assert.invalid_argument", place, error.message);
      case "filter":
        throw kerror("api.assert.koncorde_dsl_error", `${place}: ${error.message}`);
    }
  }
}

function checkRestriction(restriction: unknown, name: string, check: ProfileCheck): void {
  if (!isPlainObject(restriction)) throw kerror("api.assert.invalid_type", name, "object");
  const { index, collections } = restriction;
  if (index === undefined || index === null || index === "") {
    throw kerror("api.assert.missing_argument", `${name}.index`);
  }
  if (typeof index !== "string") throw kerror("api.assert.invalid_type", `${name}.index`, "string");
  refuseOtherKeys(restriction, name, ["index", "collections"]);
  if (check.strict && !check.collections.hasIndex(index)) throw kerror("services.storage.unknown_index", index);
  if (collections === undefined || collections === null) return;
  if (!Array.isArray(collections)) throw kerror("api.assert.invalid_type", `${name}.collections`, "array");
  collections.forEach((collection: unknown, i) => {
    if (typeof collection !== "string" || collection === "") {
      throw kerror("api.assert.invalid_type", `${name}.collections[${i}]`, "string");
    }
    if (check.strict && !check.collections.hasCollection(index, collection)) {
      throw kerror("services.storage.unknown_collection", index, collection);
    }
  });
}
