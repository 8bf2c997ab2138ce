import type { Config } from "../config/index.ts";
import { createHttpProtocol, createWebSocketProtocol, type Listener } from "../protocols/index.ts";
import { httpOptions, webSocketOptions } from "./options.ts";

type ProtocolDeps = Parameters<typeof createHttpProtocol>[0] extends infer D ? Omit<D, "options"> : never;

/** The server's own protocols, as the configuration switches them on. */
export function openProtocols(config: Config, listener: Listener, deps: ProtocolDeps): void {
  const { http, websocket } = config.server.protocols;
  if (http?.enabled === true) {
    deps.entryPoint.registerProtocol(createHttpProtocol({ ...deps, listener, options: httpOptions(config) }));
  }
  if (websocket?.enabled === true) {
    deps.entryPoint.registerProtocol(createWebSocketProtocol({ ...deps, listener, options: webSocketOptions(config) }));
  }
}
