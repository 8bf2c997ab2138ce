/** The floors: bare `node:http` and bare `ws` that answer the same JSON. Started as a process of its own: `node bare.ts http|ws PORT`. */
import { createServer } from "node:http";
import { WebSocketServer } from "ws";

const [kind, port = "0"] = process.argv.slice(2);

const answer = (requestId: string): string =>
  JSON.stringify({
    requestId,
    status: 200,
    error: null,
    controller: "server",
    action: "now",
    volatile: null,
    result: { now: Date.now() },
    node: "knode-bare-floor-1",
    headers: {},
  });

const server = createServer((request, response) => {
  const body = answer(String(request.headers["x-kuzzle-request-id"] ?? "r"));
  response.writeHead(200, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) });
  response.end(body);
});
if (kind === "ws") {
  new WebSocketServer({ server, perMessageDeflate: false }).on("connection", (socket) => {
    socket.on("message", (data) => {
      const { requestId } = JSON.parse(String(data)) as { requestId: string };
      socket.send(answer(requestId));
    });
  });
}
server.listen(Number(port), "127.0.0.1");
