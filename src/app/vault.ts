import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { type JSONObject, kerror, kerrorFrom } from "../kernel/index.ts";

/** Where the secrets lie; either may be missing. */
export interface VaultPlace {
  readonly key: string | undefined;
  /** Relative to the root; `config/secrets.enc.json` unless it is given. */
  readonly file: string | undefined;
}

/**
 * The decrypted secrets of the application; empty when there is neither a key nor a file.
 * Errors: `core.vault.key_not_found` for a file without key, `core.vault.cannot_decrypt` for a key without file, or the wrong one.
 */
export function readSecrets(root: string, { key, file: named }: VaultPlace): JSONObject {
  const file = resolve(root, named ?? "config/secrets.enc.json");
  const isThere = existsSync(file);
  if (key === undefined && !isThere) {
    if (named === undefined) return {};
    throw kerror("core.vault.cannot_decrypt", `there is no file at "${file}", and no key to open it`);
  }
  if (key === undefined) throw kerror("core.vault.key_not_found", file);
  if (!isThere) throw kerror("core.vault.cannot_decrypt", `there is a key, but no file at "${file}"`);
  try {
    const { Vault } = createRequire(import.meta.url)("kuzzle-vault") as {
      Vault: new (key: string) => { decrypt(file: string): void; secrets: JSONObject };
    };
    const vault = new Vault(key);
    vault.decrypt(file);
    return vault.secrets;
  } catch (error) {
    throw kerrorFrom(error, "core.vault.cannot_decrypt", `"${file}" does not open with this key`);
  }
}
