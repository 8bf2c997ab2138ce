/** Name of the plugin, under which older releases published it: its storage and its section of the configuration bear it. */
export const pluginName = "kuzzle-plugin-auth-passport-local";

/** What a package says in `manifest.json`. */
export const manifest = {
  name: pluginName,
  kuzzleVersion: ">=2.0.0 <3.0.0",
  errors: {
    login_in_password: {
      code: 1,
      class: "BadRequestError",
      message: "The password must not contain the user name.",
    },
    weak_password: { code: 2, class: "BadRequestError", message: "The password is not strong enough." },
    reused_password: {
      code: 3,
      class: "BadRequestError",
      message: "This password was used before: choose another one.",
    },
    expired_password: { code: 4, class: "UnauthorizedError", message: "The password has expired and must be changed." },
    must_change_password: {
      code: 5,
      class: "UnauthorizedError",
      message: "The password was set by somebody else and must be changed.",
    },
    expired_token: { code: 6, class: "UnauthorizedError", message: "The reset token has expired." },
    invalid_token: { code: 7, class: "BadRequestError", message: "The reset token is not valid." },
  },
} as const;

export type LocalErrorName = keyof typeof manifest.errors;
