import {
  type ChangeFeed,
  type DocumentChange,
  type Documents,
  metadata as info,
  itemError,
  type Operation,
  type OperationStart,
  type Operations,
  type Searches,
} from "../../../data/index.ts";
import { action, arg, type ControllerDefinition, isThenable, schema } from "../../../events/index.ts";
import {
  type Clock,
  isPlainObject,
  type JSONObject,
  JsonText,
  type KuzzleRequest,
  kerrorWith,
} from "../../../kernel/index.ts";
import type { CollectionRef, StoredDocument, WriteOperation } from "../../../stores/documents/index.ts";
import { type RuleOf, underRule } from "../document/deps.ts";
import { assertComplete } from "../document/reads.ts";
import type { WithLookups } from "../lookups.ts";
import { batchLimits, checkLines, type ImportResult, importDocuments } from "./import.ts";

export interface BulkControllerDeps {
  readonly documents: Documents;
  readonly searches: Searches;
  readonly operations: Operations;
  readonly feed: ChangeFeed;
  readonly clock: Clock;
  readonly ruleOf: RuleOf;
  readonly withLookups: WithLookups;
}

const place = { index: arg.index(), collection: arg.collection() };
const targetErrors = ["services.storage.unknown_index", "services.storage.unknown_collection"] as const;
const queryErrors = [
  ...targetErrors,
  "services.storage.invalid_query_keyword",
  "services.storage.unknown_query_keyword",
  "services.storage.unexpected_bad_request",
] as const;

/** Low-level writes: as they come, without limits, specifications or, unless asked for, notifications (contract/api/bulk.yaml). */
export function createBulkController(deps: BulkControllerDeps): ControllerDefinition {
  const { documents, searches, operations, feed, clock } = deps;
  return {
    name: "bulk",
    actions: {
      import: action({
        summary: "Runs a batch of index, create, update and delete operations",
        http: [{ verb: "POST", path: "/:index/:collection/_bulk" }],
        args: { strict: arg.flag(), refresh: arg.looseRefresh(), bulkData: arg.body.array(), ...place },
        result: schema.object({ successes: schema.array(schema.object()), errors: schema.array(schema.object()) }),
        errors: [...queryErrors, "api.process.incomplete_multiple_request"],
        run: underRule(deps, async ({ index, collection, strict, refresh, bulkData }, request, held) => {
          const target = { index, collection };
          documents.assertCollection(target);
          const total = await checkLines(bulkData);
          const load = (running?: Operation): Promise<ImportResult> =>
            importDocuments(documents, target, bulkData, {
              created: info.created(request.getKuid(), clock.now()),
              updated: info.updated(request.getKuid(), clock.now()),
              ...{ refresh, running, held },
            });
          const isShort = total <= batchLimits.operations;
          const start = { ...startOf("bulk:import", target, request), total };
          const result = await (isShort ? load() : operations.run(start, load));
          assertComplete(strict, "import", result.errors);
          return result;
        }),
      }),
      write: action({
        summary: "Creates or replaces one document as it is given",
        http: [{ verb: "POST", path: "/:index/:collection/_write" }],
        args: {
          _id: arg.optionalId(),
          content: arg.content(),
          notify: arg.flag(),
          refresh: arg.looseRefresh(),
          ...place,
        },
        result: schema.object({ _id: schema.string(), _source: schema.object(), _version: schema.integer() }),
        errors: [
          ...targetErrors,
          "services.storage.strict_mapping_rejection",
          "services.storage.unexpected_bad_request",
        ],
        run: underRule(deps, async ({ _id, content, notify, refresh, index, collection }, request, held) => {
          const source = JSON.stringify(content);
          const operation: WriteOperation =
            _id === null ? { kind: "index", source } : { kind: "index", id: _id, source };
          const { id, version, created } = await documents.write({ index, collection }, operation, refresh, held);
          if (notify) {
            const change = { id, source: content, extra: { _version: version, created } };
            feed.publish(request, index, collection, [{ ...change, action: created ? "create" : "replace" }]);
          }
          return new JsonText(writtenText({ id, version, source: held?.rule.cutText(source) ?? source }));
        }),
      }),
      mWrite: action({
        summary: "Creates or replaces several documents as they are given",
        http: [{ verb: "POST", path: "/:index/:collection/_mWrite" }],
        args: {
          documents: arg.body.array(),
          strict: arg.flag(),
          notify: arg.flag(),
          refresh: arg.looseRefresh(),
          ...place,
        },
        result: schema.object({ successes: schema.array(schema.object()), errors: schema.array(schema.object()) }),
        errors: [...targetErrors, "services.storage.unexpected_bad_request", "api.process.incomplete_multiple_request"],
        run: underRule(
          deps,
          async ({ documents: received, strict, notify, refresh, index, collection }, request, held) => {
            const target = { index, collection };
            const { items, errors } = sortOut(received);
            const outcomes = await documents.mWrite(target, items.map(operationOf), refresh, held);
            const successes: string[] = [];
            const changes: DocumentChange[] = [];
            outcomes.forEach((outcome, position) => {
              const item = items[position] as Received;
              if (!outcome.ok) {
                errors.push(
                  itemError(outcome.failure, outcome.id, target, { _id: outcome.id, _source: item.body }) as never,
                );
                return;
              }
              const { id, version, created } = outcome;
              successes.push(
                writtenText({ id, version, source: JSON.stringify(held?.rule.cut(item.body) ?? item.body) }),
              );
              changes.push({
                id,
                source: item.body,
                extra: { _version: version, created },
                action: created ? "create" : "replace",
              });
            });
            assertComplete(strict, "write", errors);
            if (notify) feed.publish(request, index, collection, changes);
            return new JsonText(`{"successes":[${successes.join(",")}],"errors":${JSON.stringify(errors)}}`);
          },
        ),
      }),
      deleteByQuery: action({
        summary: "Deletes all documents that match a query",
        http: [{ verb: "DELETE", path: "/:index/:collection/_bulk/_query" }],
        args: { query: arg.body.object(), refresh: arg.looseRefresh(), ...place },
        result: schema.object({ deleted: schema.integer() }),
        errors: queryErrors,
        run: async ({ query, refresh, index, collection }, request) => {
          const start = startOf("bulk:deleteByQuery", { index, collection }, request);
          return { deleted: await eachMatch(start, request, query, refresh, ({ id }) => ({ kind: "delete", id })) };
        },
      }),
      updateByQuery: action({
        summary: "Applies the same changes to all documents that match a query",
        http: [{ verb: "PATCH", path: "/:index/:collection/_bulk/_query" }],
        args: { query: arg.body.object(), changes: arg.body.object(), refresh: arg.looseRefresh(), ...place },
        result: schema.object({ updated: schema.integer() }),
        errors: [...queryErrors, "services.storage.incomplete_update"],
        run: async ({ query, changes, refresh, index, collection }, request) => {
          const start = startOf("bulk:updateByQuery", { index, collection }, request);
          const partial = JSON.stringify(withoutEmptyObjects(changes));
          const updated = await eachMatch(start, request, query, refresh, ({ id }) => ({
            kind: "update",
            id,
            partial,
          }));
          return { updated };
        },
      }),
    },
  };

  /**
   * Writes one operation for each match, batch after batch, and answers how many were done. It goes on when the client goes: half of it done would be
   * of no use to anybody. Whoever cancels it knows that.
   */
  function eachMatch(
    start: BulkStart,
    request: KuzzleRequest,
    query: JSONObject,
    refresh: boolean,
    operation: (document: StoredDocument) => WriteOperation,
  ): Promise<number> {
    return operations.run(start, async (running) => {
      let done = 0;
      const failures: JSONObject[] = [];
      const target = { index: start.index, collection: start.collection };
      const rule = deps.ruleOf(request, target.index, target.collection);
      const held = isThenable(rule) ? await rule : rule;
      const wanted = await deps.withLookups(request, query);
      for await (const batch of searches.walkFor(running, target, wanted, "elasticsearch", held)) {
        for (const outcome of await documents.mWrite(target, batch.map(operation), refresh, held)) {
          if (outcome.ok) done++;
          // A document that others removed meanwhile is no failure of ours.
          else if (outcome.failure.reason !== "missing") {
            failures.push({ id: outcome.id, cause: itemError(outcome.failure, outcome.id, target, undefined).reason });
          }
        }
      }
      if (failures.length > 0) {
        throw kerrorWith("services.storage.incomplete_update", failures, `${failures.length} documents failed`);
      }
      return done;
    });
  }
}

