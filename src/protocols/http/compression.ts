import { promisify } from "node:util";
import { deflate, gzip } from "node:zlib";

const compressors = { gzip: promisify(gzip), deflate: promisify(deflate) } as const;

export type Coding = keyof typeof compressors;

/** Bodies below this many bytes go as they are: they fit one packet, and compressing costs more than it saves. */
export const compressionThresholdBytes = 1_024;

/** A fast level: half the time of the default for a few percent of size on JSON. */
const level = 4;

/**
 * What the client likes best of gzip and deflate, gzip on a tie; undefined for neither. A name without `q` counts 1 and `q=0` is a
 * refusal (RFC 9110, 12.5.3).
 */
export function negotiate(acceptEncoding: string | undefined): Coding | undefined {
  if (acceptEncoding === undefined || acceptEncoding === "") return undefined;
  let gzipWeight = 0;
  let deflateWeight = 0;
  for (const item of acceptEncoding.split(",")) {
    const semicolon = item.indexOf(";");
    const name = (semicolon < 0 ? item : item.slice(0, semicolon)).trim().toLowerCase();
    if (name === "gzip") gzipWeight = weight(item, semicolon);
    else if (name === "deflate") deflateWeight = weight(item, semicolon);
  }
  if (gzipWeight > 0 && gzipWeight >= deflateWeight) return "gzip";
  return deflateWeight > 0 ? "deflate" : undefined;
}

function weight(item: string, semicolon: number): number {
  if (semicolon < 0) return 1;
  const parameter = item.slice(semicolon + 1).trim();
  if (!parameter.toLowerCase().startsWith("q=")) return 1;
  const q = Number(parameter.slice(2));
  return Number.isNaN(q) ? 0 : q;
}

/** On the thread pool. */
export const compress = (coding: Coding, body: string): Promise<Buffer> => compressors[coding](body, { level });
