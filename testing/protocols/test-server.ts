import type { Protocol } from "../../src/events/index.ts";
import { Events, type EventsDeps } from "../../src/events/index.ts";
import { type Logger, silentLogger } from "../../src/kernel/index.ts";
import {
  createHttpProtocol,
  createListener,
  createWebSocketProtocol,
  type HttpOptions,
  type ListenerOptions,
  type WebSocketOptions,
} from "../../src/protocols/index.ts";
import type { TableEntryPoint } from "./table-entry-point.ts";

export const httpDefaults: HttpOptions = {
  maxRequestSizeBytes: 1024 * 1024,
  maxFormFileSizeBytes: 64 * 1024,
  maxEncodingLayers: 3,
  additionalContentTypes: [],
  allowCompression: true,
  cookieAuthentication: true,
  cors: {
    allowsAllOrigins: true,
    allowMethods: "GET,POST,PUT,PATCH,DELETE,OPTIONS,HEAD",
    allowHeaders:
      "Content-Type, Access-Control-Allow-Headers, Authorization, X-Requested-With, Content-Encoding, Content-Length, X-Kuzzle-Volatile",
  },
};

export const webSocketDefaults: WebSocketOptions = {
  maxRequestSizeBytes: 1024 * 1024,
  idleTimeoutMs: 60_000,
  sendsPings: false,
  sendingCountsAsActivity: false,
  compression: false,
  rateLimit: 0,
};

export interface TestServerOptions {
  readonly entryPoint: TableEntryPoint;
  readonly http?: Partial<HttpOptions>;
  readonly webSocket?: Partial<WebSocketOptions>;
  readonly listener?: Partial<ListenerOptions>;
  readonly development?: boolean;
  readonly log?: Logger;
}

export interface TestServer {
  readonly entryPoint: TableEntryPoint;
  readonly events: Events;
  readonly http: Protocol;
  readonly webSocket: Protocol;
  readonly port: number;
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  stop(): Promise<void>;
}

const eventsDeps = (log: Logger): EventsDeps => ({ log, limits: { maxConcurrent: 50, bufferSize: 50_000 } });

/** Both protocols on a free port of this machine. */
export async function startTestServer(options: TestServerOptions): Promise<TestServer> {
  const { entryPoint, log = silentLogger, development = false } = options;
  const events = new Events(eventsDeps(log));
  const listener = createListener({ host: "127.0.0.1", port: 0, log, ...options.listener });
  const deps = { entryPoint, events, log, listener, development };
  const http = createHttpProtocol({ ...deps, options: { ...httpDefaults, ...options.http } });
  const webSocket = createWebSocketProtocol({ ...deps, options: { ...webSocketDefaults, ...options.webSocket } });
  await http.start();
  await webSocket.start();
  const { port } = await listener.start();
  return {
    entryPoint,
    events,
    http,
    webSocket,
    port,
    url: `http://127.0.0.1:${port}`,
    async stop() {
      await Promise.all([http.stop(), webSocket.stop()]);
    },
  };
}
