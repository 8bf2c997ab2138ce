import type { ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { kerror } from "../kernel/index.ts";

/** Answers what the HTTP parser refuses, with the bare error of contract/wire.md section 9.3, and closes. */
export function malformed(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || owesAnother(socket) || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const { status, reason, hint } = explain(error.code);
  const refusal = kerror("network.http.unexpected_error", hint);
  const { id, code, message } = refusal;
  const body = JSON.stringify({ message, status, props: [hint], id, code });
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Type: application/json\r\n` +
      `X-Content-Type-Options: nosniff\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  // What the client goes on sending is not read: without this the socket would wait for its end.
  socket.on("finish", () => socket.destroy());
}

/**
 * A response under way must not get a second one written into its middle, nor the next one go out before the one that is waited for. While the body
 * of a request still comes in, what is malformed is that body.
 */
function owesAnother(socket: Duplex): boolean {
  const response = "_httpMessage" in socket ? (socket._httpMessage as ServerResponse | null | undefined) : null;
  return response !== null && response !== undefined && (response.headersSent || response.req.complete);
}

interface Explanation {
  readonly status: number;
  readonly reason: string;
  readonly hint: string;
}

function explain(code: string | undefined): Explanation {
  if (code === "HPE_HEADER_OVERFLOW") {
    return { status: 431, reason: "Request Header Fields Too Large", hint: "the headers are larger than allowed" };
  }
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") {
    return { status: 408, reason: "Request Timeout", hint: "the request took too long to arrive" };
  }
  return { status: 400, reason: "Bad Request", hint: "this is not valid HTTP" };
}
