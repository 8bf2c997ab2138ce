import { apiErrors } from "./api.ts";
import { clusterErrors } from "./cluster.ts";
import { coreErrors } from "./core.ts";
import { networkErrors } from "./network.ts";
import { ownErrors } from "./own.ts";
import { pluginErrors } from "./plugin.ts";
import { protocolErrors } from "./protocol.ts";
import { securityErrors } from "./security.ts";
import { servicesErrors } from "./services.ts";
import { validationErrors } from "./validation.ts";

/** Every error by id: those of the contract, with which a test compares `contract/errors.json`, and those that only this server has. */
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
  ...ownErrors,
} as const;

export type ErrorId = keyof typeof catalogue;
