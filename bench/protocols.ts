/**
 * What one request costs in the protocols alone, against bare `node:http` and bare `ws`: CPU of the server's process, which is not the
 * one that makes the load. `node bench/protocols.ts [seconds]`.
 */
import { type ChildProcess, fork } from "node:child_process";
import { connect, type Socket } from "node:net";
import { WebSocket } from "ws";

const seconds = Number(process.argv[2] ?? 3);
const sockets = 32;

interface Server {
  readonly child: ChildProcess;
  readonly port: number;
}

interface Usage {
  readonly cpuUs: number;
  readonly rssBytes: number;
}

function once<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve) => child.once("message", (message) => resolve(message as T)));
}

async function serve(kind: "tenon" | "http" | "ws"): Promise<Server> {
  const child = fork(new URL("./protocols-server.ts", import.meta.url), [kind]);
  const { port } = await once<{ port: number }>(child);
  return { child, port };
}

function usage({ child }: Server): Promise<Usage> {
  const answer = once<Usage>(child);
  child.send("cpu");
  return answer;
}

async function measure(name: string, server: Server, load: (stopAt: number) => Promise<number>): Promise<void> {
  await load(Date.now() + 1_000);
  const before = await usage(server);
  const startedAt = performance.now();
  const count = await load(Date.now() + seconds * 1_000);
  const elapsedMs = performance.now() - startedAt;
  const after = await usage(server);
  const cpu = (after.cpuUs - before.cpuUs) / count;
  const rate = Math.round((count / elapsedMs) * 1_000);
  console.log(`${name.padEnd(44)} ${cpu.toFixed(1).padStart(6)} us CPU  ${String(rate).padStart(8)} /s`);
}

/** Each socket has `depth` requests in flight, and sends another for each answer. */
async function httpLoad(port: number, path: string, stopAt: number): Promise<number> {
  const request = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  let count = 0;
  await Promise.all(
    Array.from({ length: sockets }, async () => {
      const socket = connect(port, "127.0.0.1");
      await new Promise((resolve) => socket.once("connect", resolve));
      await new Promise<void>((resolve) => {
        // Answers are small: one chunk holds one answer.
        socket.on("data", () => {
          count++;
          if (Date.now() < stopAt) socket.write(request);
          else resolve();
        });
        socket.write(request);
      });
      socket.destroy();
    }),
  );
  return count;
}

async function open(port: number): Promise<{ webSocket: WebSocket; socket: Socket }> {
  const webSocket = new WebSocket(`ws://127.0.0.1:${port}`);
  let socket: Socket | undefined;
  webSocket.once("upgrade", (response) => {
    socket = response.socket;
  });
  await new Promise((resolve) => webSocket.once("open", resolve));
  return { webSocket, socket: socket as Socket };
}

async function webSocketLoad(port: number, stopAt: number): Promise<number> {
  const message = JSON.stringify({
    controller: "server",
    action: "now",
    requestId: "0d6a6b0e-5f4f-4b2f-8f3e-1d2c3b4a5f60",
  });
  let count = 0;
  await Promise.all(
    Array.from({ length: sockets }, async () => {
      const { webSocket } = await open(port);
      await new Promise<void>((resolve) => {
        webSocket.on("message", () => {
          count++;
          if (Date.now() < stopAt) webSocket.send(message);
          else resolve();
        });
        webSocket.send(message);
      });
      webSocket.terminate();
    }),
  );
  return count;
}

const subscribers = 500;

/** Counts deliveries: `burst` notifications in one tick to each of {@link subscribers}. */
async function broadcasts(port: number, burst: number): Promise<(stopAt: number) => Promise<number>> {
  const clients = await Promise.all(Array.from({ length: subscribers }, () => open(port)));
  const join = JSON.stringify({ controller: "bench", action: "join", channel: "c" });
  await Promise.all(
    clients.map(
      ({ webSocket }) =>
        new Promise<void>((resolve) => {
          webSocket.once("message", () => resolve());
          webSocket.send(join);
        }),
    ),
  );
  // Bytes are counted, not messages: the load generator is on the same machine.
  let bytes = 0;
  let wake = (): void => {};
  for (const { webSocket, socket } of clients) {
    webSocket.removeAllListeners("message");
    socket.removeAllListeners("data");
    socket.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      wake();
    });
    socket.resume();
  }
  const driver = await open(port);
  const command = JSON.stringify({ controller: "bench", action: "broadcast", channel: "c", count: burst });
  const frameBytes =
    4 +
    Buffer.byteLength(
      JSON.stringify({
        status: 200,
        type: "document",
        result: { _id: "x", _source: { text: "a".repeat(200) } },
        room: "c",
      }),
    );
  return async (stopAt) => {
    let received = 0;
    do {
      const target = burst * subscribers * frameBytes;
      bytes = 0;
      const done = new Promise<void>((resolve) => {
        wake = () => {
          if (bytes >= target) resolve();
        };
      });
      driver.webSocket.send(command);
      await done;
      received += burst * subscribers;
    } while (Date.now() < stopAt);
    return received;
  };
}

const bareHttp = await serve("http");
await measure("bare node:http", bareHttp, (stopAt) => httpLoad(bareHttp.port, "/_now", stopAt));
bareHttp.child.kill();
const bareWs = await serve("ws");
await measure("bare ws", bareWs, (stopAt) => webSocketLoad(bareWs.port, stopAt));
bareWs.child.kill();
const tenon = await serve("tenon");
await measure("HTTP server:now", tenon, (stopAt) => httpLoad(tenon.port, "/_now", stopAt));
await measure("WebSocket server:now", tenon, (stopAt) => webSocketLoad(tenon.port, stopAt));
await measure(`broadcast, ${subscribers} subscribers, one a tick`, tenon, await broadcasts(tenon.port, 1));
await measure(`broadcast, ${subscribers} subscribers, 20 a tick`, tenon, await broadcasts(tenon.port, 20));
const { rssBytes } = await usage(tenon);
console.log(`resident memory afterwards ${Math.round(rssBytes / 1024 / 1024)} MiB`);
tenon.child.kill();
process.exit();
