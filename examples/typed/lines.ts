import { createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import {
  type Broadcast,
  ClientConnection,
  type DirectMessage,
  definePlugin,
  KuzzleRequest,
  type Protocol,
  type ProtocolEntryPoint,
} from "tenon";
import { Type } from "typebox";

/** Every line is a request; every answer and every notification is a line. */
class LineProtocol implements Protocol {
  readonly name = "lines";
  readonly #server = createServer((socket) => this.#accept(socket));
  readonly #sockets = new Map<string, Socket>();
  readonly #channels = new Map<string, Set<string>>();
  readonly #entryPoint: ProtocolEntryPoint;
  readonly #port: number;

  constructor(entryPoint: ProtocolEntryPoint, port: number) {
    this.#entryPoint = entryPoint;
    this.#port = port;
  }

  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject).listen(this.#port, "127.0.0.1", () => resolve());
    });
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets.values()) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(socket: Socket): void {
    const connection = new ClientConnection(this.name, [socket.remoteAddress ?? ""]);
    this.#sockets.set(connection.id, socket);
    this.#entryPoint.newConnection(connection);
    createInterface({ input: socket }).on("line", (line) => void this.#answer(connection, socket, line));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.#sockets.delete(connection.id);
      this.#entryPoint.removeConnection(connection.id);
    });
  }

  async #answer(connection: ClientConnection, socket: Socket, line: string): Promise<void> {
    try {
      const request = new KuzzleRequest(JSON.parse(line), { connection });
      const answer = await this.#entryPoint.execute(request, connection);
      socket.write(`${JSON.stringify(answer.response.content())}\n`);
    } catch {
      socket.destroy(); // what is no request has no answer
    }
  }

  broadcast({ channels, payload }: Broadcast): void {
    for (const channel of channels) {
      const line = `${JSON.stringify({ ...payload, room: channel })}\n`;
      for (const id of this.#channels.get(channel) ?? []) this.#sockets.get(id)?.write(line);
    }
  }

  notify({ channels, connectionId, payload }: DirectMessage): void {
    for (const channel of channels) {
      this.#sockets.get(connectionId)?.write(`${JSON.stringify({ ...payload, room: channel })}\n`);
    }
  }

  joinChannel(channel: string, connectionId: string): void {
    this.#channels.set(channel, (this.#channels.get(channel) ?? new Set()).add(connectionId));
  }

  leaveChannel(channel: string, connectionId: string): void {
    const members = this.#channels.get(channel);
    members?.delete(connectionId);
    if (members?.size === 0) this.#channels.delete(channel);
  }

  disconnect(connectionId: string): void {
    this.#sockets.get(connectionId)?.destroy();
  }
}

export default definePlugin({
  name: "lines",
  config: Type.Object({ port: Type.Integer() }),
  protocols: [(entryPoint, { config }) => new LineProtocol(entryPoint, config.port)],
});
