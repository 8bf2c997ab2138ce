import type { ErrorDefinition } from "../definition.ts";

export const protocolErrors = {
  "protocol.runtime.invalid_connection": {
    code: 0x06010001,
    class: "PluginImplementationError",
    message: "[%s] The connection is not valid: %s",
  },
  "protocol.runtime.unknown_connection": {
    code: 0x06010002,
    class: "PluginImplementationError",
    message: '[%s] Connection "%s" does not exist.',
  },
  "protocol.runtime.already_exists": {
    code: 0x06010003,
    class: "PluginImplementationError",
    message: 'Protocol "%s" exists already.',
  },
} as const satisfies Readonly<Record<string, ErrorDefinition>>;
