import type { Readable } from "node:stream";

/**
 * A result that is sent as it is read, over HTTP only. `totalBytes` above 0 becomes `Content-Length`, else the answer is chunked.
 */
export class HttpStream {
  readonly stream: Readable;
  readonly totalBytes: number;
  #destroyed = false;
  #error: Error | undefined;

  constructor(readableStream: Readable, { totalBytes = -1 }: { readonly totalBytes?: number } = {}) {
    this.stream = readableStream;
    this.totalBytes = totalBytes;
    readableStream.once("error", (error: Error) => {
      this.#error = error;
    });
  }

  get errored(): boolean {
    return this.#error !== undefined || this.stream.errored !== null;
  }

  get error(): Error | null {
    return this.#error ?? this.stream.errored;
  }

  get destroyed(): boolean {
    return this.#destroyed || this.stream.destroyed;
  }

  destroy(): void {
    this.#destroyed = true;
    this.stream.destroy();
  }

  static [Symbol.hasInstance](candidate: unknown): boolean {
    return (
      typeof candidate === "object" &&
      candidate !== null &&
      Object.getPrototypeOf(candidate)?.constructor?.name === "HttpStream"
    );
  }
}
