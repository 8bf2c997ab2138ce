import type { ServerEntryPoint } from "../api/index.ts";
import type { LoadedConfig } from "../config/index.ts";
import type { Events } from "../events/index.ts";
import type { Clock, JSONObject, Logger } from "../kernel/index.ts";
import type { PluginHost, UsedPlugin } from "../plugins/index.ts";
import type { ListenerAddress } from "../protocols/index.ts";
import type { Realtime } from "../realtime/index.ts";
import type { Security } from "../security/index.ts";
import type { Bus } from "../stores/bus/index.ts";
import type { DocumentStore } from "../stores/documents/index.ts";
import type { Application } from "./application.ts";
import type { Data } from "./data.ts";
import type { PluginSections } from "./plugin-sections.ts";
import type { Stores } from "./stores.ts";
import type { LineOutput } from "./watchdog/watch-thread.ts";

/** What a server is opened with. */
export interface ServerParts {
  readonly nodeId: string;
  readonly root: string;
  readonly loaded: LoadedConfig;
  /** Which plugins may be given anew while the server runs. */
  readonly sections: PluginSections;
  readonly log: Logger;
  readonly clock: Clock;
  /** Where the log goes, for those who write beside it. */
  readonly output: LineOutput;
  /** `NODE_ENV`. */
  readonly environment: string;
  /** `DEBUG`: which debug messages of hosted protocols are wanted. */
  readonly debug: string;
  /** Plugins given in code, in order. */
  readonly plugins: readonly UsedPlugin[];
  /** Folders of further plugin packages. */
  readonly packages: readonly string[];
  readonly application: Application;
  /** The framework object, for `global.app`. */
  readonly backend: unknown;
  readonly secrets: JSONObject;
  /** False: the doors stay closed until `listen`. */
  readonly listens: boolean;
  /** Told as soon as there is the plugin host, when all plugins have started. */
  readonly onHost: (host: PluginHost) => void;
  /** A client asked for the end: whoever owns the server closes it. */
  readonly onShutdown: () => void;
  /** Where the stores keep the data; ":memory:" when they keep none. */
  readonly dataDirectory: string;
  /** Being opened: their threads start while the rest of the code is loaded. Closed with the server, and when the start fails. */
  readonly stores: Promise<Stores>;
  /** Told before anything is fired. */
  readonly onEvents: (events: Events) => void;
  /** Told once it listens, before `kuzzle:state:ready`: what is fired from then on finds a server that runs. */
  readonly onReady: (server: Server) => void;
}

export interface Server {
  /** Milliseconds of each phase of the start. */
  readonly phases: Readonly<Record<string, number>>;
  readonly nodeId: string;
  /** Undefined until it listens. */
  readonly address: ListenerAddress | undefined;
  readonly events: Events;
  readonly host: PluginHost;
  readonly security: Security;
  readonly realtime: Realtime;
  readonly entryPoint: ServerEntryPoint;
  readonly bus: Bus;
  readonly store: DocumentStore;
  readonly data: Data;
  /** Starts the protocols, once. */
  listen(): Promise<ListenerAddress>;
  /** The actions as a page of Markdown: all, or without those of plugins and the application. */
  reference(which: "all" | "own"): string;
  /** Stops taking requests, finishes those that run, and closes everything in reverse order. May be called twice. */
  close(): Promise<void>;
}
