import type { ErrorDefinition } from "../definition.ts";

/** Errors that this server has beyond the contract. Their codes lie in sub-domains from 0x80 on, which the contract does not use. */
export const ownErrors = {
  "plugin.failure.disabled": {
    code: 0x04900001,
    class: "ServiceUnavailableError",
    message:
      '[%s] The plugin is disabled: its %s failed %s times in a row. Repair the plugin, then restart the server; see the log line "plugin.disabled".',
  },
} as const satisfies Readonly<Record<string, ErrorDefinition>>;
