import { Http, Kuzzle, WebSocket } from "kuzzle-sdk";
import type { TestServer } from "./start-server.ts";

/** The official client over WebSocket, connected. */
export const connectWebSocket = (server: TestServer): Promise<Kuzzle> =>
  connect(new Kuzzle(new WebSocket("127.0.0.1", { port: server.port, autoReconnect: false })));

/** The official client over HTTP. */
export const connectHttp = (server: TestServer): Promise<Kuzzle> =>
  connect(new Kuzzle(new Http("127.0.0.1", { port: server.port })));

async function connect(kuzzle: Kuzzle): Promise<Kuzzle> {
  await kuzzle.connect();
  return kuzzle;
}
