import type { ErrorDefinition } from "../definition.ts";

export const apiErrors = {
  "api.assert.invalid_type": {
    code: 0x02010001,
    class: "BadRequestError",
    message: 'Argument "%s" has the wrong type: expected %s.',
  },
  "api.assert.invalid_argument": {
    code: 0x02010002,
    class: "BadRequestError",
    message: 'Argument "%s" is not valid: expected %s.',
  },
  "api.assert.missing_argument": { code: 0x02010003, class: "BadRequestError", message: 'Missing argument "%s".' },
  "api.assert.empty_argument": {
    code: 0x02010004,
    class: "BadRequestError",
    message: 'Argument "%s" must not be empty.',
  },
  "api.assert.mutually_exclusive": {
    code: 0x02010005,
    class: "BadRequestError",
    message: 'Arguments "%s" and "%s" exclude each other.',
  },
  "api.assert.too_many_arguments": {
    code: 0x02010006,
    class: "BadRequestError",
    message: 'Argument "%s" has too many entries for these options.',
  },
  "api.assert.unexpected_argument": {
    code: 0x02010007,
    class: "BadRequestError",
    message: 'Unexpected argument "%s". Allowed: %s',
  },
  "api.assert.body_required": {
    code: 0x02010008,
    class: "BadRequestError",
    message: "This action needs a request body.",
  },
  "api.assert.unexpected_type_assertion": {
    code: 0x02010009,
    class: "InternalError",
    message: 'Unknown type assertion "%s".',
  },
  "api.assert.invalid_id": {
    code: 0x0201000a,
    class: "BadRequestError",
    message: 'Ids cannot start with an underscore: "%s".',
  },
  "api.assert.forbidden_argument": {
    code: 0x0201000b,
    class: "BadRequestError",
    message: 'Argument "%s" cannot be given here.',
  },
  "api.assert.koncorde_unknown_keyword": {
    code: 0x0201000c,
    class: "BadRequestError",
    message: 'Unknown filter keyword "%s".',
  },
  "api.assert.koncorde_restricted_keyword": {
    code: 0x0201000d,
    class: "BadRequestError",
    message: 'The filter %s "%s" cannot be used in a search query.',
  },
  "api.assert.koncorde_dsl_error": {
    code: 0x0201000e,
    class: "BadRequestError",
    message: "The filter is not valid: %s",
  },
  "api.assert.forbidden_stream": {
    code: 0x0201000f,
    class: "InternalError",
    message: "A stream can only be answered over HTTP.",
  },
  "api.assert.unsupported_protocol": {
    code: 0x02010010,
    class: "InternalError",
    message: 'The action cannot be used over the protocol "%s". Use: %s',
  },
  "api.process.action_locked": {
    code: 0x02020001,
    class: "PreconditionError",
    message: 'The action "%s" is already running.',
  },
  "api.process.overloaded": {
    code: 0x02020002,
    class: "ServiceUnavailableError",
    message: "The server has too many requests waiting. Try again later.",
  },
  "api.process.connection_dropped": {
    code: 0x02020003,
    class: "BadRequestError",
    message: "The connection of the client was closed.",
  },
  "api.process.controller_not_found": {
    code: 0x02020004,
    class: "NotFoundError",
    message: 'Controller "%s" does not exist.',
  },
  "api.process.action_not_found": {
    code: 0x02020005,
    class: "NotFoundError",
    message: 'Action "%s:%s" does not exist.',
  },
  "api.process.incompatible_sdk_version": {
    code: 0x02020006,
    class: "BadRequestError",
    message: "The client library is not compatible with this server: %s. %s",
  },
  "api.process.shutting_down": {
    code: 0x02020007,
    class: "ServiceUnavailableError",
    message: "The server is shutting down.",
  },
  "api.process.too_many_requests": {
    code: 0x02020008,
    class: "TooManyRequestsError",
    message: "Too many requests per second for this user.",
  },
  "api.process.admin_exists": {
    code: 0x02020009,
    class: "PreconditionError",
    message: "There is already an administrator.",
  },
  "api.process.incomplete_multiple_request": {
    code: 0x0202000a,
    class: "MultipleErrorsError",
    message: "%s failed for %s of the documents.",
  },
  "api.process.not_enough_nodes": {
    code: 0x0202000b,
    class: "ServiceUnavailableError",
    message: "The cluster has too few nodes to serve requests.",
  },
  "api.process.unauthorized_origin": {
    code: 0x0202000c,
    class: "UnauthorizedError",
    message: 'Origin "%s" is not accepted.',
  },
  "api.process.too_many_logins_requests": {
    code: 0x0202000d,
    class: "TooManyRequestsError",
    message: "Too many login attempts per second.",
  },
  "api.process.forbidden_embedded_sdk_action": {
    code: 0x0202000e,
    class: "PluginImplementationError",
    message: 'Action "%s:%s" cannot be called from the embedded SDK%s.',
  },
} as const satisfies Readonly<Record<string, ErrorDefinition>>;
