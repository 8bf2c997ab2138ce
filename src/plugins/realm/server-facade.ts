import { createHash } from "node:crypto";
import type { Events, MaybePromise } from "../../events/index.ts";
import { InternalError, type JSONObject, type KuzzleRequest, type Logger, uuid } from "../../kernel/index.ts";
import { asTextLog, type TextLog } from "../dialects/v2/plugin-log.ts";
import { asRunningPlugin, runningPlugin, runningRequest } from "./current-call.ts";

export interface ServerFacadeDeps {
  readonly events: Events;
  readonly log: Logger;
  readonly nodeId: string;
  readonly version: string;
  readonly config: Readonly<JSONObject>;
  readonly secrets: Readonly<JSONObject>;
  readonly execute: (request: KuzzleRequest) => Promise<KuzzleRequest>;
  /** 1 starting, 2 running, 3 shutting down, 4 not enough nodes. */
  readonly state: () => number;
  /** Throws for an event that whoever looks may not use. */
  readonly checkEvent?: (event: string) => void;
}

type Answerer = (...args: unknown[]) => unknown;

/**
 * The server as `global.kuzzle` and `accessors.kuzzle` show it: the part that published plugins use.
 * Source: contract/plugins/v2.md section 11.
 */
export class ServerFacade {
  readonly id: string;
  readonly version: string;
  readonly config: Readonly<JSONObject>;
  readonly vault: { readonly secrets: Readonly<JSONObject> };
  readonly log: TextLog;
  readonly funnel: { readonly executePluginRequest: (request: KuzzleRequest) => Promise<unknown> };
  readonly #deps: ServerFacadeDeps;
  readonly #answerers: Map<string, Answerer>;

  constructor(deps: ServerFacadeDeps, answerers = new Map<string, Answerer>()) {
    this.#deps = deps;
    this.#answerers = answerers;
    this.id = deps.nodeId;
    this.version = deps.version;
    this.config = deps.config;
    this.vault = { secrets: deps.secrets };
    this.log = asTextLog(deps.log);
    this.funnel = {
      executePluginRequest: async (request) => {
        const answer = await deps.execute(request);
        if (answer.error !== null) throw answer.error;
        return answer.result;
      },
    };
  }

  /** What is kept for the length of one call: the request under `REQUEST`. */
  readonly asyncStore = {
    exists: (): boolean => runningRequest() !== undefined,
    has: (key: string): boolean => key === "REQUEST" && runningRequest() !== undefined,
    get: (key: string): KuzzleRequest | undefined => (key === "REQUEST" ? runningRequest() : undefined),
  };

  /** The same server, for somebody who sees less of it. What others answer by {@link onAsk} can be asked all the same. */
  seenBy(changes: Partial<ServerFacadeDeps>): ServerFacade {
    return new ServerFacade({ ...this.#deps, ...changes }, this.#answerers);
  }

  get state(): number {
    return this.#deps.state();
  }

  /** Asks for what somebody answers by {@link onAsk}; rejects when nobody does. The answer is told to the hooks of the event. */
  async ask(event: string, ...args: unknown[]): Promise<unknown> {
    this.#deps.checkEvent?.(event);
    const answerer = this.#answerers.get(event);
    if (answerer === undefined) throw new InternalError(`Nobody answers "${event}".`);
    const response = await answerer(...args);
    this.#deps.events.hook(event, { args, response });
    return response;
  }

  onAsk(event: string, answerer: Answerer): void {
    this.#deps.checkEvent?.(event);
    if (this.#answerers.has(event)) throw new InternalError(`"${event}" is answered already.`);
    this.#answerers.set(event, asRunningPlugin(answerer));
  }

  async pipe(event: string, ...args: unknown[]): Promise<unknown> {
    this.#deps.checkEvent?.(event);
    return this.#deps.events.pipe(event, ...args);
  }

  emit(event: string, ...args: unknown[]): void {
    this.#deps.checkEvent?.(event);
    this.#deps.events.hook(event, ...args);
  }

  on(event: string, listener: (...args: unknown[]) => unknown): void {
    this.#deps.checkEvent?.(event);
    const order = Number.MAX_SAFE_INTEGER; // after the listeners of all plugins
    const called = asRunningPlugin(listener);
    const owner = runningPlugin() ?? "global.kuzzle";
    this.#deps.events.registerHook({ owner, event, order, run: (args) => called(...args) as MaybePromise<unknown> });
  }

  /** A stable hash of any JSON value. */
  hash(value: unknown): string {
    return createHash("sha256").update(stableText(value)).digest("hex");
  }

  /** A new unique id. */
  uuid(): string {
    return uuid();
  }
}

function stableText(value: unknown): string {
  return (
    JSON.stringify(value, (_, member: unknown) =>
      typeof member === "object" && member !== null && !Array.isArray(member)
        ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
        : member,
    ) ?? "undefined"
  );
}
