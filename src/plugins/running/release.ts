import type { PluginHostDeps } from "../deps.ts";
import type { ServerFacade } from "../realm/server-facade.ts";
import { type InternalProtocol, roomOf } from "../sdk/internal-protocol.ts";
import type { RunningPlugin } from "./running-plugin.ts";

export interface ReleaseDeps extends Pick<PluginHostDeps, "log" | "subscriptions"> {
  readonly facade: ServerFacade;
  readonly internal: InternalProtocol;
}

/** Ends what a plugin listens to beside its pipes and hooks: on the server object, by embedded SDKs, to other nodes. */
export async function release(
  { callers, calls }: Pick<RunningPlugin, "callers" | "calls">,
  { facade, internal, subscriptions, log }: ReleaseDeps,
): Promise<void> {
  calls.isLive = false;
  for (const call of callers) facade.endOf(call);
  const deserted = callers.flatMap((call) => internal.endOf(call));
  for (const room of new Set(deserted.map(roomOf))) {
    if (internal.hasListenersIn(room)) continue;
    try {
      await subscriptions.unregister(internal.connection.id, room, false);
    } catch (err) {
      log.debug("plugin.room_left_already", { room, err });
    }
  }
  await calls.cluster.end();
}
