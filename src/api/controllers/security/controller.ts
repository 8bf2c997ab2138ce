import type { ControllerDefinition } from "../../../events/index.ts";
import type { Security } from "../../../security/index.ts";
import type { LeavingOf } from "../../connections.ts";
import type { WithLookups } from "../lookups.ts";
import { auditActions } from "./audit.ts";
import { credentialActions } from "./credential-actions.ts";
import { maintenanceActions } from "./maintenance.ts";
import { profileActions } from "./profiles.ts";
import { roleActions } from "./roles.ts";
import { userActions } from "./users.ts";

/** Users, profiles, roles and credentials, as administrators manage them (contract/api/security.yaml). */
export const createSecurityController = (
  security: Security,
  leavingOf: LeavingOf,
  withLookups: WithLookups,
): ControllerDefinition => ({
  name: "security",
  actions: {
    ...userActions(security, leavingOf, withLookups),
    ...profileActions(security, leavingOf, withLookups),
    ...roleActions(security, leavingOf, withLookups),
    ...credentialActions(security),
    ...maintenanceActions(security),
    ...auditActions(security, leavingOf),
  },
});
