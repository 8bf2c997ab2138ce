import {
  assertCountBody,
  changedPaths,
  type DocumentChange,
  type GuardedOutcome,
  type HeldRule,
  type HeldRules,
  metadata as info,
  itemError,
  type QueryLanguage,
  searchResultText,
  writeError,
} from "../../../data/index.ts";
import { type Action, action, arg, isThenable, type MaybePromise, schema } from "../../../events/index.ts";
import { isPlainObject, type JSONObject, type KuzzleRequest, kerror } from "../../../kernel/index.ts";
import type { StoredDocument, WriteOperation } from "../../../stores/documents/index.ts";
import {
  type CollectionRef,
  type DocumentControllerDeps,
  operationOf,
  searchOptions,
  stamp,
  underRule,
} from "./deps.ts";
import { genericEvents } from "./generic-events.ts";

const place = { index: arg.index(), collection: arg.collection() };
const searchResult = schema.object({ hits: schema.array(schema.object()), total: schema.integer() });
const queryErrors = [
  "services.storage.unknown_index",
  "services.storage.unknown_collection",
  "services.storage.invalid_query_keyword",
  "services.storage.unknown_query_keyword",
  "services.storage.unexpected_bad_request",
  "api.assert.koncorde_restricted_keyword",
  "services.koncorde.elastic_translation_error",
] as const;
const byQueryArguments = {
  silent: arg.flag(),
  source: arg.flag(),
  lang: arg.lang(),
  ...place,
};

