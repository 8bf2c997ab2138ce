import { action, definePlugin } from "tenon";

export default definePlugin({
  name: "archive",
  capabilities: { storage: true, events: ["document:afterDelete"], controllers: true },
  init: ({ storage }) => storage.bootstrap({ deleted: {} }),
  hooks: {
    "document:afterDelete": async (request, { repository }) => {
      await repository("deleted").createOrReplace({ _id: request.result._id, at: Date.now() });
    },
  },
  controllers: ({ repository }) => ({
    archive: {
      count: action({ summary: "Counts the deleted", run: async () => (await repository("deleted").search({})).total }),
    },
  }),
});
