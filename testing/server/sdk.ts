import { Http, Kuzzle, WebSocket } from "kuzzle-sdk";
import type { TestServer } from "./start-server.ts";

type SdkClient = Kuzzle & AsyncDisposable;

/** The official client over WebSocket; disconnects when disposed. */
export const connectWebSocket = (server: TestServer): Promise<SdkClient> =>
  connect(new Kuzzle(new WebSocket("127.0.0.1", { port: server.port, autoReconnect: false })));

/** The official client over HTTP. */
export const connectHttp = (server: TestServer): Promise<SdkClient> =>
  connect(new Kuzzle(new Http("127.0.0.1", { port: server.port })));

async function connect(kuzzle: Kuzzle): Promise<SdkClient> {
  await kuzzle.connect();
  return Object.assign(kuzzle, {
    [Symbol.asyncDispose]: async (): Promise<void> => {
      kuzzle.disconnect();
    },
  });
}
