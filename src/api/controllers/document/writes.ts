import { changedPaths, metadata as info } from "../../../data/index.ts";
import { type Action, action, arg, schema } from "../../../events/index.ts";
import { type JSONObject, JsonText, type KuzzleRequest, kerror } from "../../../kernel/index.ts";
import {
  type CollectionRef,
  type DocumentControllerDeps,
  documentText,
  injectMetadata,
  stamp,
  underRule,
} from "./deps.ts";
import { genericEvents } from "./generic-events.ts";

const place = { index: arg.index(), collection: arg.collection() };
const written = schema.object({ _id: schema.string(), _source: schema.object(), _version: schema.integer() });
const targetErrors = ["services.storage.unknown_index", "services.storage.unknown_collection"] as const;
const contentErrors = [
  ...targetErrors,
  "services.storage.strict_mapping_rejection",
  "services.storage.unexpected_bad_request",
] as const;
const checkErrors = ["validation.check.failed_document", "validation.check.failed_field"] as const;

/** Writing one document. */
export function writeActions(deps: DocumentControllerDeps): Readonly<Record<string, Action>> {
  const { documents, feed, validator } = deps;

  /** Content after the specifications, with its metadata: the object that subscribers see, and the text that is stored. */
  const prepare = async (
    request: KuzzleRequest,
    target: CollectionRef,
    id: string | null,
    content: JSONObject,
    metadata: JSONObject,
  ): Promise<{ source: JSONObject; text: string }> => {
    assertNoRouting(content);
    const checked = validator.hasSpecification(target) ? validator.check({ target, id, content }) : content;
    const injected = await injectMetadata(deps, request, metadata);
    const source = info.withMetadata(checked, injected.metadata);
    return { source, text: JSON.stringify(source) };
  };

  const retries = (given: unknown): number => {
    const count = typeof given === "number" ? given : Number.parseInt(String(given), 10);
    return count > 0 ? Math.floor(count) : deps.conflictRetries;
  };

  return {
    create: action({
      summary: "Stores a new document",
      http: [
        { verb: "POST", path: "/:index/:collection/_create" },
        { verb: "POST", path: "/:index/:collection/:_id/_create" },
      ],
      args: {
        _id: arg.optionalId(),
        content: arg.content(),
        silent: arg.flag(),
        ...place,
        refresh: arg.looseRefresh(),
      },
      result: written,
      errors: [
        ...contentErrors,
        ...checkErrors,
        "services.storage.document_already_exists",
        "services.storage.no_routing",
      ],
      documents: genericEvents.create,
      run: underRule(deps, async ({ _id, content, silent, index, collection, refresh }, request, held) => {
        const target = { index, collection };
        const { source, text } = await prepare(request, target, _id, content, info.created(...stamp(deps, request)));
        const operation =
          _id === null ? { kind: "create" as const, source: text } : { kind: "create" as const, id: _id, source: text };
        const { id, version } = await documents.write(target, operation, refresh, held);
        if (!silent && feed.isWatched(index, collection)) {
          feed.publish(request, index, collection, [{ action: "create", id, source, extra: { _version: version } }]);
        }
        return documentText({ id, version, source: text }, "", held);
      }),
    }),

    createOrReplace: action({
      summary: "Stores a document under the given id, in place of any former one",
      http: [{ verb: "PUT", path: "/:index/:collection/:_id" }],
      args: { _id: arg.id(), content: arg.content(), silent: arg.flag(), refresh: arg.refresh(), ...place },
      result: schema.object({ ...written.properties, created: schema.boolean() }),
      errors: [...contentErrors, ...checkErrors, "services.storage.invalid_argument", "services.storage.no_routing"],
      documents: genericEvents.createOrReplace,
      run: underRule(deps, async ({ _id, content, silent, refresh, index, collection }, request, held) => {
        const target = { index, collection };
        const { source, text } = await prepare(request, target, _id, content, info.replaced(...stamp(deps, request)));
        const outcome = await documents.write(target, { kind: "index", id: _id, source: text }, refresh, held);
        const { version, created } = outcome;
        if (!silent && feed.isWatched(index, collection)) {
          const extra = { _version: version, created };
          feed.publish(request, index, collection, [
            { action: created ? "create" : "replace", id: _id, source, extra },
          ]);
        }
        return documentText({ id: _id, version, source: text }, `,"created":${created}`, held);
      }),
    }),

    replace: action({
      summary: "Replaces the whole content of an existing document",
      http: [{ verb: "PUT", path: "/:index/:collection/:_id/_replace" }],
      args: { _id: arg.id(), content: arg.content(), silent: arg.flag(), refresh: arg.refresh(), ...place },
      result: written,
      errors: [...contentErrors, ...checkErrors, "services.storage.not_found", "services.storage.invalid_argument"],
      documents: genericEvents.replace,
      run: underRule(deps, async ({ _id, content, silent, refresh, index, collection }, request, held) => {
        const target = { index, collection };
        const { source, text } = await prepare(request, target, _id, content, info.replaced(...stamp(deps, request)));
        const { version } = await documents.write(target, { kind: "replace", id: _id, source: text }, refresh, held);
        if (!silent && feed.isWatched(index, collection)) {
          feed.publish(request, index, collection, [
            { action: "replace", id: _id, source, extra: { _version: version } },
          ]);
        }
        return documentText({ id: _id, version, source: text }, "", held);
      }),
    }),

    update: action({
      summary: "Merges a partial content into a document",
      http: [
        {
          verb: "PUT",
          path: "/:index/:collection/:_id/_update",
          deprecated: { since: "2.11.0", message: "Use this route instead: PATCH /:index/:collection/:_id/_update" },
        },
        { verb: "PATCH", path: "/:index/:collection/:_id/_update" },
      ],
      args: {
        _id: arg.id(),
        content: arg.content(),
        silent: arg.flag(),
        source: arg.flag(),
        refresh: arg.refresh(),
        ...place,
      },
      result: written,
      errors: [...contentErrors, ...checkErrors, "services.storage.not_found", "services.storage.too_many_changes"],
      documents: genericEvents.update,
      run: underRule(
        deps,
        async ({ _id, content, silent, source: wantsSource, refresh, index, collection }, request, held) => {
          const target = { index, collection };
          let changes = content;
          if (validator.hasSpecification(target)) {
            const stored = JSON.parse((await documents.getWhole(target, _id, held)).source) as JSONObject;
            changes = validator.check({ target, id: _id, content, stored });
          }
          const { metadata } = await injectMetadata(deps, request, info.updated(...stamp(deps, request)));
          const partial = info.withMetadata(changes, metadata);
          const outcome = await documents.write(
            target,
            {
              kind: "update",
              id: _id,
              partial: JSON.stringify(partial),
              retryOnConflict: retries(request.input.args.retryOnConflict),
              returnSource: true,
            },
            refresh,
            held,
          );
          const { version, source: text = "{}" } = outcome;
          const watched = !silent && feed.isWatched(index, collection);
          if (!watched && wantsSource) return documentText({ id: _id, version, source: text }, "", held);
          const source = JSON.parse(text) as JSONObject;
          if (watched) {
            const change = { action: "update", id: _id, source, extra: { _version: version } } as const;
            feed.publish(request, index, collection, [{ ...change, updatedFields: changedPaths(changes) }]);
          }
          if (wantsSource) return documentText({ id: _id, version, source: text }, "", held);
          const answered = info.withMetadata(changes, source._kuzzle_info as JSONObject);
          return { _id, _source: held?.rule.cut(answered) ?? answered, _version: version };
        },
      ),
    }),

    upsert: action({
      summary: "Merges a partial content into a document, which is created when it is missing",
      http: [
        { verb: "POST", path: "/:index/:collection/:_id/_upsert" },
        {
          verb: "PUT",
          path: "/:index/:collection/:_id/_upsert",
          deprecated: { since: "2.11.0", message: "Use this route instead: POST /:index/:collection/:_id/_upsert" },
        },
      ],
      args: {
        _id: arg.id(),
        changes: arg.body.object(),
        default: arg.body.optional.object(),
        silent: arg.flag(),
        source: arg.flag(),
        refresh: arg.refresh(),
        ...place,
      },
      result: schema.object({ _id: schema.string(), _version: schema.integer(), created: schema.boolean() }),
      errors: [...contentErrors, "services.storage.too_many_changes", "services.storage.invalid_argument"],
      documents: genericEvents.upsert,
      run: underRule(
        deps,
        async (
          { _id, changes, default: initial, silent, source: wantsSource, refresh, index, collection },
          request,
          held,
        ) => {
          const target = { index, collection };
          const [kuid, now] = stamp(deps, request);
          const { metadata, defaultMetadata } = await injectMetadata(deps, request, info.updated(kuid, now), {
            author: kuid,
            createdAt: now,
          });
          const watched = !silent && feed.isWatched(index, collection);
          const outcome = await documents.write(
            target,
            {
              kind: "update",
              id: _id,
              partial: JSON.stringify(info.withMetadata(changes, metadata)),
              upsert: JSON.stringify(
                info.withMetadata({ ...initial, ...changes }, { ...defaultMetadata, ...metadata }),
              ),
              retryOnConflict: retries(request.input.args.retryOnConflict),
              returnSource: watched || wantsSource,
            },
            refresh,
            held,
          );
          const { version, created, source: text = "{}" } = outcome;
          if (watched) {
            const source = JSON.parse(text) as JSONObject;
            const change = { id: _id, source, extra: { _version: version, created } };
            feed.publish(request, index, collection, [
              created
                ? { ...change, action: "create" }
                : { ...change, action: "update", updatedFields: changedPaths(changes) },
            ]);
          }
          const sourceText = wantsSource ? `,"_source":${held?.rule.cutText(text) ?? text}` : "";
          return new JsonText(`{"_id":${JSON.stringify(_id)}${sourceText},"_version":${version},"created":${created}}`);
        },
      ),
    }),

    deleteFields: action({
      summary: "Removes fields of a document, by their paths",
      http: [{ verb: "DELETE", path: "/:index/:collection/:_id/_fields" }],
      args: {
        _id: arg.id(),
        fields: arg.body.array(),
        silent: arg.flag(),
        source: arg.flag(),
        refresh: arg.refresh(),
        ...place,
      },
      result: schema.object({ _id: schema.string(), _version: schema.integer() }),
      errors: [...targetErrors, "services.storage.not_found", "services.storage.invalid_argument"],
      documents: genericEvents.deleteFields,
      run: underRule(
        deps,
        async ({ _id, fields, silent, source: wantsSource, refresh, index, collection }, request, held) => {
          const target = { index, collection };
          const paths = fields.map((field) => {
            if (typeof field !== "string") throw kerror("api.assert.invalid_type", "body.fields", "array of strings");
            return field;
          });
          const partial = JSON.stringify({ _kuzzle_info: info.updated(...stamp(deps, request)) });
          const watched = !silent && feed.isWatched(index, collection);
          const outcome = await documents.write(
            target,
            { kind: "deleteFields", id: _id, fields: paths, partial, returnSource: watched || wantsSource },
            refresh,
            held,
          );
          const { version, source: text = "{}" } = outcome;
          if (watched)
            feed.publish(request, index, collection, [{ action: "update", id: _id, source: JSON.parse(text) }]);
          const sourceText = wantsSource ? `,"_source":${held?.rule.cutText(text) ?? text}` : "";
          return new JsonText(`{"_id":${JSON.stringify(_id)}${sourceText},"_version":${version}}`);
        },
      ),
    }),

    delete: action({
      summary: "Removes one document",
      http: [{ verb: "DELETE", path: "/:index/:collection/:_id" }],
      args: { _id: arg.id(), ...place, silent: arg.flag(), source: arg.flag(), refresh: arg.refresh() },
      result: schema.object({ _id: schema.string() }),
      errors: [
        ...targetErrors,
        "services.storage.not_found",
        "services.storage.search_as_an_id",
        "services.storage.invalid_argument",
      ],
      documents: genericEvents.delete,
      run: underRule(deps, async ({ _id, index, collection, silent, source: wantsSource, refresh }, request, held) => {
        if (_id === "_search") throw kerror("services.storage.search_as_an_id");
        const watched = !silent && feed.isWatched(index, collection);
        const outcome = await documents.write(
          { index, collection },
          { kind: "delete", id: _id, returnSource: watched || wantsSource },
          refresh,
          held,
        );
        const { source: text = "{}" } = outcome;
        const version = outcome.version - 1; // of the document as it was; the deletion itself counts as a write
        if (watched) {
          const change = {
            action: "delete",
            id: _id,
            source: JSON.parse(text) as JSONObject,
            extra: { _version: version },
          } as const;
          feed.publish(request, index, collection, [change]);
        }
        return wantsSource ? documentText({ id: _id, version, source: text }, "", held) : { _id };
      }),
    }),
  };
}

function assertNoRouting(content: JSONObject): void {
  if (Object.hasOwn(content, "_routing")) throw kerror("services.storage.no_routing");
  for (const reserved of ["_id", "_source", "_index"]) {
    if (Object.hasOwn(content, reserved)) {
      throw kerror(
        "services.storage.unexpected_bad_request",
        `Field [${reserved}] is a metadata field and cannot be added inside a document.`,
      );
    }
  }
}
