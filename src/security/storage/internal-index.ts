import type { CollectionRef, DocumentStore, Mappings } from "../../stores/documents/index.ts";
import type { SecurityOptions } from "../options.ts";

const keyword = { type: "keyword" } as const;
const kuzzleInfo = {
  properties: { author: keyword, createdAt: { type: "date" }, updater: keyword, updatedAt: { type: "date" } },
};

const mapped = (properties: NonNullable<Mappings["properties"]>): Mappings => ({ dynamic: "false", properties });

/** The collections of the private index and their fields (contract/config.md, `internalIndex.collections`; contract/security.md 18). */
const builtIn = {
  users: mapped({ profileIds: keyword, _kuzzle_info: kuzzleInfo }),
  profiles: mapped({
    tags: keyword,
    policies: {
      properties: {
        roleId: keyword,
        restrictedTo: { type: "nested", properties: { index: keyword, collections: keyword } },
      },
    },
    _kuzzle_info: kuzzleInfo,
  }),
  roles: mapped({
    tags: keyword,
    controllers: { dynamic: "false", properties: {} },
    _kuzzle_info: kuzzleInfo,
  }),
  validations: mapped({
    index: keyword,
    collection: keyword,
    validations: { dynamic: "false", properties: {} },
  }),
  config: mapped({}),
  "api-keys": mapped({
    userId: keyword,
    hash: keyword,
    description: { type: "text" },
    expiresAt: { type: "long" },
    ttl: keyword,
    token: keyword,
    fingerprint: keyword,
    keyId: keyword,
  }),
  installations: {
    dynamic: "strict",
    properties: { description: { type: "text" }, handler: { type: "text" }, installedAt: { type: "date" } },
  },
  imports: { dynamic: "strict", properties: { hash: keyword } },
  /** Ours: Kuzzle keeps tokens in its cache, and loses them with it. */
  tokens: mapped({ userId: keyword, expiresAt: { type: "long" }, keyId: keyword }),
  /** Ours as well. */
  audit: mapped({
    at: { type: "date" },
    event: keyword,
    controller: keyword,
    action: keyword,
    kuid: keyword,
    token: keyword,
    result: keyword,
    status: { type: "integer" },
    error: keyword,
    reason: keyword,
    target: { properties: { kind: keyword, ids: keyword } },
    detail: {
      dynamic: "false",
      properties: { strategy: keyword, userId: keyword, profileIds: keyword, roleIds: keyword },
    },
    ips: keyword,
    protocol: keyword,
    origin: keyword,
    requestId: keyword,
    node: keyword,
  }),
} satisfies Readonly<Record<string, Mappings>>;

export type InternalCollection = keyof typeof builtIn;

const names = Object.keys(builtIn) as readonly InternalCollection[];

/** Creates the collections that are missing, and adds fields that older releases did not map. Safe on several nodes at once. */
export async function ensureInternalIndex(
  store: DocumentStore,
  options: SecurityOptions["internalIndex"],
): Promise<void> {
  const present = new Set<string>();
  for (const { index, collection } of await store.describe()) if (index === options.name) present.add(collection);
  for (const collection of names) {
    const target: CollectionRef = { index: options.name, collection };
    if (present.has(collection)) await completeMappings(store, target, builtIn[collection]);
    else await createCollection(store, target, options);
  }
}

async function createCollection(
  store: DocumentStore,
  target: CollectionRef,
  options: SecurityOptions["internalIndex"],
): Promise<void> {
  const configured = options.collections[target.collection];
  const base: Mappings = builtIn[target.collection as InternalCollection];
  const properties = { ...base.properties, ...configured?.mappings?.properties };
  const mappings: Mappings = { ...base, ...configured?.mappings, properties };
  try {
    await store.createCollection(target, "private", mappings, configured?.settings ?? {});
  } catch (error) {
    // Another node may have been faster: what counts is that it is there now.
    const there = (await store.describe()).some((c) => c.index === target.index && c.collection === target.collection);
    if (!there) throw error;
  }
}

async function completeMappings(store: DocumentStore, target: CollectionRef, wanted: Mappings): Promise<void> {
  const { properties = {} } = await store.getMappings(target);
  const missing = Object.entries(wanted.properties ?? {}).filter(([field]) => !Object.hasOwn(properties, field));
  if (missing.length > 0) await store.updateMappings(target, { properties: Object.fromEntries(missing) });
}
