import type { EntryPoint } from "../../api/index.ts";
import type { Protocol } from "../../events/index.ts";

/** Where a protocol of a plugin brings its connections and their requests in. */
export type ProtocolEntryPoint = Pick<EntryPoint, "execute" | "newConnection" | "removeConnection">;

/** A way to speak with clients, as `definePlugin` takes it: ready, or made of what it needs once the plugin's `init` is done. */
export type ProtocolDescription<Context> = Protocol | ((entryPoint: ProtocolEntryPoint, context: Context) => Protocol);
