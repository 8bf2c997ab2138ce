import { AsyncLocalStorage } from "node:async_hooks";
import type { ServerRealm } from "./server-realm.ts";

/** The plugin that runs, and the server that it belongs to. One object per plugin, made when it is loaded, and another one when it is loaded again. */
export interface PluginCall {
  readonly server: ServerRealm;
  readonly plugin: string;
  /** The same plugin while it runs in a chain of pipes; made at the first such call. */
  inChain?: ChainedCall;
}

/** The store of the asynchronous context, of which there is one object per plugin and kind. */
interface ChainedCall extends PluginCall {
  /** The same plugin outside of any chain: who registers something in a chain is this one. */
  readonly outside: PluginCall;
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
  const next = current !== undefined && isChained(current) ? chainedOf(call) : call;
  return current === next ? target(...args) : calls.run(next, target, ...args);
}

/** As {@link callPlugin}, for pipes: what they wait for in turn must not wait for the slot that they hold. */
export function callPipe<A extends readonly unknown[], R>(call: PluginCall, target: (...args: A) => R, ...args: A): R {
  return callPlugin(chainedOf(call), target, ...args);
}

/** True in the code of a pipe, and in all that it has started. */
export function isInChain(): boolean {
  const current = calls.getStore();
  return current !== undefined && isChained(current);
}

const isChained = (call: PluginCall): call is ChainedCall => "outside" in call;

function chainedOf(call: PluginCall): ChainedCall {
  if (isChained(call)) return call;
  const { server, plugin } = call;
  call.inChain ??= { server, plugin, outside: call };
  return call.inChain;
}

/** A function as a plugin calls it, for callbacks that come back later from elsewhere. */
export function calledAs<A extends readonly unknown[], R>(
  call: PluginCall | undefined,
  callback: (...args: A) => R,
): (...args: A) => R {
  return call === undefined ? callback : (...args) => callPlugin(call, callback, ...args);
}

/** The plugin whose code runs now: who registers something is its owner. */
export function runningCall(): PluginCall | undefined {
  const current = calls.getStore();
  return current !== undefined && isChained(current) ? current.outside : current;
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