/** Searching, counting, and writing what a search finds. */
export function queryActions(deps: DocumentControllerDeps): Readonly<Record<string, Action>> {
  const { documents, searches, operations, feed } = deps;

  return {
    search: action({
      summary: "Searches documents in one collection, or in several through targets",
      http: [
        { verb: "GET", path: "/:index/:collection/_search" },
        { verb: "POST", path: "/:index/:collection/_search" },
      ],
      args: {
        targets: arg.optional.array(),
        from: arg.default.integer(0),
        size: arg.default.integer(10),
        scroll: arg.scroll(),
        lang: arg.lang(),
        body: arg.searchBody(),
      },
      result: searchResult,
      errors: [
        ...queryErrors,
        "services.storage.get_limit_exceeded",
        "services.storage.invalid_search_query",
        "services.storage.scroll_duration_too_great",
        "services.storage.invalid_multi_index_collection_usage",
        "services.storage.invalid_target_format",
      ],
      documents: genericEvents.search,
      run: async ({ targets, from, size, scroll, lang, body }, request) => {
        const places = targetsOf(request, targets);
        const rules = rulesOf(deps, request, places);
        const held = isThenable(rules) ? await rules : rules;
        const parameters = { body: await deps.withLookups(request, body), language: lang, from, size, scroll };
        return searchResultText(await searches.search(places, parameters, searchOptions(deps, request), held));
      },
    }),
    scroll: action({
      summary: "Fetches the next page of a search that was opened with scroll",
      http: [{ verb: "GET", path: "/_scroll/:scrollId" }],
      args: { scrollId: arg.string(), scroll: arg.scroll() },
      result: searchResult,
      errors: ["services.storage.scroll_duration_too_great", "services.storage.unknown_scroll_id"],
      run: async ({ scrollId, scroll }, request) =>
        searchResultText(
          await searches.scroll(scrollId, scroll, searchOptions(deps, request), ({ index, collection }) =>
            deps.ruleOf(request, index, collection, "search"),
          ),
        ),
    }),
    count: action({
      summary: "Counts the documents that match a query",
      http: [{ verb: "POST", path: "/:index/:collection/_count" }],
      args: {
        ...place,
        from: arg.default.integer(0),
        size: arg.default.integer(10),
        scroll: arg.scroll(),
        lang: arg.lang(),
        body: arg.searchBody(),
      },
      result: schema.object({ count: schema.integer() }),
      errors: [...queryErrors, "services.storage.invalid_search_query"],
      run: underRule(deps, async ({ index, collection, lang, body }, request, held) => {
        assertCountBody(body);
        const options = searchOptions(deps, request);
        const { query } = await deps.withLookups(request, body);
        return { count: await searches.count({ index, collection }, query, lang, options, held) };
      }),
    }),
    deleteByQuery: action({
      summary: "Removes the documents that match a query, within the write limit",
      http: [{ verb: "DELETE", path: "/:index/:collection/_query" }],
      args: { query: arg.body.optional.object(), refresh: arg.default.string("false"), ...byQueryArguments },
      errors: [...queryErrors, "services.storage.write_limit_exceeded"],
      documents: genericEvents.deleteByQuery,
      run: async ({ query, refresh, silent, source, lang, index, collection }, request) => {
        const target = { index, collection };
        const matched = { action: "document:deleteByQuery", target, query, lang, refresh: refresh === "wait_for" };
        const { found, outcomes, held } = await writeMatches(request, matched, ({ id }) => ({ kind: "delete", id }));
        const deleted = found.filter((_, position) => outcomes[position]?.ok === true);
        if (!silent && feed.isWatched(index, collection)) {
          const changes = deleted.map(
            ({ id, source: text }) => ({ action: "delete", id, source: JSON.parse(text) }) as const,
          );
          feed.publish(request, index, collection, changes);
        }
        assertTaken(outcomes, target);
        return {
          documents: deleted.map(({ id, source: text }) =>
            source ? { _id: id, _source: seen(JSON.parse(text), held) } : { _id: id },
          ),
          ids: deleted.map(({ id }) => id),
        };
      },
    }),
    updateByQuery: action({
      summary: "Merges the same content into the documents that match a query, within the write limit",
      http: [{ verb: "PUT", path: "/:index/:collection/_query" }],
      args: { query: arg.body.object(), changes: arg.body.object(), refresh: arg.refresh(), ...byQueryArguments },
      errors: [...queryErrors, "services.storage.write_limit_exceeded", "services.storage.invalid_argument"],
      documents: genericEvents.updateByQuery,
      run: async ({ query, changes, refresh, silent, source, lang, index, collection }, request) => {
        const target = { index, collection };
        const { _kuzzle_info: _, ...content } = changes;
        const partial = JSON.stringify(info.withMetadata(content, info.updated(...stamp(deps, request))));
        const matched = { action: "document:updateByQuery", target, query, lang, refresh };
        const { outcomes, held } = await writeMatches(request, matched, ({ id }) => {
          return { kind: "update", id, partial, returnSource: true };
        });
        const updatedFields = changedPaths(content);
        const successes: JSONObject[] = [];
        const errors: unknown[] = [];
        const updates: DocumentChange[] = [];
        for (const outcome of outcomes) {
          if (!outcome.ok) {
            errors.push(itemError(outcome.failure, outcome.id, target, { _id: outcome.id, _source: content }));
            continue;
          }
          const { id, version } = outcome;
          const whole = JSON.parse(outcome.source ?? "{}") as JSONObject;
          updates.push({
            action: "update",
            id,
            source: whole,
            extra: { _version: version, status: 200 },
            updatedFields,
          });
          successes.push({
            _id: id,
            ...(source ? { _source: seen(whole, held) } : {}),
            _version: version,
            status: 200,
          });
        }
        if (!silent) feed.publish(request, index, collection, updates);
        return { successes, errors };
      },
    }),
  };

  /** One write for each match. It can be cancelled until the first one is written: all of them or none. */
  async function writeMatches(
    request: KuzzleRequest,
    { action, target, query, lang, refresh }: MatchedWrites,
    writeOf: (document: StoredDocument) => WriteOperation,
  ): Promise<Written> {
    const rule = deps.ruleOf(request, target.index, target.collection);
    const held = isThenable(rule) ? await rule : rule;
    return operations.run(operationOf(deps, request, action, target), async (operation) => {
      const { signal } = operation;
      const wanted = query && (await deps.withLookups(request, query));
      const found = await searches.matches(target, wanted, lang, { signal }, held);
      operation.expect(found.length);
      signal.throwIfAborted();
      const outcomes = await documents.mWrite(target, found.map(writeOf), refresh, held);
      operation.advance(found.length);
      return { found, outcomes, held };
    });
  }
}

