import type { ErrorDefinition } from "../definition.ts";

export const securityErrors = {
  "security.token.invalid": { code: 0x07010001, class: "UnauthorizedError", message: "The token is not valid." },
  "security.token.unknown_user": { code: 0x07010002, class: "InternalError", message: "The token belongs to no user." },
  "security.token.unknown_connection": {
    code: 0x07010003,
    class: "InternalError",
    message: 'Connection "%s" is not linked to a token.',
  },
  "security.token.ttl_exceeded": {
    code: 0x07010004,
    class: "BadRequestError",
    message: "The token would live longer than allowed.",
  },
  "security.token.generation_failed": {
    code: 0x07010005,
    class: "InternalError",
    message: "The token could not be made: %s",
  },
  "security.token.expired": { code: 0x07010006, class: "UnauthorizedError", message: "The token has expired." },
  "security.token.verification_error": {
    code: 0x07010007,
    class: "InternalError",
    message: "The token could not be checked: %s",
  },
  "security.token.refresh_forbidden": {
    code: 0x07010008,
    class: "UnauthorizedError",
    message: "This token cannot be refreshed: %s",
  },
  "security.token.invalid_expiration": {
    code: 0x07010009,
    class: "BadRequestError",
    message: 'Expiration "%s" is not a duration.',
  },
  "security.credentials.unknown_strategy": {
    code: 0x07020001,
    class: "BadRequestError",
    message: 'Strategy "%s" does not exist.',
  },
  "security.credentials.database_inconsistency": {
    code: 0x07020002,
    class: "PluginImplementationError",
    message: 'The credentials of "%s" are not consistent.',
  },
  "security.credentials.rejected": {
    code: 0x07020003,
    class: "BadRequestError",
    message: "The credentials were refused.%s",
  },
  "security.rights.unauthorized": {
    code: 0x07030001,
    class: "UnauthorizedError",
    message: '"%s:%s" needs a login: user "%s" may not do this.',
  },
  "security.rights.forbidden": {
    code: 0x07030002,
    class: "ForbiddenError",
    message: '"%s:%s" is not allowed for user "%s".',
  },
  "security.rights.failsafe_mode_admin_only": {
    code: 0x07030003,
    class: "ForbiddenError",
    message: "The server runs in failsafe mode: only administrators may use it.",
  },
  "security.user.already_exists": {
    code: 0x07040001,
    class: "PreconditionError",
    message: 'User "%s" exists already.',
  },
  "security.user.not_found": { code: 0x07040002, class: "NotFoundError", message: 'User "%s" does not exist.' },
  "security.user.anonymous_profile_required": {
    code: 0x07040003,
    class: "BadRequestError",
    message: 'The anonymous user must keep the profile "anonymous".',
  },
  "security.user.cannot_hydrate": {
    code: 0x07040004,
    class: "InternalError",
    message: 'The profiles of user "%s" cannot be loaded.',
  },
  "security.user.uninitialized": {
    code: 0x07040005,
    class: "InternalError",
    message: 'The user "%s" was used before it was loaded.',
  },
  "security.user.prevent_overwrite": {
    code: 0x07040006,
    class: "BadRequestError",
    message: "Users exist already; choose what to do with them (onExistingUsers: skip or overwrite).",
  },
  "security.user.no_profile": {
    code: 0x07040007,
    class: "InternalError",
    message: 'User "%s" needs at least one profile.',
  },
  "security.role.not_found": { code: 0x07050001, class: "NotFoundError", message: 'Role "%s" does not exist.' },
  "security.role.login_required": {
    code: 0x07050002,
    class: "BadRequestError",
    message: 'The role "anonymous" must allow auth:login.',
  },
  "security.role.cannot_delete": {
    code: 0x07050003,
    class: "BadRequestError",
    message: "The roles admin, default and anonymous cannot be deleted.",
  },
  "security.role.in_use": { code: 0x07050004, class: "PreconditionError", message: 'Role "%s" is used by a profile.' },
  "security.role.uninitialized": {
    code: 0x07050005,
    class: "InternalError",
    message: 'Role "%s" was used before it was loaded.',
  },
  "security.role.invalid_rights": {
    code: 0x07050006,
    class: "BadRequestError",
    message: 'Role "%s" has rights that are not valid (%s:%s).',
  },
  "security.role.closure_exec_failed": {
    code: 0x07050007,
    class: "BadRequestError",
    message: 'The condition of role "%s" failed.',
  },
  "security.role.closure_missing_test": {
    code: 0x07050008,
    class: "BadRequestError",
    message: 'The condition of role "%s" has no test.',
  },
  "security.role.unknown_controller": {
    code: 0x07050009,
    class: "BadRequestError",
    message: 'Role "%s" names the controller "%s", which does not exist.%s',
  },
  "security.role.unknown_action": {
    code: 0x0705000a,
    class: "BadRequestError",
    message: 'Role "%s" names the action "%s" of controller "%s", which does not exist.%s',
  },
  "security.profile.not_found": { code: 0x07060001, class: "NotFoundError", message: 'Profile "%s" does not exist.' },
  "security.profile.cannot_delete": {
    code: 0x07060002,
    class: "BadRequestError",
    message: "The profiles admin, default and anonymous cannot be deleted.",
  },
  "security.profile.in_use": {
    code: 0x07060003,
    class: "PreconditionError",
    message: 'Profile "%s" is used by a user.',
  },
  "security.profile.cannot_hydrate": {
    code: 0x07060004,
    class: "InternalError",
    message: 'The roles of profile "%s" cannot be loaded.',
  },
  "security.profile.missing_anonymous_role": {
    code: 0x07060005,
    class: "BadRequestError",
    message: 'The profile "anonymous" must hold the role "anonymous".',
  },
  "security.profile.uninitialized": {
    code: 0x07060006,
    class: "InternalError",
    message: 'Profile "%s" was used before it was loaded.',
  },
  "security.cookie.invalid": {
    code: 0x07070001,
    class: "UnauthorizedError",
    message: "The cookie header cannot be read.",
  },
  "security.cookie.unsupported": {
    code: 0x07070002,
    class: "InternalError",
    message: "Authentication by cookie is switched off (http.cookieAuthentication).",
  },
} as const satisfies Readonly<Record<string, ErrorDefinition>>;
