import { kerror } from "../../kernel/index.ts";
import type { Installation } from "../installations.ts";

/** What `app.install` takes. Error: `validation.assert.invalid_type` (412). */
export function checkInstallation(installation: Installation): Installation {
  const { id, handler, description } = installation;
  if (typeof id !== "string" || id === "") throw kerror("validation.assert.invalid_type", "id", "a text");
  if (typeof handler !== "function") throw kerror("validation.assert.invalid_type", "handler", "a function");
  if (description !== undefined && typeof description !== "string") {
    throw kerror("validation.assert.invalid_type", "description", "a text");
  }
  return installation;
}
