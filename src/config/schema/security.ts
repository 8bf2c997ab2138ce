import { bool, duration, free, ms, openSection, section, text, texts } from "./option.ts";

const everything = { controllers: { "*": { actions: { "*": true } } } } as const;
const own = { checkToken: true, getCurrentUser: true, getMyRights: true } as const;

const roles = {
  admin: everything,
  default: {
    controllers: {
      auth: { actions: { ...own, logout: true, updateSelf: true } },
      server: { actions: { publicApi: true } },
    },
  },
  anonymous: {
    controllers: {
      auth: { actions: { ...own, login: true } },
      server: { actions: { publicApi: true, openapi: true } },
    },
  },
} as const;

const profiles = {
  admin: { rateLimit: 0, policies: [{ roleId: "admin" }] },
  default: { rateLimit: 10, policies: [{ roleId: "default" }] },
  anonymous: { rateLimit: 200, policies: [{ roleId: "anonymous" }] },
} as const;

const authToken = section("Authentication tokens.", {
  algorithm: text("HS256", "Signature algorithm of the tokens."),
  expiresIn: duration("1h", "How long a token is valid unless the login asks for another duration."),
  gracePeriod: ms(1000, "How long a token still works after it was refreshed."),
  maxTTL: ms(-1, "Longest duration that a login may ask for; -1 for no limit.", -1),
  secret: {
    type: ["string", "null"],
    default: null,
    description: "Key that signs the tokens; null to have one generated and stored.",
  },
});

const former = <Node extends object>(node: Node, name: string) =>
  ({ ...node, unset: true, obsolete: `Use security.authToken.${name}.` }) as const;

const jwt = openSection("Former name of security.authToken; a key set here counts where authToken does not set it.", {
  algorithm: former({ type: "string", description: "See security.authToken.algorithm." } as const, "algorithm"),
  expiresIn: former(
    { type: ["string", "number"], unit: "duration", description: "See security.authToken.expiresIn." } as const,
    "expiresIn",
  ),
  gracePeriod: former(
    { type: "number", minimum: 0, unit: "ms", description: "See security.authToken.gracePeriod." } as const,
    "gracePeriod",
  ),
  maxTTL: former(
    { type: "number", minimum: -1, unit: "ms", description: "See security.authToken.maxTTL." } as const,
    "maxTTL",
  ),
  secret: former({ type: ["string", "null"], description: "See security.authToken.secret." } as const, "secret"),
});

export const security = section("Who may do what.", {
  debug: section("Debugging of the server.", {
    native_debug_protocol: bool(false, "Open the debug controller to administrators."),
  }),
  restrictedProfileIds: texts(["default"], "Profiles of users made by security:createRestrictedUser."),
  authToken,
  jwt,
  apiKey: section("API keys.", {
    maxTTL: ms(-1, "Longest duration of a key made by auth:createApiKey; -1 for no limit.", -1),
  }),
  default: section("Read for compatibility.", { role: free(everything, "Without effect.") }),
  standard: section("Rights written by createFirstAdmin with reset, and by restrictDefaultRights.", {
    roles: free(roles, "Roles by id."),
    profiles: free(profiles, "Profiles by id."),
  }),
});
