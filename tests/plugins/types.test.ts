/** Types that an author of the typed form sees: `tsc` fails when a type is another, or when an expected error is none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Type } from "typebox";
import {
  action,
  arg,
  type DefinedPluginContext,
  type DocumentResults,
  definePlugin,
  type EventDocument,
  type JSONObject,
  type KuzzleRequest,
  type LoginRequest,
  type ProtocolEntryPoint,
  schema,
} from "../../src/index.ts";

declare module "../../src/index.ts" {
  interface EventTable {
    "kiosk:opened": [hours: { from: number; to: number }, by: string];
  }
}

/** Compiles only when both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_proof: Same<A, B>): void => {};

type Config = { port: number; host?: string };
type Context = DefinedPluginContext<Config>;

const config = Type.Object({ port: Type.Integer(), host: Type.Optional(Type.String()) });

test("the name of an event gives the types of its arguments, the schema that of the configuration", () => {
  const plugin = definePlugin({
    name: "typed",
    config,
    init: (context) => same<typeof context, Context>(true),
    pipes: {
      "generic:document:beforeWrite": (documents, request, context) => {
        same<typeof documents, EventDocument[]>(true);
        same<typeof request, KuzzleRequest>(true);
        same<typeof context, Context>(true);
        same<typeof context.config, Config>(true);
        return documents;
      },
      "document:beforeCreate": (request, context) => {
        same<typeof request, KuzzleRequest>(true);
        same<typeof context, Context>(true);
        return request;
      },
      "document:afterSearch": (request) => {
        same<typeof request.result, DocumentResults["search"]>(true);
        return request;
      },
      "document:afterMGet": async (request) => {
        same<typeof request.result.errors, string[]>(true);
        return request as KuzzleRequest; // whatever its result is then
      },
      "security:beforeCreateUser": (request, { config: { port } }) => {
        same<typeof request, KuzzleRequest>(true);
        same<typeof port, number>(true);
        return request;
      },
      "other-plugin/desk:afterOpen": (request) => request satisfies KuzzleRequest,
      "kiosk:opened": ({ from, to }, by) => {
        same<typeof by, string>(true);
        return { from: to, to: from };
      },
      "plugin-other:told": (payload) => {
        same<typeof payload, unknown>(true);
      },
      "server:before*": (payload, ...rest) => {
        same<typeof payload, unknown>(true);
        same<typeof rest, unknown[]>(true);
        return payload;
      },
    },
    hooks: {
      "kuzzle:start": (context) => same<typeof context, Context>(true),
      "document:errorGet": (request) => same<typeof request, KuzzleRequest>(true),
      "document:afterDelete": ({ result }) => same<typeof result, DocumentResults["delete"]>(true),
      "kiosk:opened": (hours, _by, context) => {
        same<typeof hours, { from: number; to: number }>(true);
        same<typeof context, Context>(true);
      },
      "document:*": (payload) => same<typeof payload, unknown>(true),
    },
  });
  assert.ok(plugin);
});

test("the arguments of an action give those of its run", () => {
  const plugin = definePlugin({
    name: "typed",
    config,
    controllers: (context) => {
      same<typeof context, Context>(true);
      return {
        desk: {
          open: action({
            summary: "Opens",
            args: {
              text: arg.string(),
              count: arg.default.integer(3),
              maybe: arg.optional.number(),
              list: arg.list(),
              inBody: arg.body.object(),
              maybeInBody: arg.body.optional.string(),
              isLoud: arg.flag(),
              wait: arg.refresh(),
            },
            result: schema.object({ opened: schema.boolean() }),
            errors: ["services.storage.not_found"],
            run: (args, request) => {
              same<
                typeof args,
                {
                  readonly text: string;
                  readonly count: number;
                  readonly maybe: number | undefined;
                  readonly list: unknown[];
                  readonly inBody: JSONObject;
                  readonly maybeInBody: string | undefined;
                  readonly isLoud: boolean;
                  readonly wait: boolean;
                }
              >(true);
              same<typeof request, KuzzleRequest>(true);
              return { opened: true };
            },
          }),
          close: action({
            summary: "Closes",
            // @ts-expect-error the catalogue has no such error
            errors: ["services.storage.not_fuond"],
            run: ({
              // @ts-expect-error no such argument is declared
              text,
            }) => text,
          }),
        },
      };
    },
  });
  assert.ok(plugin);
});

test("strategies and protocols have the context of their plugin", () => {
  class Authenticator {
    readonly verify: (...args: unknown[]) => void;
    constructor(_options: JSONObject, verify: (...args: unknown[]) => void) {
      this.verify = verify;
    }
  }
  const plugin = definePlugin({
    name: "typed",
    config,
    strategies: {
      desk: {
        authenticator: Authenticator,
        methods: {
          create: (request, credentials, kuid, strategy, context) => {
            same<typeof request, KuzzleRequest>(true);
            same<typeof credentials, JSONObject>(true);
            same<typeof kuid | typeof strategy, string>(true);
            same<typeof context, Context>(true);
          },
          update: () => {},
          delete: (_request, _kuid, _strategy, context) => same<typeof context, Context>(true),
          exists: async () => true,
          validate: (_request, _credentials, _kuid, _strategy, isUpdate) => isUpdate,
          verify: (login, given, context) => {
            same<typeof login, LoginRequest>(true);
            same<typeof given, readonly unknown[]>(true);
            same<typeof context, Context>(true);
            return { kuid: "ada" };
          },
        },
      },
      // @ts-expect-error the other methods are missing
      half: { authenticator: Authenticator, methods: { create: () => {} } },
    },
    protocols: [
      (entryPoint, context) => {
        same<typeof entryPoint, ProtocolEntryPoint>(true);
        same<typeof context, Context>(true);
        const nothing = (): void => {};
        return {
          name: "pigeon",
          broadcast: nothing,
          notify: nothing,
          joinChannel: nothing,
          leaveChannel: nothing,
          disconnect: nothing,
          start: nothing,
          stop: nothing,
        };
      },
      // @ts-expect-error a protocol has methods
      { name: "dove" },
    ],
  });
  assert.ok(plugin);
});

test("what does not exist or does not fit is an error of the compiler", () => {
  const plugin = definePlugin({
    name: "wrong",
    // @ts-expect-error a range is a text
    dependsOn: { other: 1 },
    // @ts-expect-error a list of names
    before: "other",
    // @ts-expect-error a number
    priority: "first",
    // @ts-expect-error no such capability
    capabilities: { storge: true },
    pipes: {
      // @ts-expect-error no such action on documents
      "document:beforeCraete": (request: KuzzleRequest) => request,
      // @ts-expect-error no such event
      "generic:document:beforeWirte": (documents: EventDocument[]) => documents,
      // @ts-expect-error the hours are numbers
      "kiosk:opened": () => ({ from: "8", to: "9" }),
      // @ts-expect-error a pipe on a request answers a request
      "server:beforeNow": () => ({}),
      // @ts-expect-error no such result
      "document:afterCreate": (request) => (request.result.hits ? request : request),
    },
    hooks: {
      // @ts-expect-error no such event
      "kuzzle:strat": () => {},
    },
  });
  // @ts-expect-error no such member
  const unknown = definePlugin({ name: "wrong", pipe: {} });
  assert.ok(plugin && unknown);
});
