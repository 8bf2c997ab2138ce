/** The entry `tenon/kuzzle`: every value that the loader gives to applications, and every type of contract/plugins/framework.md section 9. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type {
  AskEventDefinition,
  AskEventHandler,
  CallEventHandler,
  ClusterEventHandler,
  ControllerDefinition,
  ControllerRight,
  ControllerRights,
  CustomErrorDefinition,
  Deprecation,
  DumpConfiguration,
  ErrorDefinition,
  ErrorDomains,
  EventDefinition,
  EventGenericDocumentAfterDelete,
  EventGenericDocumentAfterGet,
  EventGenericDocumentAfterUpdate,
  EventGenericDocumentAfterWrite,
  EventGenericDocumentBeforeDelete,
  EventGenericDocumentBeforeGet,
  EventGenericDocumentBeforeUpdate,
  EventGenericDocumentBeforeWrite,
  EventGenericDocumentInjectMetadata,
  EventHandler,
  EventHTTPAfterParsingPayload,
  EventHTTPBeforeParsingPayload,
  EventWebsocketAfterParsingPayload,
  EventWebsocketBeforeParsingPayload,
  Global,
  HookEventHandler,
  HttpConfiguration,
  HttpRoute,
  JSONObject,
  KuzzleConfiguration,
  KuzzleDocument,
  KuzzleRequest,
  LimitsConfiguration,
  OpenApiDefinition,
  PasswordPolicy,
  PipeEventHandler,
  PluginApiDefinition,
  PluginHookDefinition,
  PluginManifest,
  PluginPipeDefinition,
  PluginsConfiguration,
  Policy,
  PolicyRestrictions,
  ProfileDefinition,
  RealtimeScope,
  RealtimeUsers,
  Repository,
  RoleDefinition,
  RoomList,
  SecurityConfiguration,
  ServerConfiguration,
  ServicesConfiguration,
  StoreCollectionsDefinition,
  StrategyDefinition,
  Target,
  Token,
  User,
} from "../../src/kuzzle.ts";
import * as entry from "../../src/kuzzle.ts";
import { runCode } from "../../testing/plugins/run-code.ts";

test("the entry lists what the loader gives, but the SDK's embedded class, which is loaded when it is used", () => {
  const loaded = new Map(Object.entries(runCode<object>('module.exports = require("kuzzle");')));
  for (const name of ["EmbeddedSDK", "__esModule", "module.exports"]) loaded.delete(name);
  const byName = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);
  assert.deepEqual(Object.entries(entry).sort(byName), [...loaded].sort(byName));
});

/** Every type by its name: what does not exist does not compile. */
interface Named {
  readonly documents: [KuzzleDocument, JSONObject, Target, RoomList, StoreCollectionsDefinition, Repository];
  readonly events: [
    EventDefinition,
    AskEventDefinition,
    EventHandler,
    PipeEventHandler<"server:beforeNow">,
    HookEventHandler<"server:beforeNow">,
    ClusterEventHandler,
    AskEventHandler<AskEventDefinition>,
    CallEventHandler<AskEventDefinition>,
  ];
  readonly generic: [
    EventGenericDocumentBeforeWrite,
    EventGenericDocumentAfterWrite,
    EventGenericDocumentBeforeUpdate,
    EventGenericDocumentAfterUpdate,
    EventGenericDocumentBeforeDelete,
    EventGenericDocumentAfterDelete,
    EventGenericDocumentBeforeGet,
    EventGenericDocumentAfterGet,
    EventGenericDocumentInjectMetadata,
    EventHTTPBeforeParsingPayload,
    EventHTTPAfterParsingPayload,
    EventWebsocketBeforeParsingPayload,
    EventWebsocketAfterParsingPayload,
  ];
  readonly plugins: [
    PluginManifest,
    PluginApiDefinition,
    PluginHookDefinition,
    PluginPipeDefinition,
    StrategyDefinition,
    ControllerDefinition,
    HttpRoute,
    OpenApiDefinition,
    PasswordPolicy,
    Deprecation,
    Global,
  ];
  readonly security: [
    Policy,
    PolicyRestrictions,
    ProfileDefinition,
    RoleDefinition,
    ControllerRights,
    ControllerRight,
    Token,
    User,
    RealtimeScope,
    RealtimeUsers,
  ];
  readonly configuration: [
    KuzzleConfiguration,
    DumpConfiguration,
    HttpConfiguration,
    LimitsConfiguration,
    PluginsConfiguration,
    SecurityConfiguration,
    ServerConfiguration,
    ServicesConfiguration,
  ];
  readonly errors: [ErrorDefinition, CustomErrorDefinition, ErrorDomains];
}

test("what authors write against the types of Kuzzle compiles", () => {
  const role: RoleDefinition = { controllers: { document: { actions: { get: true } } } };
  const profile: ProfileDefinition = { policies: [{ roleId: "reader", restrictedTo: [{ index: "lib" }] }] };
  const stamp: PipeEventHandler<EventGenericDocumentBeforeWrite["name"]> = async (
    documents,
    request: KuzzleRequest,
  ) => {
    for (const { _source } of documents) if (_source !== undefined) _source.by = request.getKuid();
    return documents;
  };
  const title = (document: KuzzleDocument): string => document._source.title.toUpperCase();
  const errors: Named["errors"][2] = { shop: { till: { closed: { class: "ForbiddenError", message: "closed" } } } };
  assert.deepEqual(
    [
      Object.keys(role),
      profile.policies.length,
      typeof stamp,
      title({ _id: "1", _source: { title: "emma" } }),
      Object.keys(errors),
    ],
    [["controllers"], 1, "function", "EMMA", ["shop"]],
  );
});
