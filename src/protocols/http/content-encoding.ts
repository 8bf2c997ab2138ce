import { promisify } from "node:util";
import { gunzip, inflate, inflateRaw } from "node:zlib";
import { kerror, kerrorFrom } from "../../kernel/index.ts";

const undo = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  rawDeflate: promisify(inflateRaw),
} as const;

export interface DecodingLimits {
  readonly maxRequestSizeBytes: number;
  readonly maxEncodingLayers: number;
  readonly allowCompression: boolean;
}

type Layer = "gzip" | "deflate";

/**
 * The layers of a Content-Encoding header, in the order in which they were put on; `identity` is left out.
 *
 * Errors: `network.http.too_many_encodings`, `unsupported_compression`, `compression_disabled`.
 */
export function encodingLayers(header: string | undefined, limits: DecodingLimits): readonly Layer[] {
  if (header === undefined || header === "" || header === "identity") return [];
  const names = header.split(",");
  if (names.length > limits.maxEncodingLayers) throw kerror("network.http.too_many_encodings");
  const layers: Layer[] = [];
  for (const item of names) {
    const name = item.trim().toLowerCase();
    if (name === "identity" || name === "") continue;
    if (name !== "gzip" && name !== "deflate") throw kerror("network.http.unsupported_compression", name);
    if (!limits.allowCompression) throw kerror("network.http.compression_disabled");
    layers.push(name);
  }
  return layers;
}

/**
 * Takes the layers off, from last to first, on the thread pool. A bomb is stopped at the limit, not after it has gone off.
 *
 * Errors: `network.http.request_too_large`; `network.http.unexpected_error` for corrupt data.
 */
export async function decodeBody(body: Buffer, layers: readonly Layer[], maxBytes: number): Promise<Buffer> {
  let bytes = body;
  for (let i = layers.length - 1; i >= 0; i--) bytes = await takeOff(bytes, layers[i] as Layer, maxBytes);
  return bytes;
}

async function takeOff(bytes: Buffer, layer: Layer, maxBytes: number): Promise<Buffer> {
  const run = layer === "gzip" ? undo.gzip : isZlib(bytes) ? undo.deflate : undo.rawDeflate;
  try {
    return await run(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE")
      throw kerror("network.http.request_too_large");
    throw kerrorFrom(error, "network.http.unexpected_error", `the body is not valid ${layer} data`);
  }
}

/** Some clients send `deflate` without the two bytes of RFC 1950 in front. */
function isZlib(bytes: Buffer): boolean {
  const [first = 0, second = 0] = bytes;
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0;
}
