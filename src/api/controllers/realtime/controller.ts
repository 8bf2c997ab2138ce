import { type ContentValidator, type HeldRule, metadata as info } from "../../../data/index.ts";
import {
  action,
  arg,
  type ControllerDefinition,
  isThenable,
  type MaybePromise,
  schema,
} from "../../../events/index.ts";
import { type Clock, type JSONObject, type KuzzleRequest, kerror } from "../../../kernel/index.ts";
import {
  parseOptions,
  type Realtime,
  type Receiver,
  type Subscriber,
  type SubscriptionOptions,
} from "../../../realtime/index.ts";
import { type RuleOf, underRule } from "../document/deps.ts";

export interface RealtimeControllerDeps {
  readonly realtime: Realtime;
  readonly validator: ContentValidator;
  readonly clock: Clock;
  /** May the user of this request subscribe to this collection? Always, when the request has no user. */
  readonly maySubscribe: (request: KuzzleRequest, index: string, collection: string) => boolean | Promise<boolean>;
  /** Who would hear of a collection by a subscription of this request; undefined: somebody whose rights are not checked. */
  readonly receiverOf: (
    request: KuzzleRequest,
    index: string,
    collection: string,
  ) => MaybePromise<Receiver | undefined>;
  readonly ruleOf: RuleOf;
  /** False once the connection of a request has gone. */
  readonly isConnected: (connectionId: string) => boolean;
}

const place = { index: arg.index(), collection: arg.collection() };
const subscribed = schema.object({ roomId: schema.string(), channel: schema.string() });

/** Subscriptions and messages (contract/api/realtime.yaml). */
export function createRealtimeController(deps: RealtimeControllerDeps): ControllerDefinition {
  const { realtime, validator, clock } = deps;
  return {
    name: "realtime",
    actions: {
      subscribe: action({
        summary: "Subscribes the connection to a filter",
        args: { ...place, filter: arg.content() },
        result: subscribed,
        errors: [
          "api.assert.koncorde_dsl_error",
          "core.realtime.too_many_rooms",
          "core.realtime.invalid_scope",
          "core.realtime.invalid_users",
        ],
        run: async ({ index, collection, filter }, request) => {
          const options = optionsOf(request);
          const subscriber = subscriberOf(request);
          // Nothing is awaited between the look at the rights and the subscription, which follows their changes from then on.
          const asked = deps.receiverOf(request, index, collection);
          const receiver = checkReceiver(request, isThenable(asked) ? await asked : asked);
          if (!deps.isConnected(subscriber.connectionId)) return null;
          return realtime.subscribe(subscriber, { index, collection }, filter, options, receiver);
        },
      }),
      join: action({
        summary: "Subscribes the connection to a room that exists",
        args: { roomId: arg.body.string() },
        result: subscribed,
        errors: ["core.realtime.room_not_found", "core.realtime.invalid_scope", "core.realtime.invalid_users"],
        run: async ({ roomId }, request) => {
          const options = optionsOf(request);
          const { index, collection } = realtime.room(roomId);
          if (!(await deps.maySubscribe(request, index, collection))) {
            throw kerror("security.rights.forbidden", "realtime", "join", request.getKuid());
          }
          const subscriber = subscriberOf(request);
          // Nothing is awaited between the look at the rights and the subscription, which follows their changes from then on.
          const asked = deps.receiverOf(request, index, collection);
          const receiver = checkReceiver(request, isThenable(asked) ? await asked : asked);
          if (!deps.isConnected(subscriber.connectionId)) return null;
          return realtime.join(subscriber, roomId, options, receiver);
        },
      }),
      unsubscribe: action({
        summary: "Leaves a room",
        args: { roomId: arg.body.string() },
        result: schema.object({ roomId: schema.string() }),
        errors: ["core.realtime.not_subscribed"],
        run: ({ roomId }, request) => {
          realtime.unsubscribe(request.context.connection.id ?? "", roomId);
          return { roomId };
        },
      }),
      count: action({
        summary: "Counts the connections that are subscribed to a room",
        args: { roomId: arg.body.string() },
        result: schema.object({ count: schema.integer() }),
        run: async ({ roomId }, request) => {
          const room = realtime.findRoom(roomId);
          if (room === undefined) return { count: 0 };
          const receiver = await deps.receiverOf(request, room.index, room.collection);
          return { count: realtime.count(roomId, receiver?.rule) };
        },
      }),
      list: action({
        summary: "Lists the rooms that the caller could subscribe to",
        http: [{ verb: "GET", path: "/_listSubscriptions" }],
        result: schema.object(),
        run: async (_, request) => {
          const list = realtime.list();
          for (const [index, collections] of Object.entries(list)) {
            for (const collection of Object.keys(collections)) {
              if (!(await deps.maySubscribe(request, index, collection))) delete collections[collection];
              else {
                const receiver = await deps.receiverOf(request, index, collection);
                if (receiver?.rule === undefined) continue;
                const counts = realtime.counts(index, collection, receiver.rule);
                if (Object.keys(counts).length === 0) delete collections[collection];
                else collections[collection] = counts;
              }
            }
          }
          return list;
        },
      }),
      publish: action({
        summary: "Sends a message to the matching subscribers; nothing is stored",
        http: [{ verb: "POST", path: "/:index/:collection/_publish" }],
        args: { content: arg.content(), ...place },
        result: schema.object({ published: schema.oneOf([true]) }),
        errors: ["validation.check.failed_document", "validation.check.failed_field"],
        run: underRule(deps, ({ content, index, collection }, request, held) => {
          const { _id } = request.input.args;
          const id = typeof _id === "string" && _id !== "" ? _id : undefined;
          const target = { index, collection };
          const checked = validator.hasSpecification(target)
            ? validator.check({ target, id: id ?? null, content })
            : content;
          const isWatched = realtime.watches(index, collection);
          if (isWatched || held !== undefined) {
            const source = info.withMetadata(checked, { author: request.getKuid(), createdAt: clock.now() });
            if (held !== undefined) checkMessage(held, source, id);
            if (isWatched) realtime.publish(request, index, collection, [{ action: "publish", id, source }]);
          }
          return { published: true };
        }),
      }),
      validate: action({
        summary: "Checks a content against the specification of its collection",
        args: { content: arg.content(), ...place },
        result: schema.object({ valid: schema.boolean(), errorMessages: schema.object() }),
        run: ({ content, index, collection }, request) =>
          validator.report({ target: { index, collection }, id: request.getId({ ifMissing: "ignore" }), content }),
      }),
    },
  };
}