/** There is no place for failures in the answer of a deletion. What others removed meanwhile, or a rule keeps, is none. */
function assertTaken(outcomes: readonly GuardedOutcome[], target: CollectionRef): void {
  for (const outcome of outcomes) {
    if (!outcome.ok && outcome.failure.reason === "rejected") throw writeError(outcome.failure, outcome.id, target);
  }
}

interface Written {
  readonly found: readonly StoredDocument[];
  readonly outcomes: readonly GuardedOutcome[];
  /** What the writer was held to. */
  readonly held: HeldRule | undefined;
}

interface MatchedWrites {
  /** `document:updateByQuery` */
  readonly action: string;
  readonly target: CollectionRef;
  readonly query: JSONObject | undefined;
  readonly lang: QueryLanguage;
  readonly refresh: boolean;
}

const seen = (source: JSONObject, held: HeldRule | undefined): JSONObject => held?.rule.cut(source) ?? source;

/** What the request is held to in each collection; undefined when that is nothing anywhere. */
function rulesOf(
  { ruleOf }: DocumentControllerDeps,
  request: KuzzleRequest,
  targets: readonly CollectionRef[],
): MaybePromise<HeldRules> {
  if (targets.length === 1) {
    const { index, collection } = targets[0] as CollectionRef; // there is one
    const rule = ruleOf(request, index, collection);
    return isThenable(rule) ? rule.then((held) => held && [held]) : rule && [rule];
  }
  const rules = targets.map(({ index, collection }) => ruleOf(request, index, collection));
  return rules.every((rule) => rule === undefined) ? undefined : Promise.all(rules);
}

/** One index and collection, or the pairs of `targets`, each once. */
function targetsOf(request: KuzzleRequest, targets: readonly unknown[] | undefined): readonly CollectionRef[] {
  if (targets === undefined || targets.length === 0) return [singleTarget(request)];
  const pairs = new Map<string, CollectionRef>();
  targets.forEach((target, position) => {
    for (const pair of pairsOf(target, `targets[${position}]`)) pairs.set(`${pair.index}/${pair.collection}`, pair);
  });
  return [...pairs.values()];
}

function singleTarget(request: KuzzleRequest): CollectionRef {
  const { args } = request.input;
  if (!args.index && !args.collection) throw kerror("api.assert.missing_argument", "index, collection or targets");
  const target = request.getIndexAndCollection();
  if (isPattern(target.index) || isPattern(target.collection)) {
    throw kerror("services.storage.invalid_multi_index_collection_usage");
  }
  return target;
}

function* pairsOf(target: unknown, path: string): Generator<CollectionRef> {
  if (!isPlainObject(target)) throw kerror("api.assert.invalid_type", path, "object");
  const { index, collections } = target;
  if (!index) throw kerror("api.assert.missing_argument", `${path}.index`);
  if (!collections) throw kerror("api.assert.missing_argument", `${path}.collections`);
  if (typeof index !== "string") throw kerror("api.assert.invalid_type", `${path}.index`, "string");
  if (!Array.isArray(collections)) throw kerror("api.assert.invalid_type", `${path}.collections`, "array");
  if (collections.length === 0) throw kerror("api.assert.empty_argument", `${path}.collections`);
  for (const collection of collections) {
    if (typeof collection !== "string")
      throw kerror("api.assert.invalid_type", `${path}.collections`, "array of strings");
    if (isPattern(index) || isPattern(collection)) throw kerror("services.storage.invalid_target_format");
    yield { index, collection };
  }
}

const isPattern = (name: string): boolean => /[,*+]/.test(name) || name === "_all";
