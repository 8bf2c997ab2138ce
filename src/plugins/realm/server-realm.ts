import type { EmbeddedSdkDeps } from "../sdk/funnel-protocol.ts";
import type { PluginStorageDeps } from "../storage/plugin-storage.ts";
import type { Locks } from "./locks.ts";
import type { ServerFacade } from "./server-facade.ts";

/** What plugins reach outside of their context, of one server: the exports of `kuzzle` and the globals look here. */
export interface ServerRealm {
  readonly nodeId: string;
  readonly environment: string;
  readonly locks: Locks;
  readonly facade: ServerFacade;
  /** The application, when the server was started by one. */
  readonly application: () => unknown;
  readonly sdk: EmbeddedSdkDeps;
  readonly storage: Pick<PluginStorageDeps, "store" | "locks" | "commonMappings" | "onPublic">;
}
