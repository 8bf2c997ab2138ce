/** What the WebSocket protocol takes from the configuration. */
export interface WebSocketOptions {
  /** `server.maxRequestSize`: of one message, after decompression; a larger one closes the socket with 1009. */
  readonly maxRequestSizeBytes: number;
  /** `server.protocols.websocket.idleTimeout`: a socket that says nothing for this long is closed. */
  readonly idleTimeoutMs: number;
  /** `server.protocols.websocket.sendPingsAutomatically`: the server pings sockets that are half-way to being idle. */
  readonly sendsPings: boolean;
  /** `server.protocols.websocket.resetIdleTimeoutOnSend`: what is sent counts as activity too. */
  readonly sendingCountsAsActivity: boolean;
  /** `server.protocols.websocket.compression`: permessage-deflate. */
  readonly compression: boolean;
  /** `server.protocols.websocket.rateLimit`: messages per socket and second; 0 for no limit. */
  readonly rateLimit: number;
  /** What may wait for a client that does not read; absent: {@link defaultBacklog}. */
  readonly backlog?: BacklogLimits;
}

/**
 * How much waits for one slow reader before its socket is closed with 1011. One socket holds at most `maxBytes`, the batch that is being
 * written (again at most `maxBytes`) and one message more; broadcasts are shared by all sockets that wait for them.
 */
export interface BacklogLimits {
  /** Above this number of messages, when they have more than `toleratedBytes` too. */
  readonly maxMessages: number;
  /** A burst of small messages is no reason to close: up to these bytes any number of messages may wait. */
  readonly toleratedBytes: number;
  readonly maxBytes: number;
}

/** 50 messages are the contract's; the bytes are a guess that ten thousand stalled clients with shared broadcasts can live with. */
export const defaultBacklog: BacklogLimits = { maxMessages: 50, toleratedBytes: 64 * 1024, maxBytes: 1024 * 1024 };

/** Debug sessions get thousands of large messages at once, a heap snapshot for one, and only administrators open them. */
export const debugBacklog: BacklogLimits = {
  maxMessages: Number.POSITIVE_INFINITY,
  toleratedBytes: 0,
  maxBytes: 256 * 1024 * 1024,
};
