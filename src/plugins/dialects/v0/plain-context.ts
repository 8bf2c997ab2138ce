import { errorClasses, type JSONObject, KuzzleError } from "../../../kernel/index.ts";
import { ParseError } from "../errors.ts";
import { Dsl } from "../v1/dsl.ts";
import { NotificationObject, RealTimeResponseObject } from "./notification-objects.ts";
import { RequestObject } from "./request-object.ts";
import { ResponseObject } from "./response-object.ts";

/** The release that plugins of this generation are told: its last. */
const version = "1.0.0";

/** The part of a plugin's context that needs no server: classes and the configuration. All that a plugin in a process of its own gets. */
export function createPlainContext(config: Readonly<JSONObject>): JSONObject {
  const errors = { KuzzleError, ParseError, ...errorClasses };
  const hostConfig = { ...config, version };
  return {
    ...errors,
    RequestObject,
    ResponseObject,
    RealTimeResponseObject,
    NotificationObject,
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
