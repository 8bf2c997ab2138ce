import type { Pipeline } from "../api/index.ts";
import type { Collections } from "../data/index.ts";
import { isPlainObject, type JSONObject, KuzzleRequest, type Logger } from "../kernel/index.ts";
import type { PluginHost } from "../plugins/index.ts";

export interface ImportParts {
  readonly host: PluginHost;
  readonly pipeline: Pipeline;
  readonly collections: Collections;
  readonly log: Logger;
}

/** What plugins and the application want loaded at the start, merged and applied once (contract/search.md section 13). */
export async function applyImports({ host, pipeline, collections, log }: ImportParts): Promise<void> {
  const { imports } = host;
  if (imports.length === 0) return;
  const merged = {
    mappings: mergeDeep(imports.map(({ mappings }) => mappings)),
    userMappings: mergeDeep(imports.map(({ userMappings }) => userMappings)),
    roles: mergeDeep(imports.map(({ roles }) => roles)),
    profiles: mergeDeep(imports.map(({ profiles }) => profiles)),
    users: mergeDeep(imports.map(({ users }) => users)),
  };
  const run = (controller: string, action: string, rest: JSONObject): Promise<unknown> =>
    pipeline.runInternal(new KuzzleRequest({ controller, action, ...rest }));

  if (Object.keys(merged.userMappings).length > 0)
    await run("security", "updateUserMapping", { body: merged.userMappings });
  for (const [index, ofIndex] of Object.entries(merged.mappings)) {
    for (const [collection, definition] of Object.entries(isPlainObject(ofIndex) ? ofIndex : {})) {
      await collections.create({ index, collection }, isPlainObject(definition) ? definition : {});
    }
  }
  for (const [id, body] of Object.entries(merged.roles)) {
    await run("security", "createOrReplaceRole", { _id: id, body: body as JSONObject, force: true });
  }
  for (const [id, body] of Object.entries(merged.profiles)) {
    await run("security", "createOrReplaceProfile", { _id: id, body: body as JSONObject });
  }
  await importUsers(
    merged.users,
    imports.findLast(({ onExistingUsers }) => onExistingUsers !== undefined)?.onExistingUsers ?? "skip",
    run,
  );
  log.info(
    "server.imports_applied",
    Object.fromEntries(Object.entries(merged).map(([kind, content]) => [kind, Object.keys(content).length])),
  );
}

async function importUsers(
  users: JSONObject,
  onExisting: "fail" | "skip" | "overwrite",
  run: (controller: string, action: string, rest: JSONObject) => Promise<unknown>,
): Promise<void> {
  for (const [id, body] of Object.entries(users)) {
    const known = (await run("security", "mGetUsers", { body: { ids: [id] } })) as KuzzleRequest;
    const exists = ((known.result as { hits?: readonly unknown[] }).hits ?? []).length > 0;
    if (exists && onExisting === "skip") continue;
    if (exists && onExisting === "overwrite") await run("security", "deleteUser", { _id: id });
    await run("security", "createUser", { _id: id, body: body as JSONObject });
  }
}

function mergeDeep(parts: readonly (JSONObject | undefined)[]): JSONObject {
  const merged: JSONObject = {};
  for (const part of parts) {
    for (const [key, value] of Object.entries(part ?? {})) {
      const before = Object.hasOwn(merged, key) ? merged[key] : undefined;
      merged[key] = isPlainObject(before) && isPlainObject(value) ? mergeDeep([before, value]) : value;
    }
  }
  return merged;
}
