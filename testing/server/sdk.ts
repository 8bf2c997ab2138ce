import { Http, Kuzzle, WebSocket } from "kuzzle-sdk";
/** Where a server of this machine listens. */
export interface PortHolder {
  readonly port: number;
}

/** The official client over WebSocket, connected. */
export const connectWebSocket = (server: PortHolder): Promise<Kuzzle> =>
  connect(new Kuzzle(new WebSocket("127.0.0.1", { port: server.port, autoReconnect: false })));

/** The official client over HTTP. */
export const connectHttp = (server: PortHolder): Promise<Kuzzle> =>
  connect(new Kuzzle(new Http("127.0.0.1", { port: server.port })));

async function connect(kuzzle: Kuzzle): Promise<Kuzzle> {
  await kuzzle.connect();
  return kuzzle;
}
