import {
  changedPaths,
  type DocumentChange,
  type GuardedOutcome,
  type HeldRule,
  type ItemError,
  metadata as info,
  itemError,
} from "../../../data/index.ts";
import { type Action, action, arg, isThenable, schema } from "../../../events/index.ts";
import { isPlainObject, type JSONObject, JsonText, type KuzzleRequest, readers } from "../../../kernel/index.ts";
import type { WriteOperation, WriteOutcome } from "../../../stores/documents/index.ts";
import { type CollectionRef, type DocumentControllerDeps, stamp, underRule } from "./deps.ts";
import { genericEvents } from "./generic-events.ts";
import { assertComplete } from "./reads.ts";

const place = { index: arg.index(), collection: arg.collection() };
const common = {
  strict: arg.flag(),
  silent: arg.flag(),
  refresh: arg.refresh(),
  documents: arg.body.array(),
  ...place,
};
const partialResult = schema.object({
  successes: schema.array(schema.object()),
  errors: schema.array(schema.object()),
});
const errors = [
  "services.storage.unknown_index",
  "services.storage.unknown_collection",
  "services.storage.write_limit_exceeded",
  "services.storage.invalid_argument",
  "api.process.incomplete_multiple_request",
] as const;

/** One document of a multiple write on its way: what was sent, what is written, what subscribers would see. */
interface Item {
  readonly received: JSONObject;
  readonly operation: WriteOperation;
  /** The new content when it is known before the write: everything but updates. */
  readonly source: JSONObject | undefined;
  /** What the client changes, for updates. */
  readonly changes: JSONObject | undefined;
}

type Preparation = Item | ItemError;

const reject = (document: unknown, reason: string): ItemError => ({ document, reason, status: 400 });
const isItem = (preparation: Preparation): preparation is Item => "operation" in preparation;

const bodyMissing = 'The member "body" must be an object.';
const idMissing = 'The member "_id" must be a string.';

