import { apiErrors } from "./api.ts";
import { clusterErrors } from "./cluster.ts";
import { coreErrors } from "./core.ts";
import { networkErrors } from "./network.ts";
import { pluginErrors } from "./plugin.ts";
import { protocolErrors } from "./protocol.ts";
import { securityErrors } from "./security.ts";
import { servicesErrors } from "./services.ts";
import { validationErrors } from "./validation.ts";

/** Every error of the contract by id; `contract/errors.json` is compared with it by a test. */
export const catalogue = {
  ...coreErrors,
  ...servicesErrors,
  ...apiErrors,
  ...networkErrors,
  ...pluginErrors,
  ...validationErrors,
  ...protocolErrors,
  ...securityErrors,
  ...clusterErrors,
} as const;

export type ErrorId = keyof typeof catalogue;
