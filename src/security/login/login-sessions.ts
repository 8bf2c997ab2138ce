import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { parse, serialize } from "cookie";
import { type Clock, isPlainObject, type JSONObject, type KuzzleRequest, kerror } from "../../kernel/index.ts";
import { isEncrypted } from "./encrypted-link.ts";

/** Name of the cookie that carries what a strategy must remember between its steps. */
export const loginCookieName = "loginSession";

const cipher = "aes-256-gcm";
const ivBytes = 12;
const tagBytes = 16;
/** How long a user may take at the provider. */
const lifeMs = 10 * 60 * 1_000;
/** Browsers drop a cookie of more than 4096 bytes, its name and attributes included, without a word. */
const maxLength = 3_900;

/** The session of one login: strategies write to `content`, which is empty when there is none. */
export interface LoginSession {
  readonly content: JSONObject;
  /** What the request brought, to see what has changed. */
  readonly before: string;
}

/**
 * What strategies of several steps, as those of OAuth 2 and OpenID Connect, keep in `request.session` between the redirect and the callback:
 * the state, the nonce, the verifier of PKCE. It is kept in a cookie that only servers with the same secret can read or make, so that any node
 * may answer the callback, and that belongs to one strategy and one browser. It ends with the login, or after ten minutes.
 * Source: decision 0015.
 */
export class LoginSessions {
  readonly #secrets: () => readonly string[];
  readonly #clock: Clock;
  readonly #secureCookies: boolean;

  /**
   * `secrets`: those of the tokens, which all nodes share; the first one seals, and every one opens. `secureCookies`: also where the
   * request did not come by TLS.
   */
  constructor(secrets: () => readonly string[], clock: Clock, secureCookies = false) {
    this.#secrets = secrets;
    this.#clock = clock;
    this.#secureCookies = secureCookies;
  }

  /** The session in the cookie of a request. A cookie that is old, forged or of another strategy is none. */
  open(strategy: string, request: KuzzleRequest): LoginSession {
    const { headers } = request.context.connection.misc;
    const cookies = isPlainObject(headers) && typeof headers.cookie === "string" ? parse(headers.cookie) : {};
    const sealed = cookies[loginCookieName];
    const content = (sealed === undefined ? undefined : this.#unseal(strategy, sealed)) ?? {};
    return { content, before: JSON.stringify(content) };
  }

  /**
   * Sends the cookie along when a strategy has changed its session.
   * Error: `plugin.runtime.unexpected_error` (500) for more than a cookie holds.
   */
  save(strategy: string, { content, before }: LoginSession, request: KuzzleRequest): void {
    const text = JSON.stringify(content);
    if (text === before) return;
    const isEmpty = text === "{}";
    const value = isEmpty ? "" : this.#seal(strategy, content);
    if (value.length > maxLength) {
      const why = `strategy "${strategy}" keeps more in its session than a cookie holds (${maxLength} characters).`;
      throw kerror("plugin.runtime.unexpected_error", why);
    }
    // Lax: the browser comes back by a redirect of the provider, which is another site.
    const cookie = serialize(loginCookieName, value, {
      path: "/",
      httpOnly: true,
      sameSite: "lax",
      secure: this.#secureCookies || isEncrypted(request),
      maxAge: isEmpty ? 0 : lifeMs / 1_000,
    });
    request.response.setHeader("Set-Cookie", cookie);
  }

  #seal(strategy: string, content: JSONObject): string {
    const [secret = ""] = this.#secrets();
    const iv = randomBytes(ivBytes);
    const sealing = createCipheriv(cipher, keyOf(secret), iv).setAAD(Buffer.from(strategy));
    const text = JSON.stringify({ content, expiresAt: this.#clock.now() + lifeMs });
    const body = Buffer.concat([sealing.update(text, "utf8"), sealing.final()]);
    return Buffer.concat([iv, sealing.getAuthTag(), body]).toString("base64url");
  }

  #unseal(strategy: string, sealed: string): JSONObject | undefined {
    if (sealed.length > maxLength) return undefined;
    const bytes = Buffer.from(sealed, "base64url");
    if (bytes.length <= ivBytes + tagBytes) return undefined;
    for (const secret of this.#secrets()) {
      const content = this.#unsealBy(secret, strategy, bytes);
      if (content !== undefined) return content;
    }
    return undefined;
  }

  #unsealBy(secret: string, strategy: string, bytes: Buffer): JSONObject | undefined {
    const opening = createDecipheriv(cipher, keyOf(secret), bytes.subarray(0, ivBytes), { authTagLength: tagBytes });
    opening.setAAD(Buffer.from(strategy)).setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
    try {
      const text = opening.update(bytes.subarray(ivBytes + tagBytes), undefined, "utf8") + opening.final("utf8");
      const { content, expiresAt } = JSON.parse(text) as { content: JSONObject; expiresAt: number };
      return expiresAt > this.#clock.now() ? content : undefined;
    } catch {
      return undefined; // not sealed by this secret for this strategy
    }
  }
}

const keyOf = (secret: string): Buffer => Buffer.from(hkdfSync("sha256", secret, "", "login session", 32));
