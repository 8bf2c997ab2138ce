/** Bytes to requests and back: HTTP and WebSocket on one port, and protocols that others wrote. */
export { type EncodeOptions, encodeEnvelope } from "./encoding/envelope.ts";
export { wireError } from "./encoding/wire-error.ts";
export type { ArgumentForm, AuthorCall, HostedKind, HostedPackage } from "./host/hosted-package.ts";
export { createHostedProtocol, type HostedProtocolDeps } from "./host/hosted-protocol.ts";
export { createHttpProtocol, type HttpProtocolDeps } from "./http/http-protocol.ts";
export type { CorsOptions, HttpOptions } from "./http/options.ts";
export { createListener, type Listener, type ListenerAddress, type ListenerOptions } from "./listener.ts";
export type { ProtocolDeps } from "./protocol-deps.ts";
export { type BacklogLimits, defaultBacklog, type WebSocketOptions } from "./websocket/options.ts";
export { createWebSocketProtocol, type WebSocketProtocolDeps } from "./websocket/websocket-protocol.ts";
