import { AsyncLocalStorage } from "node:async_hooks";
import { KuzzleRequest } from "../../kernel/index.ts";
import type { ServerRealm } from "./server-realm.ts";

/** The plugin that runs, and the server that it belongs to. One object per plugin, made when it is loaded, and another one when it is loaded again. */
export interface PluginCall {
  readonly server: ServerRealm;
  readonly plugin: string;
  /** What the plugin works on, where it is called for a request. */
  readonly request?: KuzzleRequest;
  /** With a request, or in a chain of pipes: the call without either, by which the plugin is known. */
  readonly plain?: PluginCall;
  readonly isInChain?: true;
  /** Of a plain call: that of the same plugin in a chain, made when it is first needed. */
  inChain?: PluginCall;
}

const calls = new AsyncLocalStorage<PluginCall>();

/** Servers of this process that are open; what runs outside any plugin falls back to the only one. */
const servers = new Set<ServerRealm>();

/** Calls into a plugin: what it reaches by `require("kuzzle")` or by globals finds its own server, also after an `await`. */
export function callPlugin<A extends readonly unknown[], R>(
  call: PluginCall,
  target: (...args: A) => R,
  ...args: A
): R {
  const current = calls.getStore();
  const next = current?.isInChain === true ? chainedOf(call) : call;
  return current === next ? target(...args) : calls.run(next, target, ...args);
}

/** As {@link callPlugin}, for pipes: what they wait for in turn must not wait for the slot that they hold. */
export function callPipe<A extends readonly unknown[], R>(call: PluginCall, target: (...args: A) => R, ...args: A): R {
  return callPlugin(chainedOf(call), target, ...args);
}

/** True in the code of a pipe, and in all that it has started. */
export const isInChain = (): boolean => calls.getStore()?.isInChain === true;

function chainedOf(call: PluginCall): PluginCall {
  if (call.isInChain === true) return call;
  const { server, plugin, request, plain } = call;
  if (request !== undefined && plain !== undefined) return { server, plugin, request, plain, isInChain: true };
  call.inChain ??= { server, plugin, plain: call, isInChain: true };
  return call.inChain;
}

/** The call of a plugin for the request that is among its first two arguments, where there is one. */
export function callFor(call: PluginCall, [first, second]: readonly unknown[]): PluginCall {
  const { server, plugin } = call;
  const request = KuzzleRequest.isOwn(first) ? first : second;
  return KuzzleRequest.isOwn(request) ? { server, plugin, request, plain: call } : call;
}

/** The request that the running plugin was called for. */
export const runningRequest = (): KuzzleRequest | undefined => calls.getStore()?.request;

/** A function as a plugin calls it, for callbacks that come back later from elsewhere. */
export function calledAs<A extends readonly unknown[], R>(
  call: PluginCall | undefined,
  callback: (...args: A) => R,
): (...args: A) => R {
  return call === undefined ? callback : (...args) => callPlugin(call, callback, ...args);
}

/** The plugin whose code runs now: who registers something is its owner. */
export function runningCall(): PluginCall | undefined {
  const call = calls.getStore();
  return call?.plain ?? call;
}

/** Name of the plugin whose code runs, or that started the timer or callback which does. For logs of uncaught errors. */
export function runningPlugin(): string | undefined {
  return calls.getStore()?.plugin;
}

/** The server of the running plugin, else the only one there is. Undefined when there is none, or when it is not clear which. */
export function findServer(): ServerRealm | undefined {
  const call = calls.getStore();
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
