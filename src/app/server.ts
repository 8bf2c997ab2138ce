import { join, resolve } from "node:path";
import {
  ActionTable,
  Connections,
  createAuthController,
  createBulkController,
  createCollectionController,
  createDocumentController,
  createIndexController,
  createMsController,
  createRealtimeController,
  createSecurityController,
  createServerController,
  createSpecificationActions,
  Pipeline,
  RequestQueue,
  ServerEntryPoint,
  Statistics,
} from "../api/index.ts";
import { bytes, type Config, durationMs, type LoadedConfig, redactedConfig } from "../config/index.ts";
import { Catalog, ChangeFeed, Collections, Documents, Searches, Specifications } from "../data/index.ts";
import { Events } from "../events/index.ts";
import { type Clock, type JSONObject, type KuzzleRequest, type Logger, NameGenerator } from "../kernel/index.ts";
import type { PluginHost, UsedPlugin } from "../plugins/index.ts";
import { createHttpProtocol, createListener, createWebSocketProtocol, type Listener } from "../protocols/index.ts";
import { type Delivery, Realtime } from "../realtime/index.ts";
import { createSecurity, type Security } from "../security/index.ts";
import { createLocalBus } from "../stores/bus/index.ts";
import { createEmbeddedStore, type DocumentStore } from "../stores/documents/index.ts";
import { createEmbeddedMemoryStore, type MemoryStore } from "../stores/memory/index.ts";
import type { Application } from "./application.ts";
import { describeServer } from "./describe.ts";
import { httpOptions, originTest, securityOptions, webSocketOptions } from "./options.ts";
import { openPlugins } from "./plugins.ts";
import { reportRebuild } from "./rebuild-progress.ts";

export interface ServerParts {
  readonly root: string;
  readonly loaded: LoadedConfig;
  readonly log: Logger;
  readonly clock: Clock;
  readonly environment: string;
  /** Version of this package. */
  readonly version: string;
  /** Plugins given in code, in order. */
  readonly plugins: readonly UsedPlugin[];
  readonly application: Application;
  /** The framework object, for `global.app`. */
  readonly backend: unknown;
}
