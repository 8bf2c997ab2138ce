"use strict";

const newline = 0x0a;

/** One socket: bytes to lines, and lines to bytes. */
module.exports.Client = class Client {
  constructor(socket, { maxLineBytes, maxBacklogBytes }, { onLine, onClose }) {
    this.socket = socket;
    this.maxLineBytes = maxLineBytes;
    this.maxBacklogBytes = maxBacklogBytes;
    this.onLine = onLine;
    this.channels = new Set();
    this.parts = [];
    this.partsBytes = 0;
    this.pending = 0;
    this.hasEnded = false;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    socket.on("data", (bytes) => this.read(bytes));
    socket.on("end", () => this.end());
    socket.on("error", () => socket.destroy());
    socket.on("close", onClose);
  }

  /** A line may come in many pieces, and one piece may have many lines. Bytes become text by lines: characters are never cut. */
  read(bytes) {
    let start = 0;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
      this.keep(bytes.subarray(start, end));
      if (this.socket.destroyed) return;
      start = end + 1;
      this.finishLine();
    }
    this.keep(bytes.subarray(start));
  }

  /** A line that does not end is given up before it fills the memory. */
  keep(part) {
    this.partsBytes += part.length;
    if (this.partsBytes > this.maxLineBytes) this.socket.destroy();
    else if (part.length > 0) this.parts.push(part);
  }

  finishLine() {
    const line = Buffer.concat(this.parts).toString().trim();
    this.parts = [];
    this.partsBytes = 0;
    if (line !== "") this.onLine(line);
  }

  /** A request runs; {@link finish} when it is answered. */
  begin() {
    this.pending++;
  }

  finish() {
    this.pending--;
    if (this.hasEnded && this.pending === 0) this.socket.end();
  }

  /** A client that has said all, as `nc` at the end of its input, still gets its answers. */
  end() {
    this.hasEnded = true;
    if (this.pending === 0) this.socket.end();
  }

  /** A client that does not read what it asked for is cut off. */
  send(line) {
    if (this.socket.writableEnded || this.socket.destroyed) return;
    this.socket.write(`${line}\n`);
    if (this.socket.writableLength > this.maxBacklogBytes) this.socket.destroy();
  }

  /** What was written before still arrives; a client that keeps its side open is cut off after a second. */
  close() {
    this.socket.end();
    setTimeout(() => this.socket.destroy(), 1_000).unref();
  }
};
