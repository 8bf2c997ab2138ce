import { currentServer, findServer } from "./current-call.ts";

/**
 * Defines what published plugins take from `global`: `kuzzle`, `app`, `nodeId` and `NODE_ENV`, each of the server whose plugin runs.
 * Without any server `kuzzle`, `nodeId` and `NODE_ENV` are undefined, so that a test for them works; with several and no running plugin, reading them throws.
 * Source: contract/plugins/v2.md section 11.
 */
export function defineGlobals(): void {
  define("kuzzle", () => (findServer() ?? currentServer("global.kuzzle")).facade);
  define("app", () => currentServer("global.app").application());
  define("nodeId", () => currentServer("global.nodeId").nodeId);
  define("NODE_ENV", () => findServer()?.environment);
}

function define(name: string, get: () => unknown): void {
  if (Object.hasOwn(globalThis, name)) return;
  Object.defineProperty(globalThis, name, { get, configurable: true, enumerable: false });
}
