import type { ControllerDefinition } from "../../../events/index.ts";
import type { Security } from "../../../security/index.ts";
import { apiKeyActions } from "./api-keys.ts";
import { myCredentialActions } from "./credentials.ts";
import { selfActions } from "./self.ts";
import { sessionActions } from "./sessions.ts";

/** The caller: sessions, credentials, API keys, rights (contract/api/auth.yaml). */
export const createAuthController = (security: Security): ControllerDefinition => ({
  name: "auth",
  actions: {
    ...sessionActions(security),
    ...selfActions(security),
    ...myCredentialActions(security),
    ...apiKeyActions(security),
  },
});
