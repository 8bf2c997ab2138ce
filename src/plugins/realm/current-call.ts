import { AsyncLocalStorage } from "node:async_hooks";
import { KuzzleRequest } from "../../kernel/index.ts";
import type { ServerRealm } from "./server-realm.ts";

/** The plugin that runs, and the server that it belongs to. One object per plugin, made when it is loaded, and another one when it is loaded again. */
export interface PluginCall {
  readonly server: ServerRealm;
  readonly plugin: string;
  /** What the asynchronous context holds while it runs for no request; made at the first call. */
  running?: { readonly outside: Running; readonly inChain: Running };
}

/** What the asynchronous context holds. */
interface Running {
  readonly call: PluginCall;
  /** What the plugin works on, where it was called for a request. */
  readonly request: KuzzleRequest | undefined;
  /** In the code of a pipe, and in all that it has started. */
  readonly isInChain: boolean;
}

const contexts = new AsyncLocalStorage<Running>();

/** Servers of this process that are open; what runs outside any plugin falls back to the only one. */
const servers = new Set<ServerRealm>();

/** Calls into a plugin: what it reaches by `require("kuzzle")` or by globals finds its own server, also after an `await`. */
export function callPlugin<A extends readonly unknown[], R>(
  call: PluginCall,
  target: (...args: A) => R,
  ...args: A
): R {
  const current = contexts.getStore();
  if (current?.call === call) return target(...args);
  const { outside, inChain } = runningOf(call);
  return contexts.run(current?.isInChain === true ? inChain : outside, target, ...args);
}

/** As {@link callPlugin}, for pipes: what they wait for in turn must not wait for the slot that they hold. */
export function callPipe<A extends readonly unknown[], R>(call: PluginCall, target: (...args: A) => R, ...args: A): R {
  return contexts.run(runningOf(call).inChain, target, ...args);
}

/** As {@link callPlugin}, for a request, which the plugin finds in the asynchronous context. `isPipe`: as {@link callPipe}. */
export function callFor<A extends readonly unknown[], R>(
  call: PluginCall,
  request: KuzzleRequest | undefined,
  isPipe: boolean,
  target: (...args: A) => R,
  ...args: A
): R {
  if (request === undefined) return isPipe ? callPipe(call, target, ...args) : callPlugin(call, target, ...args);
  return contexts.run({ call, request, isInChain: isPipe || isInChain() }, target, ...args);
}

/** The request among the first two arguments of an event. */
export function requestAmong([first, second]: readonly unknown[]): KuzzleRequest | undefined {
  if (KuzzleRequest.isOwn(first)) return first;
  return KuzzleRequest.isOwn(second) ? second : undefined;
}

export function isInChain(): boolean {
  return contexts.getStore()?.isInChain === true;
}

function runningOf(call: PluginCall): NonNullable<PluginCall["running"]> {
  call.running ??= {
    outside: { call, request: undefined, isInChain: false },
    inChain: { call, request: undefined, isInChain: true },
  };
  return call.running;
}

/** The request that the running plugin was called for. */
export const runningRequest = (): KuzzleRequest | undefined => contexts.getStore()?.request;

/** A function as a plugin calls it, for callbacks that come back later from elsewhere. */
export function calledAs<A extends readonly unknown[], R>(
  call: PluginCall | undefined,
  callback: (...args: A) => R,
): (...args: A) => R {
  return call === undefined ? callback : (...args) => callPlugin(call, callback, ...args);
}

/** The plugin whose code runs now: who registers something is its owner. */
export function runningCall(): PluginCall | undefined {
  return contexts.getStore()?.call;
}

/** Name of the plugin whose code runs, or that started the timer or callback which does. For logs of uncaught errors. */
export function runningPlugin(): string | undefined {
  return runningCall()?.plugin;
}

/** The server of the running plugin, else the only one there is. Undefined when there is none, or when it is not clear which. */
export function findServer(): ServerRealm | undefined {
  const call = runningCall();
  if (call !== undefined) return call.server;
  if (servers.size !== 1) return undefined;
  for (const server of servers) return server;
  return undefined;
}

/** As {@link findServer}; `what` names the thing that needs it in the error. */
export function currentServer(what: string): ServerRealm {
  const server = findServer();
  if (server !== undefined) return server;
  throw new Error(
    servers.size === 0
      ? `${what} cannot be used before a server has started.`
      : `${what} was used outside of any plugin, and this process runs ${servers.size} servers: it is not clear which is meant.`,
  );
}

export function openRealm(server: ServerRealm): void {
  servers.add(server);
}

export function closeRealm(server: ServerRealm): void {
  servers.delete(server);
}
