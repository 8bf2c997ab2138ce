import type { ErrorDefinition } from "../definition.ts";

/** Errors that this server has beyond the contract. Their codes lie in sub-domains from 0x80 on, which the contract does not use. */
export const ownErrors = {
  "services.storage.not_writable": {
    code: 0x01800001,
    class: "ServiceUnavailableError",
    message:
      "The disk takes no writes (%s). Nothing of this request was stored; reads and searches go on. Make room on the disk of the data directory: writes are taken again by themselves.",
  },
  "services.storage.damaged": {
    code: 0x01800002,
    class: "ExternalServiceError",
    message:
      'The stored data is damaged where this request needs it (%s). Stop the server and run "tenon check", then repair the data or restore a backup.',
  },
  "security.login.wait": {
    code: 0x07800001,
    class: "TooManyRequestsError",
    message: "Too many failed logins. Wait %s seconds before the next attempt, or ask an administrator.",
  },
  "security.token.secret_configured": {
    code: 0x07810001,
    class: "PreconditionError",
    message:
      "The secret of tokens comes from the configuration: set a new security.authToken.secret there, and add the present one to tenon.security.formerTokenSecrets.",
  },
  "plugin.strategy.timeout": {
    code: 0x04820001,
    class: "GatewayTimeoutError",
    message: '[%s] Strategy "%s" did not answer within %s ms (tenon.login.timeout).',
  },
  "plugin.failure.disabled": {
    code: 0x04900001,
    class: "ServiceUnavailableError",
    message:
      '[%s] The plugin is disabled: its %s failed %s times in a row. Repair the plugin, then restart the server; see the log line "plugin.disabled".',
  },
  "plugin.order.invalid_declaration": {
    code: 0x04800001,
    class: "PluginImplementationError",
    message: '[%s] "%s" is not valid: %s',
  },
  "plugin.order.missing_dependency": {
    code: 0x04800002,
    class: "PluginImplementationError",
    message:
      '[%s] The plugin depends on "%s" (%s), which is not among the plugins of this server.%s Install or enable it.',
  },
  "plugin.order.version_mismatch": {
    code: 0x04800003,
    class: "PluginImplementationError",
    message: '[%s] The plugin depends on "%s" in a version of the range "%s", but its version is %s.',
  },
  "plugin.order.cycle": {
    code: 0x04800004,
    class: "PluginImplementationError",
    message:
      'Plugins would each have to come after the next: %s. Change "dependsOn", "before" or "after" of one of them.',
  },
  "plugin.capability.invalid_declaration": {
    code: 0x04810001,
    class: "PluginImplementationError",
    message: '[%s] "capabilities" is not valid: %s',
  },
  "plugin.capability.missing": {
    code: 0x04810002,
    class: "ForbiddenError",
    message: '[%s] The plugin may not %s: its "capabilities" do not have %s.',
  },
  "plugin.capability.undeclared_contribution": {
    code: 0x04810003,
    class: "PluginImplementationError",
    message: '[%s] The plugin may not bring %s: its "capabilities" do not have %s.',
  },
  "plugin.capability.privileged": {
    code: 0x04810004,
    class: "PluginImplementationError",
    message:
      '[%s] The plugin is privileged and has "capabilities". Through the server object nothing could be withheld from it: remove one of the two.',
  },
} as const satisfies Readonly<Record<string, ErrorDefinition>>;
