import type { FormerActionEntry } from "../../../api/index.ts";
import { action, arg } from "../../../events/index.ts";
import { KuzzleRequest, kerror } from "../../../kernel/index.ts";
import type { PluginHostDeps } from "../../deps.ts";
import type { AutoRefresh } from "../auto-refresh.ts";

/**
 * Actions that the second generation has no more, as the first asked for them. Rights are checked under the names given here.
 * Source: contract/plugins/events.yaml, legacy.v0_actions.
 */
export function emulatedActions(deps: PluginHostDeps, autoRefresh: AutoRefresh): readonly FormerActionEntry[] {
  const run = async (data: object): Promise<unknown> => {
    const { result, error } = await deps.execute(new KuzzleRequest(data), { checkRights: false });
    if (error !== null) throw error;
    return result;
  };
  const assertIndex = async (index: string): Promise<void> => {
    if ((await run({ controller: "index", action: "exists", index })) !== true)
      throw kerror("services.storage.unknown_index", index);
  };
  return [
    {
      controller: "index",
      name: "getAutoRefresh",
      events: eventsOf("index", "GetAutoRefresh"),
      action: action({
        summary: "Tells whether writes to an index wait until they can be searched",
        args: { index: arg.index() },
        run: async ({ index }) => {
          await assertIndex(index);
          return autoRefresh.has(index);
        },
      }),
    },
    {
      controller: "index",
      name: "setAutoRefresh",
      events: eventsOf("index", "SetAutoRefresh"),
      action: action({
        summary: "Makes writes to an index wait until they can be searched, or not any more",
        args: { index: arg.index() },
        run: async ({ index }, request) => {
          const isOn = request.getBodyBoolean("autoRefresh");
          await assertIndex(index);
          await autoRefresh.set(index, isOn);
          return isOn;
        },
      }),
    },
    {
      controller: "index",
      name: "refresh",
      // Once around all collections, whatever their number.
      events: eventsOf("collection", "Refresh"),
      action: action({
        summary: "Makes what was written to the collections of an index searchable",
        args: { index: arg.index() },
        run: async ({ index }) => {
          await assertIndex(index);
          const answer = await run({ controller: "collection", action: "list", index, type: "stored" });
          const { collections } = answer as { collections: readonly { readonly name: string }[] };
          for (const { name } of collections) {
            await run({ controller: "collection", action: "refresh", index, collection: name });
          }
          return { _shards: { total: collections.length, successful: collections.length, failed: 0 } };
        },
      }),
    },
    {
      controller: "admin",
      name: "removeRooms",
      events: eventsOf("subscription", "RemoveRooms"),
      action: action({
        summary: "Makes everybody leave the rooms of a collection",
        args: { index: arg.index(), collection: arg.collection(), rooms: arg.body.optional.array() },
        run: ({ index, collection, rooms }) => {
          deps.removeRooms(index, collection, rooms?.map(String));
          return { acknowledge: true };
        },
      }),
    },
  ];
}

const eventsOf = (scope: string, name: string): FormerActionEntry["events"] => ({
  before: `${scope}:before${name}`,
  after: `${scope}:after${name}`,
  error: `${scope}:error${name}`,
});
