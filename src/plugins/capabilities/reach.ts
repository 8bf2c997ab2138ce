import type { PluginHostDeps } from "../deps.ts";
import type { PluginCall } from "../realm/current-call.ts";
import type { ServerRealm } from "../realm/server-realm.ts";
import type { Granted } from "./capabilities.ts";
import { Gate } from "./gate.ts";
import { restrictDeps } from "./restrict-deps.ts";
import { restrictRealm } from "./restrict-realm.ts";

/** What of its server a plugin reaches: by its context (`deps`), and from anywhere in its code (the server of `call`). */
export interface Reach {
  readonly call: PluginCall;
  readonly deps: PluginHostDeps;
}

/** Everything without capabilities, at no cost; with them, what they name. */
export function reachOf(
  plugin: string,
  capabilities: Granted | undefined,
  server: ServerRealm,
  deps: PluginHostDeps,
): Reach {
  if (capabilities === undefined) return { call: { server, plugin }, deps };
  const gate = new Gate(plugin, capabilities);
  const restricted = restrictDeps(deps, gate);
  return { call: { server: restrictRealm(server, restricted, gate), plugin }, deps: restricted };
}