/** Writing several documents: what fails is listed, and the rest is done. */
export function multipleActions(deps: DocumentControllerDeps): Readonly<Record<string, Action>> {
  const { documents, feed } = deps;

  /** Prepares each document, writes those that may be, and lists what failed: refusals first, then failures of the engine. */
  const runMany = async (
    name: string,
    request: KuzzleRequest,
    args: { target: CollectionRef; documents: readonly unknown[]; strict: boolean; silent: boolean; refresh: boolean },
    prepare: (received: JSONObject) => Preparation,
    describe: (outcome: Extract<WriteOutcome, { ok: true }>, sourceText: string) => string,
  ): Promise<JsonText> => {
    const { target } = args;
    const rule = deps.ruleOf(request, target.index, target.collection);
    const held = isThenable(rule) ? await rule : rule;
    documents.assertWritable(args.documents.length);
    if (args.documents.length === 0) return new JsonText('{"successes":[],"errors":[]}');
    const prepared = args.documents.map((document) =>
      isPlainObject(document) ? prepare(document) : reject(document, "An object was expected."),
    );
    const items = prepared.filter(isItem);
    const failures: ItemError[] = prepared.filter((one): one is ItemError => !isItem(one));
    const outcomes = await documents.mWrite(
      target,
      items.map(({ operation }) => operation),
      args.refresh,
      held,
    );
    const successes: string[] = [];
    const changes: DocumentChange[] = [];
    const watched = !args.silent && feed.isWatched(target.index, target.collection);
    outcomes.forEach((outcome, position) => {
      const item = items[position] as Item;
      if (!outcome.ok) {
        failures.push(itemError(outcome.failure, outcome.id, target, failedDocument(outcome, item)));
        return;
      }
      const text = outcome.source ?? textOf(item.operation);
      successes.push(describe(outcome, seenText(text, held)));
      if (watched) changes.push(changeOf(name, outcome, item, text));
    });
    assertComplete(args.strict, name, failures);
    feed.publish(request, target.index, target.collection, changes);
    return new JsonText(`{"successes":[${successes.join(",")}],"errors":${JSON.stringify(failures)}}`);
  };

  const writtenText = (outcome: Extract<WriteOutcome, { ok: true }>, sourceText: string): string => {
    const result = outcome.created
      ? '"created":true,"result":"created","status":201'
      : '"created":false,"result":"updated","status":200';
    return `{"_id":${JSON.stringify(outcome.id)},"_source":${sourceText},"_version":${outcome.version},${result}}`;
  };

  const whole =
    (kind: "create" | "index" | "replace", metadata: JSONObject, needsId: boolean) =>
    (received: JSONObject): Preparation => {
      if (!isPlainObject(received.body)) return reject(received, bodyMissing);
      const { _id: id } = received;
      if (needsId && (typeof id !== "string" || id === "")) return reject(received, idMissing);
      const source = info.withMetadata(received.body, metadata);
      const text = JSON.stringify(source);
      const hasId = typeof id === "string" && id !== "";
      const operation = (hasId ? { kind, id, source: text } : { kind, source: text }) as WriteOperation;
      return { received, operation, source, changes: undefined };
    };

  return {
    mCreate: action({
      summary: "Creates several documents; ids that exist are reported",
      http: [{ verb: "POST", path: "/:index/:collection/_mCreate" }],
      args: common,
      result: partialResult,
      errors,
      documents: genericEvents.mCreate,
      run: (args, request) =>
        runMany(
          "mCreate",
          request,
          manyArgs(args),
          whole("create", info.created(...stamp(deps, request)), false),
          writtenText,
        ),
    }),
    mCreateOrReplace: action({
      summary: "Creates or fully replaces several documents",
      http: [{ verb: "PUT", path: "/:index/:collection/_mCreateOrReplace" }],
      args: common,
      result: partialResult,
      errors,
      documents: genericEvents.mCreateOrReplace,
      run: (args, request) => {
        const withSource = sourceWanted(request);
        const prepare = whole("index", info.created(...stamp(deps, request)), false);
        return runMany("mCreateOrReplace", request, manyArgs(args), prepare, (outcome, text) =>
          withSource ? writtenText(outcome, text) : withoutSource(outcome),
        );
      },
    }),
    mReplace: action({
      summary: "Replaces several existing documents",
      http: [{ verb: "PUT", path: "/:index/:collection/_mReplace" }],
      args: common,
      result: partialResult,
      errors,
      documents: genericEvents.mReplace,
      run: (args, request) =>
        runMany(
          "mReplace",
          request,
          manyArgs(args),
          whole("replace", info.created(...stamp(deps, request)), true),
          writtenText,
        ),
    }),
    mUpdate: action({
      summary: "Merges partial contents into several documents",
      http: [
        {
          verb: "PUT",
          path: "/:index/:collection/_mUpdate",
          deprecated: { since: "2.11.0", message: "Use this route instead: PATCH /:index/:collection/_mUpdate" },
        },
        { verb: "PATCH", path: "/:index/:collection/_mUpdate" },
      ],
      args: { ...common, retryOnConflict: arg.default.integer(0) },
      result: partialResult,
      errors,
      documents: genericEvents.mUpdate,
      run: (args, request) => {
        const metadata = info.updated(...stamp(deps, request));
        const retryOnConflict = args.retryOnConflict || deps.conflictRetries;
        const prepare = (received: JSONObject): Preparation => {
          if (!isPlainObject(received.body)) return reject(received, bodyMissing);
          if (typeof received._id !== "string" || received._id === "") return reject(received, idMissing);
          const partial = JSON.stringify(info.withMetadata(received.body, metadata));
          const operation = { kind: "update", id: received._id, partial, retryOnConflict, returnSource: true } as const;
          return { received, operation, source: undefined, changes: received.body };
        };
        return runMany("mUpdate", request, manyArgs(args), prepare, updatedText);
      },
    }),
    mUpsert: action({
      summary: "Merges partial contents into several documents, which are created when missing",
      http: [{ verb: "POST", path: "/:index/:collection/_mUpsert" }],
      args: { ...common, retryOnConflict: arg.default.integer(0) },
      result: partialResult,
      errors,
      documents: genericEvents.mUpsert,
      run: (args, request) => {
        const [kuid, now] = stamp(deps, request);
        const retryOnConflict = args.retryOnConflict || deps.conflictRetries;
        const prepare = (received: JSONObject): Preparation => {
          const { changes, default: initial, _id: id } = received;
          if (!isPlainObject(changes)) return reject(received, 'The member "changes" must be an object.');
          if (initial && !isPlainObject(initial)) return reject(received, 'The member "default" must be an object.');
          if (typeof id !== "string" || id === "") return reject(received, idMissing);
          const defaults = isPlainObject(initial) ? initial : {};
          const operation = {
            kind: "update",
            id,
            partial: JSON.stringify(info.withMetadata(changes, info.updated(kuid, now))),
            upsert: JSON.stringify(info.withMetadata({ ...changes, ...defaults }, { author: kuid, createdAt: now })),
            retryOnConflict,
            returnSource: true,
          } as const;
          return { received, operation, source: undefined, changes };
        };
        return runMany("mUpsert", request, manyArgs(args), prepare, (outcome, text) => {
          const status = outcome.created ? '"created":true,"status":201' : '"created":false,"status":200';
          return `{"_id":${JSON.stringify(outcome.id)},"_source":${text},"_version":${outcome.version},${status}}`;
        });
      },
    }),
    mDelete: action({
      summary: "Removes several documents",
      http: [{ verb: "DELETE", path: "/:index/:collection/_mDelete" }],
      args: { ids: arg.body.array(), strict: arg.flag(), silent: arg.flag(), refresh: arg.refresh(), ...place },
      result: schema.object({ successes: schema.array(schema.string()), errors: schema.array(schema.object()) }),
      errors,
      documents: genericEvents.mDelete,
      run: underRule(deps, async ({ ids, strict, silent, refresh, index, collection }, request, held) => {
        const target = { index, collection };
        documents.assertCollection(target);
        const known = [...new Set(ids)].filter((id): id is string => typeof id === "string" && id !== "");
        const failures: JSONObject[] = ids
          .filter((id) => typeof id !== "string" || id === "")
          .map((_id) => ({ _id, reason: "An id must be a string.", status: 400 }));
        documents.assertWritable(known.length);
        const watched = !silent && feed.isWatched(index, collection);
        const operations = known.map((id) => ({ kind: "delete", id, returnSource: watched }) as const);
        const outcomes = await documents.mWrite(target, operations, refresh, held);
        const successes: string[] = [];
        const changes: DocumentChange[] = [];
        for (const outcome of outcomes) {
          if (outcome.ok) {
            successes.push(outcome.id);
            if (watched) changes.push({ action: "delete", id: outcome.id, source: JSON.parse(outcome.source ?? "{}") });
          } else {
            const { reason, status } = itemError(outcome.failure, outcome.id, target, undefined);
            failures.push({ _id: outcome.id, reason, status });
          }
        }
        assertComplete(strict, "delete", failures);
        feed.publish(request, index, collection, changes);
        return { successes, errors: failures };
      }),
    }),
  };
}

