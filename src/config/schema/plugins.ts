import { bool, duration, integer, ms, openSection, section, text, texts } from "./option.ts";

const common = section("For all plugins.", {
  failsafeMode: bool(false, "Load bundled plugins only, and serve only administrators (and auth:login)."),
  bootstrapLockTimeout: ms(30_000, "How long to wait for another node that prepares the storage of plugins."),
  pipeWarnTime: ms(500, "A pipe slower than this is logged; 0 for never. `plugins.<name>.pipeWarnTime` overrides it."),
  initTimeout: ms(10_000, "How long the init of a plugin may take."),
  maxConcurrentPipes: integer(50, "Chains of pipes that run at once.", 1),
  pipesBufferSize: integer(50_000, "Chains of pipes that may wait.", 1),
  include: texts(["kuzzle-plugin-auth-passport-local"], "Bundled plugins to load."),
  pipeTimeout: {
    type: "number",
    minimum: 0,
    unit: "ms",
    unset: true,
    description: "Deadline of pipes of v0 and v1 plugins; v2 plugins have none.",
    obsolete: "It is a deadline for the pipes of v0 and v1 plugins only.",
  },
});

const local = openSection("Login with user name and password.", {
  algorithm: text("sha512", "Hash algorithm of passwords stored in the older format."),
  stretching: bool(true, "Repeat the hash in the older format; impossible with encryption `hash`."),
  digest: text("hex", "Encoding of a hash in the older format."),
  encryption: {
    type: "string",
    enum: ["hmac", "hash"],
    default: "hmac",
    description: "Keyed or plain hash in the older format.",
  },
  requirePassword: bool(false, "Ask for the current password when users change or delete their own credentials."),
  resetPasswordExpiresIn: duration(-1, "How long a token for setting a new password is valid; -1 for ever."),
  passwordPolicies: {
    type: "array",
    items: { type: "object", additionalProperties: {} },
    default: [],
    description: "Rules for passwords, each with the users, profiles or roles that it applies to.",
  },
});

export const plugins = openSection(
  "`plugins.<name>` is given to the plugin's init. Known keys for all: privileged, threads, pipeWarnTime, pipeTimeout, onFailure, activated.",
  {
    common,
    "kuzzle-plugin-auth-passport-local": local,
    "kuzzle-plugin-logger": {
      type: "object",
      additionalProperties: {},
      unset: true,
      description: "Options of the former logger plugin.",
      obsolete: "Use server.appLogs.",
    },
  },
);

/** Where releases before 1.0 listed their plugins (contract, v0.md section 2). */
export const pluginsManager = {
  type: "object",
  additionalProperties: {},
  unset: true,
  description: "List of plugins in the form of early release candidates.",
  obsolete: "Put the plugins under plugins/enabled.",
} as const;
