import jsonwebtoken, { type JwtPayload } from "jsonwebtoken";
import { isPlainObject, kerror, kerrorFrom, uuid } from "../../kernel/index.ts";
import { apiKeyPrefix, authTokenPrefix } from "./token.ts";

/** Longer texts are no tokens of ours: they are refused before any work is done on them. */
const maxLength = 8_192;

export interface Claims {
  readonly userId: string;
}

/** Signs and checks the text of tokens: `kauth-<JWT>` and `kapikey-<JWT>`. */
export class Signer {
  readonly #secret: string;
  readonly #algorithm: "HS256" | "HS384" | "HS512";

  constructor(secret: string, algorithm: "HS256" | "HS384" | "HS512") {
    this.#secret = secret;
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
      const text = jsonwebtoken.sign(claims, this.#secret, { algorithm: this.#algorithm });
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
    let payload: string | JwtPayload;
    try {
      payload = jsonwebtoken.verify(text.slice(prefix.length), this.#secret, {
        algorithms: [this.#algorithm],
        clockTimestamp: Math.floor(now / 1_000),
      });
    } catch (error) {
      throw kerrorFrom(error, "security.token.invalid");
    }
    if (!isPlainObject(payload) || typeof payload._id !== "string" || payload._id === "") {
      throw kerror("security.token.invalid");
    }
    return { userId: payload._id };
  }
}
