import { createRequire } from "node:module";
import type jsonwebtoken from "jsonwebtoken";
import type { JwtPayload } from "jsonwebtoken";
import { isPlainObject, kerror, kerrorFrom, uuid } from "../../kernel/index.ts";
import type { Keyring } from "./keyring.ts";
import { apiKeyPrefix, authTokenPrefix } from "./token.ts";

/** Longer texts are no tokens of ours: they are refused before any work is done on them. */
const maxLength = 8_192;

export interface Claims {
  readonly userId: string;
}

type Algorithm = "HS256" | "HS384" | "HS512";

/** Signs and checks the text of tokens: `kauth-<JWT>` and `kapikey-<JWT>`. */
export class Signer {
  readonly #keyring: Keyring;
  readonly #algorithm: Algorithm;
  #loaded: typeof jsonwebtoken | undefined;

  constructor(keyring: Keyring, algorithm: Algorithm) {
    this.#keyring = keyring;
    this.#algorithm = algorithm;
  }

  /**
   * `expiresAt` -1: no end. Each text is unique, through its claim `jti`.
   * Error: `security.token.generation_failed` (500).
   */
  sign(type: "authToken" | "apiKey", userId: string, now: number, expiresAt: number): string {
    const claims: Record<string, unknown> = { _id: userId, iat: Math.floor(now / 1_000), jti: uuid() };
    if (expiresAt !== -1) claims.exp = Math.ceil(expiresAt / 1_000);
    try {
      const text = this.#library.sign(claims, this.#keyring.secret, {
        algorithm: this.#algorithm,
        keyid: this.#keyring.keyId,
      });
      return (type === "apiKey" ? apiKeyPrefix : authTokenPrefix) + text;
    } catch (error) {
      throw kerrorFrom(error, "security.token.generation_failed", error instanceof Error ? error.message : "");
    }
  }

  /** Error: `security.token.invalid` (401), whatever is wrong with the text. */
  verify(text: string, now: number): Claims {
    const prefix = text.startsWith(authTokenPrefix)
      ? authTokenPrefix
      : text.startsWith(apiKeyPrefix)
        ? apiKeyPrefix
        : undefined;
    if (prefix === undefined || text.length > maxLength) throw kerror("security.token.invalid");
    const payload = this.#payloadOf(text.slice(prefix.length), now);
    if (!isPlainObject(payload) || typeof payload._id !== "string" || payload._id === "") {
      throw kerror("security.token.invalid");
    }
    return { userId: payload._id };
  }

  /** With the first token: its many files are a twentieth of a start. */
  get #library(): typeof jsonwebtoken {
    this.#loaded ??= createRequire(import.meta.url)("jsonwebtoken") as typeof jsonwebtoken;
    return this.#loaded;
  }

  /** The algorithm is ours to choose: what the header of the text says of it is compared, never followed. */
  #payloadOf(jwt: string, now: number): string | JwtPayload {
    let cause: unknown;
    for (const secret of this.#keyring.candidates(keyIdIn(jwt))) {
      try {
        return this.#library.verify(jwt, secret, {
          algorithms: [this.#algorithm],
          clockTimestamp: Math.floor(now / 1_000),
        });
      } catch (error) {
        cause = error;
      }
    }
    throw kerrorFrom(cause, "security.token.invalid");
  }
}

/** Which secret the text says has signed it; undefined when it says nothing. */
function keyIdIn(jwt: string): unknown {
  try {
    const header: unknown = JSON.parse(Buffer.from(jwt.slice(0, jwt.indexOf(".")), "base64url").toString());
    return isPlainObject(header) ? header.kid : undefined;
  } catch {
    return undefined;
  }
}