/** All embedded clients share one connection: what it hears cannot be cut for one of them. */
function checkReceiver(request: KuzzleRequest, receiver: Receiver | undefined): Receiver | undefined {
  if (receiver?.rule === undefined || !isEmbedded(request)) return receiver;
  const hint = "the policies of this user hide documents or fields: subscribe without the user's rights, and check";
  throw kerror("security.rights.forbidden", "realtime", `${request.input.action} (${hint})`, receiver.kuid);
}

/** A message is written by the rules of documents. */
function checkMessage({ rule, refusal }: HeldRule, source: JSONObject, id: string | undefined): void {
  const foreign = rule.writable?.foreignChange({}, source, "_kuzzle_info");
  if (foreign !== undefined) throw refusal(`the policies of this user do not let it write the field "${foreign}"`);
  if (!rule.matches(source, id))
    throw refusal("the message would be one that the policies of this user do not let it write");
}

function isEmbedded({ context }: KuzzleRequest): boolean {
  const { protocol } = context.connection;
  return protocol === "funnel" || protocol === "internal";
}

/** Clients always propagate; the embedded client's requests say whether they do. */
function optionsOf(request: KuzzleRequest): SubscriptionOptions {
  const { scope, users, propagate } = request.input.args;
  return parseOptions(scope, users, isEmbedded(request) ? propagate === true : true);
}

function subscriberOf(request: KuzzleRequest): Subscriber {
  const { connection } = request.context;
  return {
    connectionId: connection.id ?? "",
    protocol: connection.protocol ?? "",
    kuid: request.getKuid(),
    volatile: request.input.volatile,
  };
}
