import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { isPlainObject, KuzzleError } from "../../../kernel/index.ts";
import type { Repository } from "../../storage/repository.ts";

/** The proof that the first factor was right: what for, whose, until when (epoch milliseconds). */
export interface Challenge {
  readonly purpose: "code" | "enrol";
  readonly kuid: string;
  readonly expiresAt: number;
}

/** Signs challenges: `<claims>.<signature>`. Nothing is stored for a login that stops half way. */
export class Challenges {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    this.#key = key;
  }

  make(challenge: Challenge): string {
    const claims = Buffer.from(JSON.stringify(challenge)).toString("base64url");
    return `${claims}.${this.#sign(claims).toString("base64url")}`;
  }

  /** Undefined for whatever is wrong with it, its end included. */
  read(text: unknown, now: number): Challenge | undefined {
    if (typeof text !== "string" || text.length > 4_096) return undefined;
    const [claims = "", signature = "", more] = text.split(".");
    const given = Buffer.from(signature, "base64url");
    const expected = this.#sign(claims);
    if (more !== undefined || given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    const challenge: unknown = JSON.parse(Buffer.from(claims, "base64url").toString());
    if (!isPlainObject(challenge)) return undefined;
    const { purpose, kuid, expiresAt } = challenge;
    if (typeof kuid !== "string" || typeof expiresAt !== "number" || expiresAt <= now) return undefined;
    return purpose === "code" || purpose === "enrol" ? { purpose, kuid, expiresAt } : undefined;
  }

  #sign(claims: string): Buffer {
    return createHmac("sha256", this.#key).update(claims).digest();
  }
}

const keyId = "challenges";

/** The key of challenges: made once, kept in the plugin's storage. */
export async function challengeKey(config: Repository): Promise<Buffer> {
  const read = async (): Promise<Buffer | undefined> => {
    const [stored] = (await config.mGet([keyId])) as { key?: unknown }[];
    return typeof stored?.key === "string" ? Buffer.from(stored.key, "hex") : undefined;
  };
  const known = await read();
  if (known !== undefined) return known;
  const key = randomBytes(32);
  try {
    await config.create({ _id: keyId, key: key.toString("hex") }, { refresh: true });
    return key;
  } catch (error) {
    const other = error instanceof KuzzleError ? await read() : undefined; // another node was faster
    if (other === undefined) throw error;
    return other;
  }
}
