import type { Config } from "../config/index.ts";
import type { Protocol } from "../events/index.ts";
import type { JSONObject } from "../kernel/index.ts";
import { formerRequests, type LoadedProtocol, loadProtocols, type PluginHost } from "../plugins/index.ts";
import { createHostedProtocol, type HostedPackage, type HostedProtocolDeps } from "../protocols/index.ts";

interface HostedProtocolParts {
  readonly root: string;
  readonly config: Config;
  readonly host: PluginHost;
  /** The variable `DEBUG`. */
  readonly debug: string;
}

/** What `enabled` in their options turns on or off is the server's own protocol, whose place a package may take. */
const ownNames = new Set(["http", "websocket", "mqtt", "socketio"]);

/**
 * Loads the packages of `protocols/enabled` and registers them as protocols of the server, which are to be started all at once after its
 * own. Error: `protocol.runtime.already_exists` for a name that is taken, and those of loading.
 */
export async function openHostedProtocols(
  { root, config, host, debug }: HostedProtocolParts,
  deps: Omit<HostedProtocolDeps, "serverConfig" | "initTimeoutMs" | "debug" | "former">,
): Promise<Protocol[]> {
  const loaded = await loadProtocols({
    root,
    version: config.version,
    log: deps.log.child("protocols"),
    config: config.server.protocols as JSONObject,
    pluginConfigOf: (name) => (config.plugins as Readonly<Record<string, unknown>>)[name] as JSONObject | undefined,
    ownNames,
    callAs: (name) => host.callAs(name),
  });
  return loaded.map((one) => {
    const protocol = createHostedProtocol(packageOf(one), {
      ...deps,
      serverConfig: config.server as unknown as JSONObject, // frozen by the configuration room, copied for each author
      initTimeoutMs: config.services.common.defaultInitTimeout,
      debug,
      former: formerRequests,
    });
    deps.entryPoint.registerProtocol(protocol);
    return protocol;
  });
}

function packageOf(loaded: LoadedProtocol): HostedPackage {
  const { _arguments: form } = loaded.config;
  return { ...loaded, argumentForm: form === "object" || form === "positional" ? form : undefined };
}
