import { createHash, randomBytes } from "node:crypto";

const alphabet = "abcdefghijkmnpqrstuvwxyz23456789"; // 32 signs, none of which looks like another

/** A code of 80 random bits, as people can copy it: `k3f9-…`, four groups of four. */
function makeCode(): string {
  const signs = [...randomBytes(16)].map((byte) => alphabet[byte & 31] ?? "").join("");
  return signs.replace(/(.{4})(?=.)/g, "$1-");
}

export const makeRecoveryCodes = (count: number): string[] => Array.from({ length: count }, makeCode);

/** What is kept of a code. Of 80 random bits a plain hash is enough: there is no list of likely ones to try. */
export const recoveryHash = (code: string): string =>
  createHash("sha256").update(code.toLowerCase().replace(/[\s-]/g, "")).digest("hex");
