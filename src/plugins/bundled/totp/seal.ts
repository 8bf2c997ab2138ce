import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { InternalError } from "../../../kernel/index.ts";

const mark = "sealed:";
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Encrypts the secrets of factors (AES-256-GCM) under a key out of the vault, bound to their user. Without a key they are kept as they are; what
 * was kept so before there was one is read still, and sealed when it is written again.
 */
export class Seal {
  readonly #key: Buffer | undefined;

  constructor(secret: string | undefined) {
    this.#key = secret === undefined ? undefined : Buffer.from(hkdfSync("sha256", secret, "", "totp secrets", 32));
  }

  close(secret: string, kuid: string): string {
    if (this.#key === undefined) return secret;
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonce).setAAD(Buffer.from(kuid));
    const sealed = Buffer.concat([nonce, cipher.update(secret, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return mark + sealed.toString("base64");
  }

  /** Error: `InternalError` (500) when the key is missing or another one, so that nobody gets in without his second factor. */
  open(stored: string, kuid: string): string {
    if (!stored.startsWith(mark)) return stored;
    try {
      if (this.#key === undefined) throw new Error("The vault has no totp.key.");
      const sealed = Buffer.from(stored.slice(mark.length), "base64");
      const decipher = createDecipheriv("aes-256-gcm", this.#key, sealed.subarray(0, nonceBytes))
        .setAAD(Buffer.from(kuid))
        .setAuthTag(sealed.subarray(-tagBytes));
      return decipher.update(sealed.subarray(nonceBytes, -tagBytes), undefined, "utf8") + decipher.final("utf8");
    } catch (cause) {
      const message =
        "The second factor of this user cannot be read: totp.key of the vault is missing, or another one.";
      throw new InternalError(message, "plugin.totp.unreadable", 0x04a00007, { cause });
    }
  }
}
