import { definePlugin, ForbiddenError } from "tenon";
import { Type } from "typebox";

export default definePlugin({
  name: "stamp",
  version: "1.0.0",
  config: Type.Object({ field: Type.String({ default: "stampedAt" }) }),
  pipeDeadlineMs: 1_000,
  pipes: {
    // documents: EventDocument[], request: KuzzleRequest, config: { field: string }
    "generic:document:beforeWrite": (documents, _request, { config }) => {
      for (const { _source } of documents) if (_source !== undefined) _source[config.field] = Date.now();
      return documents;
    },
    "document:beforeDelete": (request) => {
      if (request.getString("_id") === "keep") throw new ForbiddenError("This one stays.");
      return request;
    },
  },
  hooks: {
    // The result is known for each action on documents: { _id: string, _source: JSONObject, _version: number }
    "document:afterCreate": (request, { log }) => log.info("stamp.created", { id: request.result._id }),
  },
});
