import { type JSONObject, kerror } from "../../kernel/index.ts";
import type { Application } from "../application.ts";
import { readSecrets } from "../vault.ts";
import { ApplicationManager } from "./application-manager.ts";
import type { Lifecycle } from "./lifecycle.ts";

/** `app.vault`: where the encrypted secrets lie, and what they say. */
export class BackendVault extends ApplicationManager {
  readonly #root: string;
  readonly #env: Readonly<Record<string, string | undefined>>;
  #key: string | undefined;
  #file: string | undefined;
  #secrets: JSONObject | undefined;

  constructor(
    application: Application,
    life: Lifecycle,
    root: string,
    env: Readonly<Record<string, string | undefined>>,
  ) {
    super(application, life);
    this.#root = root;
    this.#env = env;
  }

  get key(): string | undefined {
    return this.#key;
  }

  /** In the place of `KUZZLE_VAULT_KEY`. Errors: `plugin.runtime.already_started`, `validation.assert.invalid_type`. */
  set key(key: string) {
    this.#key = this.#checked("vault.key", key);
  }

  get file(): string | undefined {
    return this.#file;
  }

  /** In the place of `KUZZLE_SECRETS_FILE`; relative to the root. Errors: as `key`. */
  set file(file: string) {
    this.#file = this.#checked("vault.file", file);
  }

  /** Decrypted when first read; empty without a key and a file. Errors: `core.vault.key_not_found`, `core.vault.cannot_decrypt`. */
  get secrets(): JSONObject {
    this.#secrets ??= readSecrets(this.#root, {
      key: this.#key ?? this.#env.KUZZLE_VAULT_KEY,
      file: this.#file ?? this.#env.KUZZLE_SECRETS_FILE,
    });
    return this.#secrets;
  }

  #checked(what: string, text: unknown): string {
    this.life.assertNotBegun(what);
    if (typeof text !== "string" || text === "") throw kerror("validation.assert.invalid_type", what, "a text");
    this.#secrets = undefined;
    return text;
  }
}
