import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { type JSONObject, kerror, kerrorFrom } from "../kernel/index.ts";

/**
 * The decrypted secrets of the application: key from `KUZZLE_VAULT_KEY`, file from `KUZZLE_SECRETS_FILE` or `config/secrets.enc.json`.
 * Errors: `core.vault.key_not_found` for a file without key, `core.vault.cannot_decrypt` for a key without file, or the wrong one.
 */
export function readSecrets(root: string, env: Readonly<Record<string, string | undefined>>): JSONObject {
  const key = env.KUZZLE_VAULT_KEY;
  const file = resolve(root, env.KUZZLE_SECRETS_FILE ?? "config/secrets.enc.json");
  const isThere = existsSync(file);
  if (key === undefined && !isThere) return {};
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
