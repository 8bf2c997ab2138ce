import type { ActionTable, Pipeline } from "../api/index.ts";
import type { Config } from "../config/index.ts";
import type { Specifications } from "../data/index.ts";
import { shapeMappings } from "../data/index.ts";
import type { Events } from "../events/index.ts";
import { type JSONObject, KuzzleError, type KuzzleRequest, type Logger } from "../kernel/index.ts";
import { createLocalLocks, Koncorde, PluginHost, type UsedPlugin } from "../plugins/index.ts";
import { LocalStrategyPlugin } from "../plugins/bundled/local-strategy/index.ts";
import { parseOptions, type Realtime } from "../realtime/index.ts";
import type { Security } from "../security/index.ts";
import type { Bus } from "../stores/bus/index.ts";
import type { DocumentStore } from "../stores/documents/index.ts";
import type { Application } from "./application.ts";
import { createClusterMessages } from "./cluster-messages.ts";

export interface PluginParts {
  readonly root: string;
  readonly config: Config;
  readonly log: Logger;
  readonly environment: string;
  readonly nodeId: string;
  readonly events: Events;
  readonly bus: Bus;
  readonly store: DocumentStore;
  readonly actions: ActionTable;
  readonly pipeline: Pipeline;
  readonly security: Security;
  readonly realtime: Realtime;
  readonly specifications: Specifications;
  readonly secrets: JSONObject;
  readonly plugins: readonly UsedPlugin[];
  readonly application: Application;
  readonly backend: unknown;
  /** 1 starting, 2 running, 3 shutting down, 4 not enough nodes. */
  readonly state: () => number;
}
