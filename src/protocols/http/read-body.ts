import type { IncomingMessage } from "node:http";
import { kerror } from "../../kernel/index.ts";

/** The client went away while it was sending: nobody is left to answer. */
export class ClientGone extends Error {}

/** True when bytes follow the header (RFC 9112, 6.3); a request without them needs no wait for its end. */
export function hasBody(request: IncomingMessage): boolean {
  const { headers } = request;
  const length = headers["content-length"];
  return (length !== undefined && length !== "0") || headers["transfer-encoding"] !== undefined;
}

/**
 * The body as sent. What is announced as too large is refused before it is read.
 *
 * Errors: `network.http.request_too_large`; {@link ClientGone}.
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > maxBytes) return Promise.reject(kerror("network.http.request_too_large"));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= maxBytes) {
        chunks.push(chunk);
        return;
      }
      request.removeListener("data", onData);
      reject(kerror("network.http.request_too_large"));
    };
    request.on("data", onData);
    request.once("end", () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size)));
    const onClose = (): void => {
      if (!request.readableEnded) reject(new ClientGone());
    };
    request.once("error", onClose);
    request.once("close", onClose);
  });
}
