import { isPlainObject, type JSONObject, kerror } from "../../kernel/index.ts";
import type { Application } from "../application.ts";
import { ApplicationManager } from "./application-manager.ts";

/** What `app.import.mappings` takes: `{ index: { collection: { mappings, settings } } }`. */
export type ImportedMappings = Readonly<
  Record<string, Readonly<Record<string, { readonly mappings?: JSONObject; readonly settings?: JSONObject }>>>
>;

/**
 * `app.import`: what the application wants loaded at its start, once for the same content (contract/plugins/framework.md section 4). Of
 * repeated definitions the last one counts.
 * Errors: `plugin.runtime.already_started` after the start, `validation.assert.invalid_type` (412) for what is no object.
 */
export class BackendImport extends ApplicationManager {
  mappings(mappings: ImportedMappings): void {
    const merged: Record<string, unknown> = { ...this.application.imports.mappings };
    for (const [index, collections] of Object.entries(this.#checked("mappings", mappings))) {
      const before = merged[index];
      merged[index] = { ...(isPlainObject(before) && before), ...this.#checked(`mappings.${index}`, collections) };
    }
    this.#set({ mappings: merged });
  }

  profiles(profiles: JSONObject): void {
    this.#set({ profiles: { ...this.application.imports.profiles, ...this.#checked("profiles", profiles) } });
  }

  roles(roles: JSONObject): void {
    this.#set({ roles: { ...this.application.imports.roles, ...this.#checked("roles", roles) } });
  }

  userMappings(mappings: JSONObject): void {
    this.#set({ userMappings: this.#checked("userMappings", mappings) });
  }

  /** `onExistingUsers` counts for all users that are imported. */
  users(users: JSONObject, options: { readonly onExistingUsers?: "skip" | "overwrite" } = {}): void {
    this.#set({ users: { ...this.application.imports.users, ...this.#checked("users", users) } });
    if (options.onExistingUsers !== undefined) this.#set({ onExistingUsers: options.onExistingUsers });
  }

  #checked(what: string, content: unknown): JSONObject {
    this.life.assertOpen(`import.${what}`);
    if (!isPlainObject(content)) throw kerror("validation.assert.invalid_type", `import.${what}`, "an object");
    return content;
  }

  #set(section: Application["imports"]): void {
    this.application.imports = { ...this.application.imports, ...section };
  }
}
