import { bool, duration, free, integer, openSection, section, text, texts } from "./option.ts";

const keyword = { type: "keyword" } as const;
const date = { type: "date" } as const;

const commonMapping = {
  dynamic: "false",
  properties: { _kuzzle_info: { properties: { author: keyword, createdAt: date, updater: keyword, updatedAt: date } } },
} as const;

const collections = {
  users: { mappings: { dynamic: "false", properties: { profileIds: keyword } } },
  profiles: {
    mappings: {
      dynamic: "false",
      properties: {
        tags: keyword,
        policies: {
          properties: {
            roleId: keyword,
            restrictedTo: { type: "nested", properties: { index: keyword, collections: keyword } },
          },
        },
      },
    },
  },
  roles: {
    mappings: {
      dynamic: "false",
      properties: { tags: keyword, controllers: { dynamic: "false", properties: {} } },
    },
  },
  validations: {
    mappings: {
      properties: { index: keyword, collection: keyword, validations: { dynamic: "false", properties: {} } },
    },
  },
  config: { mappings: { dynamic: "false", properties: {} } },
  "api-keys": {
    mappings: {
      dynamic: "false",
      properties: {
        userId: keyword,
        hash: keyword,
        description: { type: "text" },
        expiresAt: { type: "long" },
        ttl: keyword,
        token: keyword,
      },
    },
  },
  installations: {
    mappings: {
      dynamic: "strict",
      properties: { description: { type: "text" }, handler: { type: "text" }, installedAt: date },
    },
  },
  imports: { mappings: { dynamic: "strict", properties: { hash: keyword } } },
} as const;

export const storageEngine = openSection("Where documents are stored, when it is not the embedded engine.", {
  backend: text("elasticsearch", "Engine of the documents."),
  majorVersion: {
    type: "string",
    enum: ["7", "8"],
    default: "7",
    description: "Major version of the Elasticsearch API.",
  },
  aliases: texts(["storageEngine"], "Names under which services may find this engine."),
  client: free({ node: "http://localhost:9200" }, "Options of the engine's client."),
  commonMapping: free(commonMapping, "Mapping merged into that of every new collection."),
  defaultSettings: free({ number_of_replicas: 1, number_of_shards: 1 }, "Settings of every new collection."),
  maxScrollDuration: duration("1m", "Longest time between two pages of a scroll."),
  defaults: section("What requests get unless they ask for something else.", {
    scrollTTL: duration("15s", "Time between two pages of a scroll."),
    onUpdateConflictRetries: integer(0, "Attempts after a conflict of two updates."),
  }),
  generateMissingAliases: bool(true, "Give an alias to indices that have none, at start."),
  internalIndex: section("Tenon's own collections.", {
    name: text("kuzzle", "Name of the index."),
    collections: free(collections, "Its collections, each with `mappings` and, where wanted, `settings`."),
  }),
});
