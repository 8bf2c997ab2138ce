import { createHash } from "node:crypto";
import type { Events, MaybePromise } from "../../events/index.ts";
import { InternalError, type JSONObject, type KuzzleRequest, type Logger, uuid } from "../../kernel/index.ts";
import { asTextLog, type TextLog } from "../dialects/v2/plugin-log.ts";
import { calledAs, type PluginCall, runningCall, runningRequest } from "./current-call.ts";

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

/** What plugins have registered, whatever they see of the server. */
interface Registered {
  /** By event. The last one counts; the others are of instances of the same plugin that it is about to replace. */
  readonly answerers: Map<string, Answering[]>;
  /** By plugin: what takes its listeners away. */
  readonly listeners: Map<PluginCall | undefined, (() => void)[]>;
}

interface Answering {
  readonly owner: PluginCall | undefined;
  readonly run: Answerer;
}

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
  readonly #registered: Registered;

  constructor(deps: ServerFacadeDeps, registered: Registered = { answerers: new Map(), listeners: new Map() }) {
    this.#deps = deps;
    this.#registered = registered;
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
    return new ServerFacade({ ...this.#deps, ...changes }, this.#registered);
  }

  get state(): number {
    return this.#deps.state();
  }

  /** Asks for what somebody answers by {@link onAsk}; rejects when nobody does. The answer is told to the hooks of the event. */
  async ask(event: string, ...args: unknown[]): Promise<unknown> {
    this.#deps.checkEvent?.(event);
    const answering = this.#registered.answerers.get(event)?.at(-1);
    if (answering === undefined) throw new InternalError(`Nobody answers "${event}".`);
    const response = await answering.run(...args);
    this.#deps.events.hook(event, { args, response });
    return response;
  }

  onAsk(event: string, answerer: Answerer): void {
    this.#deps.checkEvent?.(event);
    const owner = runningCall();
    const present = this.#registered.answerers.get(event) ?? [];
    const isTaken = present.some((other) => other.owner === owner || other.owner?.plugin !== owner?.plugin);
    if (isTaken) throw new InternalError(`"${event}" is answered already.`);
    this.#registered.answerers.set(event, [...present, { owner, run: calledAs(owner, answerer) }]);
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
    const call = runningCall();
    const called = calledAs(call, listener);
    const owner = call?.plugin ?? "global.kuzzle";
    const run = (args: readonly unknown[]) => called(...args) as MaybePromise<unknown>;
    const unregister = this.#deps.events.registerHook({ owner, event, order, run });
    this.#registered.listeners.set(call, [...(this.#registered.listeners.get(call) ?? []), unregister]);
  }

  /** Takes away what a plugin has registered here. */
  endOf(owner: PluginCall): void {
    for (const unregister of this.#registered.listeners.get(owner) ?? []) unregister();
    this.#registered.listeners.delete(owner);
    for (const [event, answering] of this.#registered.answerers) {
      const left = answering.filter((one) => one.owner !== owner);
      if (left.length === 0) this.#registered.answerers.delete(event);
      else this.#registered.answerers.set(event, left);
    }
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
