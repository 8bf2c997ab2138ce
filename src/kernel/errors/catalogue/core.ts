import type { ErrorDefinition } from "../definition.ts";

export const coreErrors = {
  "core.fatal.unexpected_error": {
    code: 0x00000001,
    class: "InternalError",
    message: "An unexpected error occurred: %s. The server's log has the details.",
  },
  "core.fatal.service_unavailable": {
    code: 0x00000002,
    class: "ExternalServiceError",
    message: 'The service "%s" is not available.',
  },
  "core.fatal.service_timeout": {
    code: 0x00000003,
    class: "InternalError",
    message: 'The service "%s" did not start within %s ms.',
  },
  "core.fatal.unreadable_log_dir": {
    code: 0x00000004,
    class: "InternalError",
    message: 'The log directory "%s" cannot be read.',
  },
  "core.fatal.assertion_failed": { code: 0x00000005, class: "InternalError", message: "An internal check failed: %s." },
  "core.realtime.room_not_found": { code: 0x00010001, class: "NotFoundError", message: 'Room "%s" does not exist.' },
  "core.realtime.invalid_rooms": {
    code: 0x00010002,
    class: "BadRequestError",
    message: "Rooms must be given as an array of room ids.",
  },
  "core.realtime.invalid_state": {
    code: 0x00010003,
    class: "BadRequestError",
    message: 'State "%s" is not one of all, done, pending.',
  },
  "core.realtime.invalid_scope": {
    code: 0x00010004,
    class: "BadRequestError",
    message: 'Scope "%s" is not one of all, in, out, none.',
  },
  "core.realtime.invalid_users": {
    code: 0x00010005,
    class: "BadRequestError",
    message: '"users" option "%s" is not one of all, in, out, none.',
  },
  "core.realtime.too_many_terms": {
    code: 0x00010006,
    class: "SizeLimitError",
    message: "The filter needs more than %s combinations of conditions. Split it into several subscriptions.",
  },
  "core.realtime.too_many_rooms": {
    code: 0x00010007,
    class: "SizeLimitError",
    message: "This server already holds %s rooms, the most it may (limits.subscriptionRooms).",
  },
  "core.realtime.not_subscribed": {
    code: 0x00010008,
    class: "PreconditionError",
    message: 'The connection is not subscribed to the room "%s".',
  },
  "core.vault.cannot_decrypt": {
    code: 0x00020001,
    class: "InternalError",
    message: "The secrets file cannot be decrypted: %s",
  },
  "core.vault.key_not_found": {
    code: 0x00020002,
    class: "InternalError",
    message: 'A secrets file was found at "%s" but no key to decrypt it. Set KUZZLE_VAULT_KEY.',
  },
  "core.configuration.invalid_type": {
    code: 0x00030001,
    class: "InternalError",
    message: 'Configuration key "%s" must be %s, found %s.',
  },
  "core.configuration.out_of_range": {
    code: 0x00030002,
    class: "InternalError",
    message: 'Configuration key "%s" is out of range: %s.',
  },
  "core.configuration.cannot_parse": {
    code: 0x00030003,
    class: "InternalError",
    message: "The configuration cannot be read: %s",
  },
  "core.configuration.incompatible": {
    code: 0x00030004,
    class: "InternalError",
    message: 'Configuration keys "%s" and "%s" cannot be used together.',
  },
  "core.sandbox.process_already_running": {
    code: 0x00040001,
    class: "InternalError",
    message: "A sandbox process is already running.",
  },
  "core.sandbox.timeout": {
    code: 0x00040002,
    class: "GatewayTimeoutError",
    message: "The sandboxed function did not answer within %s ms.",
  },
  "core.debugger.not_enabled": {
    code: 0x00050001,
    class: "PreconditionError",
    message: "The debugger is not enabled. Call debug:enable first.",
  },
  "core.debugger.monitor_already_running": {
    code: 0x00050002,
    class: "PreconditionError",
    message: 'The monitor "%s" is already running.',
  },
  "core.debugger.monitor_not_running": {
    code: 0x00050003,
    class: "PreconditionError",
    message: 'The monitor "%s" is not running.',
  },
  "core.debugger.native_debug_protocol_usage_denied": {
    code: 0x00050004,
    class: "PreconditionError",
    message: "The native debug protocol is switched off (security.debug.native_debug_protocol).",
  },
  "core.debugger.method_not_found": {
    code: 0x00050005,
    class: "PreconditionError",
    message: 'Debug method "%s" does not exist.',
  },
} as const satisfies Readonly<Record<string, ErrorDefinition>>;
