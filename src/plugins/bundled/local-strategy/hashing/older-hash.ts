import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from "node:crypto";

/** How a password was kept by the releases of the plugin for Kuzzle. Source: contract/security.md section 15. */
export interface OlderHash {
  readonly userPassword: string;
  readonly userSalt?: string | undefined;
  readonly algorithm?: string | undefined;
  readonly stretching?: boolean | undefined;
  readonly encryption?: string | undefined;
}

export interface OlderHashOptions {
  /** Encoding of the stored text. */
  readonly digest: "hex" | "base64" | "base64url" | "latin1";
  /** Key of the very first releases, which had no salt. */
  readonly secret: string | undefined;
  readonly algorithm: string;
}

/** Bytes of a stretched password: twice the output for SHA-1, 8 bits for each of SHA-2's. */
const lengths: ReadonlyMap<string, number> = new Map([
  ["sha1", 40],
  ["sha224", 224],
  ["sha256", 256],
  ["sha384", 384],
  ["sha512", 512],
]);

const iterations = 10_000;

/** `RSA-SHA512` and `sha512WithRSAEncryption` are other names of `sha512`. */
const plainName = (algorithm: string): string =>
  algorithm
    .toLowerCase()
    .replace(/^rsa-/, "")
    .replace(/withrsaencryption$/, "");

function digestOf(password: string, hash: OlderHash, options: OlderHashOptions): Buffer {
  const algorithm = plainName(hash.algorithm ?? options.algorithm);
  const salt = hash.userSalt ?? "";
  if (hash.stretching === true) {
    return pbkdf2Sync(password, salt, iterations, lengths.get(algorithm) ?? 512, algorithm);
  }
  if (hash.encryption === "hash") {
    return createHash(algorithm)
      .update(salt === "" ? password : `${salt}:${password}`)
      .digest();
  }
  return createHmac(algorithm, salt === "" ? (options.secret ?? "") : salt)
    .update(password)
    .digest();
}

/** False also for a hash that cannot be made again: an unknown algorithm, an empty text. */
export function matchesOlderHash(password: string, hash: OlderHash, options: OlderHashOptions): boolean {
  try {
    const actual = Buffer.from(digestOf(password, hash, options).toString(options.digest));
    const expected = Buffer.from(hash.userPassword);
    return expected.length > 0 && actual.length === expected.length && timingSafeEqual(actual, expected);
  } catch {
    return false;
  }
}
