import type { JSONObject } from "../../../kernel/index.ts";
import { Dsl } from "../v1/dsl.ts";
import { formerErrors, formerObjects } from "./constructors.ts";

/** The release that plugins of this generation are told: its last. */
const version = "1.0.0";

/** The part of a plugin's context that needs no server: classes and the configuration. All that a plugin in a process of its own gets. */
export function createPlainContext(config: Readonly<JSONObject>): JSONObject {
  const errors = { ...formerErrors };
  const { RequestObject, ResponseObject } = formerObjects;
  const hostConfig = { ...config, version };
  return {
    ...errors,
    ...formerObjects,
    Dsl,
    httpPort: portOf(hostConfig),
    config: hostConfig,
    errors,
    constructors: { Dsl, RequestObject, ResponseObject },
  };
}

function portOf({ server }: JSONObject): unknown {
  return (server as JSONObject | undefined)?.port;
}
