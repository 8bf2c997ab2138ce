/** One text message ready for the wire: server frames are not masked, so all sockets can share it (RFC 6455, 5.2). */
export class Frame {
  /** Header and payload. */
  readonly bytes: Buffer;
  readonly headerLength: number;

  constructor(bytes: Buffer, headerLength: number) {
    this.bytes = bytes;
    this.headerLength = headerLength;
  }

  /** For sockets that compress: their sender frames by itself. */
  get payload(): Buffer {
    return this.bytes.subarray(this.headerLength);
  }

  static fromText(text: string): Frame {
    const length = Buffer.byteLength(text);
    const frame = Frame.#allocate(length);
    frame.bytes.write(text, frame.headerLength, length);
    return frame;
  }

  /** A text in two parts, the first encoded already: what a broadcast to several channels has in common. */
  static fromParts(head: Buffer, tail: string): Frame {
    const tailLength = Buffer.byteLength(tail);
    const frame = Frame.#allocate(head.length + tailLength);
    head.copy(frame.bytes, frame.headerLength);
    frame.bytes.write(tail, frame.headerLength + head.length, tailLength);
    return frame;
  }

  static #allocate(length: number): Frame {
    const headerLength = length < 126 ? 2 : length < 65_536 ? 4 : 10;
    const bytes = Buffer.allocUnsafe(headerLength + length);
    bytes[0] = 0x81; // final frame of a text message
    if (headerLength === 2) {
      bytes[1] = length;
    } else if (headerLength === 4) {
      bytes[1] = 126;
      bytes.writeUInt16BE(length, 2);
    } else {
      bytes[1] = 127;
      bytes.writeBigUInt64BE(BigInt(length), 2);
    }
    return new Frame(bytes, headerLength);
  }
}
