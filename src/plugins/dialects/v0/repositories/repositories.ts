import type { JSONObject } from "../../../../kernel/index.ts";
import type { PluginScope } from "../../dialect.ts";
import { profileRepository, roleRepository } from "./permissions.ts";
import { tokenRepository } from "./tokens.ts";
import { userRepository } from "./users.ts";

/**
 * `repositories()`: users, profiles, roles and tokens as plugins of the first generation read and write them.
 * Source: contract/plugins/v0.md section 4.
 */
export function createRepositories(scope: PluginScope): JSONObject {
  return {
    user: userRepository(scope),
    profile: profileRepository(scope),
    role: roleRepository(scope),
    token: tokenRepository(scope),
  };
}
