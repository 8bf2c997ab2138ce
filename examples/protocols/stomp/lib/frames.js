"use strict";

const newline = 0x0a;
const carriageReturn = 0x0d;
const nul = 0x00;
const nothing = Buffer.alloc(0);

/** STOMP 1.2, "Value Encoding": a header may hold these, written as the others. */
const escapes = { "\\": "\\\\", "\r": "\\r", "\n": "\\n", ":": "\\c" };
const unescapes = Object.fromEntries(Object.entries(escapes).map(([character, written]) => [written, character]));

const writeText = (text) => text.replaceAll(/[\\\r\n:]/g, (character) => escapes[character]);

function readText(text) {
  return text.replaceAll(/\\(.?)/g, (written) => {
    if (!Object.hasOwn(unescapes, written)) throw new Error(`a header has the unknown escape "${written}"`);
    return unescapes[written];
  });
}

/** A frame as bytes; `body` is text. */
module.exports.encode = (command, headers, body = "") => {
  // STOMP 1.2, "Value Encoding": CONNECTED is as in 1.0, without escapes.
  const write = command === "CONNECTED" ? (text) => text : writeText;
  const lines = Object.entries(headers).map(([name, value]) => `${write(name)}:${write(String(value))}\n`);
  const bytes = Buffer.from(body);
  const length = bytes.length === 0 ? "" : `content-length:${bytes.length}\n`;
  return Buffer.concat([Buffer.from(`${command}\n${lines.join("")}${length}\n`), bytes, Buffer.from([nul])]);
};

/**
 * Bytes to frames, in whatever pieces they come. `onFrame` gets `{ command, headers, body }`. `read` throws for what is no frame, and for one
 * that is longer than `maxBytes`.
 */
module.exports.FrameReader = class FrameReader {
  constructor(maxBytes, onFrame) {
    this.maxBytes = maxBytes;
    this.onFrame = onFrame;
    this.bytes = nothing;
  }

  read(bytes) {
    this.bytes = this.bytes.length === 0 ? bytes : Buffer.concat([this.bytes, bytes]);
    for (let rest = this.next(); rest !== undefined; rest = this.next()) this.bytes = rest;
    if (this.bytes.length > this.maxBytes) throw new Error(`a frame is longer than ${this.maxBytes} bytes`);
  }

  /** Takes one frame, and answers what is behind it; undefined when there is none yet. */
  next() {
    let start = 0;
    while (this.bytes[start] === newline || this.bytes[start] === carriageReturn) start++; // heart-beats, and ends of lines between frames
    if (start === this.bytes.length) return start === 0 ? undefined : nothing;
    const head = this.headOf(start);
    if (head === undefined) return undefined;
    const { command, headers, bodyAt } = head;
    const end = this.endOf(headers, bodyAt);
    if (end === undefined) return undefined;
    this.onFrame({ command, headers, body: this.bytes.toString("utf8", bodyAt, end) });
    return this.bytes.subarray(end + 1);
  }

  headOf(start) {
    const lines = [];
    for (let at = start; ; ) {
      const end = this.bytes.indexOf(newline, at);
      if (end < 0) return undefined;
      const line = this.bytes.toString("utf8", at, this.bytes[end - 1] === carriageReturn ? end - 1 : end);
      at = end + 1;
      if (line !== "") lines.push(line);
      else return { command: lines[0], headers: headersOf(lines), bodyAt: at };
    }
  }

  endOf(headers, bodyAt) {
    const { "content-length": written } = headers;
    if (written === undefined) {
      const end = this.bytes.indexOf(nul, bodyAt);
      return end < 0 ? undefined : end;
    }
    const length = Number(written);
    if (!/^\d+$/.test(written) || length > this.maxBytes)
      throw new Error("its content-length is no size that is taken");
    const end = bodyAt + length;
    if (end >= this.bytes.length) return undefined;
    if (this.bytes[end] !== nul) throw new Error("its body is longer than its content-length");
    return end;
  }
};

function headersOf([command, ...lines]) {
  const read = command === "CONNECT" || command === "STOMP" ? (text) => text : readText;
  const headers = Object.create(null);
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon < 0) throw new Error("a header has no colon");
    const name = read(line.slice(0, colon));
    // STOMP 1.2, "Repeated Header Entries": the first counts.
    headers[name] ??= read(line.slice(colon + 1));
  }
  return headers;
}
