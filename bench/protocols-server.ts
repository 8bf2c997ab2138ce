/** A server of the protocols bench, in a process of its own: answers its CPU time on the message "cpu". */
import { createServer } from "node:http";
import { WebSocketServer } from "ws";
import { TableEntryPoint } from "../testing/protocols/table-entry-point.ts";
import { startTestServer } from "../testing/protocols/test-server.ts";

const kinds = {
  async tenon(): Promise<number> {
    const actions = {
      "server:now": () => ({ now: Date.now() }),
      "bench:join": (request: { getString(name: string): string }, connection: { id: string }) => {
        server.webSocket.joinChannel(request.getString("channel"), connection.id);
        return null;
      },
      "bench:broadcast": (request: { getString(name: string): string; getInteger(name: string): number }) => {
        const channels = [request.getString("channel")];
        const count = request.getInteger("count");
        const payload = { status: 200, type: "document", result: { _id: "x", _source: { text: "a".repeat(200) } } };
        for (let i = 0; i < count; i++) server.webSocket.broadcast({ channels, payload });
        return null;
      },
    };
    const routes = [{ verb: "GET", path: "/_now", controller: "server", action: "now" }] as const;
    const server = await startTestServer({ entryPoint: new TableEntryPoint(actions, routes) });
    return server.port;
  },
  async http(): Promise<number> {
    const server = createServer((_, response) => {
      const body = JSON.stringify({ now: Date.now() });
      response.writeHead(200, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) });
      response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return portOf(server.address());
  },
  async ws(): Promise<number> {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    server.on("connection", (socket) => {
      socket.on("message", (data) => {
        const { requestId } = JSON.parse(String(data)) as { requestId: string };
        socket.send(JSON.stringify({ requestId, result: { now: Date.now() } }));
      });
    });
    await new Promise<void>((resolve) => server.once("listening", () => resolve()));
    return portOf(server.address());
  },
} as const;

function portOf(address: unknown): number {
  return (address as { port: number }).port;
}

process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuUs: user + system, rssBytes: process.memoryUsage.rss() });
});
process.on("disconnect", () => process.exit());
process.send?.({ port: await kinds[process.argv[2] as keyof typeof kinds]() });