type BulkStart = OperationStart & CollectionRef;

const startOf = (action: string, { index, collection }: CollectionRef, request: KuzzleRequest): BulkStart => ({
  ...{ action, index, collection, user: request.getKuid(), unit: "documents" },
});

const writtenText = ({ id, version, source }: StoredDocument): string =>
  `{"_id":${JSON.stringify(id)},"_source":${source},"_version":${version}}`;

interface Received {
  readonly id: string | undefined;
  readonly body: JSONObject;
}

function sortOut(received: readonly unknown[]): { items: readonly Received[]; errors: unknown[] } {
  const items: Received[] = [];
  const errors: unknown[] = [];
  for (const document of received) {
    if (isPlainObject(document) && isPlainObject(document.body)) {
      const { _id: id } = document;
      items.push({ id: typeof id === "string" && id !== "" ? id : undefined, body: document.body });
    } else errors.push({ document, reason: 'The member "body" must be an object.', status: 400 });
  }
  return { items, errors };
}

function operationOf({ id, body }: Received): WriteOperation {
  const source = JSON.stringify(body);
  return id === undefined ? { kind: "index", source } : { kind: "index", id, source };
}

/** Leaves are assigned, so an object without leaves changes nothing. */
function withoutEmptyObjects(value: JSONObject): JSONObject {
  const kept: [string, unknown][] = [];
  for (const [key, member] of Object.entries(value)) {
    const shaped = isPlainObject(member) ? withoutEmptyObjects(member) : member;
    if (!isPlainObject(shaped) || Object.keys(shaped).length > 0) kept.push([key, shaped]);
  }
  return Object.fromEntries(kept); // an assignment would take a member named __proto__ for the prototype
}
