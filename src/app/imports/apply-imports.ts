import { type LoadPreparation, loadFixtures, loadMappings, type Pipeline } from "../../api/index.ts";
import { isPlainObject, type JSONObject, KuzzleRequest, type Logger } from "../../kernel/index.ts";
import type { PluginImports } from "../../plugins/index.ts";
import type { Security } from "../../security/index.ts";
import type { Data } from "../data.ts";
import type { ImportKind, ImportRecords } from "./import-records.ts";
import type { SupportContent } from "./support.ts";

export interface ImportParts {
  /** Of plugins, in load order; the application's come last. */
  readonly imports: readonly PluginImports[];
  readonly support: SupportContent;
  readonly records: ImportRecords;
  readonly pipeline: Pipeline;
  readonly security: Security;
  readonly data: Data;
  readonly preparation: LoadPreparation;
  readonly now: () => number;
  readonly log: Logger;
}

/**
 * What plugins and the application want loaded at the start, each kind once for the same content (contract/search.md section 13). The
 * order is the one in which they need each other: users their mapping, documents their collections.
 */
export async function applyImports(parts: ImportParts): Promise<void> {
  const { imports, support, data, preparation, log } = parts;
  const { collections, documents } = data;
  const userMappings = mergeDeep(imports.map((one) => one.userMappings));
  const mappings = mergeCollections([...imports.map((one) => one.mappings), support.mappings]);
  const permissions = { ...mergePermissions(imports), ...support.securities };

  await once(parts, "userMappings", userMappings, () => run(parts, "updateUserMapping", { body: userMappings }));
  const isNew = await once(parts, "mappings", mappings, () =>
    loadMappings(collections, mappings, "wrapped", preparation),
  );
  // Somebody else may have loaded them since this server read what there is.
  if (!isNew && !isEmpty(mappings)) await collections.discover();
  await once(parts, "fixtures", support.fixtures, () =>
    loadFixtures(documents, support.fixtures, { now: parts.now(), refresh: true, preparation }),
  );
  const onExistingUsers = imports.findLast((one) => one.onExistingUsers !== undefined)?.onExistingUsers ?? "skip";
  await once(parts, "permissions", permissions, () =>
    parts.security.loadSecurities(permissions, { onExistingUsers, force: true, refresh: true }, (action, args) =>
      run(parts, action, args),
    ),
  );
  log.debug("server.imports_checked", { plugins: imports.length });
}

/** Loads this kind unless the same content was loaded before. Answers whether it was loaded now. */
async function once(
  { records, log }: ImportParts,
  kind: ImportKind,
  content: JSONObject,
  load: () => Promise<unknown>,
): Promise<boolean> {
  if (isEmpty(content) || (await records.has(kind, content))) return false;
  await load();
  await records.remember(kind, content);
  log.info("server.imports_applied", { kind, entries: Object.keys(content) });
  return true;
}

/** An action of the controller `security`, with its events. */
const run = ({ pipeline }: ImportParts, action: string, args: JSONObject): Promise<unknown> =>
  pipeline.runInternal(new KuzzleRequest({ controller: "security", action, ...args, triggerEvents: true }));

const isEmpty = (content: JSONObject): boolean => Object.keys(content).length === 0;

/** By index and collection: the last definition of a collection counts. */
function mergeCollections(parts: readonly (JSONObject | undefined)[]): JSONObject {
  const merged: JSONObject = {};
  for (const part of parts) {
    for (const [index, collections] of Object.entries(part ?? {})) {
      const before = merged[index];
      merged[index] = isPlainObject(before) && isPlainObject(collections) ? { ...before, ...collections } : collections;
    }
  }
  return merged;
}

/** The last definition of a role, a profile or a user counts. */
function mergePermissions(imports: readonly PluginImports[]): JSONObject {
  const merged: JSONObject = {};
  for (const section of ["roles", "profiles", "users"] as const) {
    const content: JSONObject = Object.assign({}, ...imports.map((one) => one[section] ?? {}));
    if (!isEmpty(content)) merged[section] = content;
  }
  return merged;
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