function manyArgs<A extends { index: string; collection: string }>({ index, collection, ...rest }: A) {
  return { target: { index, collection }, ...rest };
}

const updatedText = (outcome: Extract<WriteOutcome, { ok: true }>, text: string): string =>
  `{"_id":${JSON.stringify(outcome.id)},"_source":${text},"_version":${outcome.version},"status":200}`;

const withoutSource = ({ id, version, created }: Extract<WriteOutcome, { ok: true }>): string =>
  JSON.stringify({
    _id: id,
    _version: version,
    created,
    result: created ? "created" : "updated",
    status: created ? 201 : 200,
  });

/** Absent: true; the text "false": false on every protocol; else as any flag. */
function sourceWanted(request: KuzzleRequest): boolean {
  const { source } = request.input.args;
  if (source === undefined) return true;
  return source === "false" ? false : readers.readBoolean(request.argumentsPlace, "source");
}

const seenText = (text: string, held: HeldRule | undefined): string => held?.rule.cutText(text) ?? text;

function textOf(operation: WriteOperation): string {
  return "source" in operation ? operation.source : "{}";
}

/** What exists or is missing is answered as it was sent, what the engine refuses as it was to be stored. */
function failedDocument(
  outcome: Extract<GuardedOutcome, { ok: false }>,
  { received, source, changes }: Item,
): JSONObject {
  if (outcome.failure.reason !== "rejected") return received;
  return { ...(outcome.id === undefined ? {} : { _id: outcome.id }), _source: source ?? changes };
}

function changeOf(
  name: string,
  outcome: Extract<WriteOutcome, { ok: true }>,
  item: Item,
  text: string,
): DocumentChange {
  const source = item.source ?? (JSON.parse(text) as JSONObject);
  const status = outcome.created ? 201 : 200;
  const extra = { _version: outcome.version, created: outcome.created, status };
  const base = { id: outcome.id, source, extra };
  if (item.changes !== undefined && !outcome.created) {
    return { ...base, action: "update", updatedFields: changedPaths(item.changes) };
  }
  return { ...base, action: outcome.created || name === "mCreate" ? "create" : "replace" };
}
