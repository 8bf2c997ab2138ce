import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { isPlainObject } from "../../../kernel/index.ts";
import type { CredentialsRepository, LocalStrategyContext } from "./context.ts";
import type { LocalCredentials } from "./credentials-store.ts";

const secretId = "resetPasswordSecret";

interface Claims {
  readonly kuid: string;
  /** Epoch milliseconds, -1 for never. */
  readonly expiresAt: number;
}

/**
 * Tokens that allow to set a new password: `<claims>.<signature>`. The signature covers the present password's hash, so that a token is
 * worth nothing once the password has changed.
 */
export class ResetTokens {
  readonly #context: LocalStrategyContext;
  readonly #secret: string;
  readonly #lifetimeMs: number;

  constructor(context: LocalStrategyContext, secret: string, lifetimeMs: number) {
    this.#context = context;
    this.#secret = secret;
    this.#lifetimeMs = lifetimeMs;
  }

  make(credentials: LocalCredentials, now: number): string {
    const { kuid } = credentials;
    const expiresAt = this.#lifetimeMs < 0 ? -1 : now + this.#lifetimeMs;
    const claims = Buffer.from(JSON.stringify({ kuid, expiresAt } satisfies Claims)).toString("base64url");
    return `${claims}.${this.#sign(claims, credentials).toString("base64url")}`;
  }

  /** The credentials that the token is for. Errors: `invalid_token` (400), `expired_token` (401). */
  async redeem(
    token: string,
    now: number,
    find: (kuid: string) => Promise<LocalCredentials | undefined>,
  ): Promise<LocalCredentials> {
    const [claims = "", signature = ""] = token.split(".");
    const { kuid, expiresAt } = this.#parse(claims);
    const credentials = await find(kuid);
    if (credentials === undefined) throw this.#context.kerror.get("invalid_token");
    const expected = this.#sign(claims, credentials);
    const given = Buffer.from(signature, "base64url");
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      throw this.#context.kerror.get("invalid_token");
    if (expiresAt !== -1 && expiresAt <= now) throw this.#context.kerror.get("expired_token");
    return credentials;
  }

  #parse(claims: string): Claims {
    try {
      const parsed: unknown = JSON.parse(Buffer.from(claims, "base64url").toString());
      if (isPlainObject(parsed) && typeof parsed.kuid === "string" && typeof parsed.expiresAt === "number") {
        return { kuid: parsed.kuid, expiresAt: parsed.expiresAt };
      }
    } catch {
      // Not even JSON: the same answer as for any other wrong token.
    }
    throw this.#context.kerror.get("invalid_token");
  }

  #sign(claims: string, { userPassword, updatedAt }: LocalCredentials): Buffer {
    return createHmac("sha256", this.#secret)
      .update(JSON.stringify([claims, userPassword, updatedAt]))
      .digest();
  }
}

/** The key of reset tokens: made at the first start, kept in the plugin's storage. */
export async function resetSecret(repository: CredentialsRepository): Promise<string> {
  const read = async (): Promise<string | undefined> => {
    const [stored] = await repository.mGet([secretId]);
    const { secret } = (stored ?? {}) as { secret?: unknown };
    return typeof secret === "string" ? secret : undefined;
  };
  const known = await read();
  if (known !== undefined) return known;
  const secret = randomBytes(64).toString("hex");
  try {
    await repository.create({ _id: secretId, secret });
    return secret;
  } catch (error) {
    const other = await read(); // another node was faster
    if (other === undefined) throw error;
    return other;
  }
}
