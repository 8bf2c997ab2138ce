/** Users, profiles, roles, tokens and strategies: who asks, and who may do what. */
export type { LoadOptions, RunSecurityAction, Securities } from "./bulk-loading.ts";
export type { DocumentAccess, Receiver } from "./document-access.ts";
export { asksForCookie, cookieName, tokenOfCookie } from "./identify.ts";
export { isEncrypted } from "./login/encrypted-link.ts";
export {
  type Attempt,
  defaultLoginGuardOptions,
  LoginGuard,
  type LoginGuardOptions,
  type Wait,
} from "./login/login-guard.ts";
export type { LoginOutcome } from "./login/passport-login.ts";
export { callStrategy } from "./login/strategies.ts";
export { failRunningStrategy, isStrategyFault, runningStrategy } from "./login/strategy-faults.ts";
export { type Duration, defaultSecurityOptions, type SecurityOptions } from "./options.ts";
export type { PublicCollections } from "./profiles/check-profile.ts";
export type { Profile } from "./profiles/profile.ts";
export type { Right } from "./rights/list-rights.ts";
export type { KnownActions } from "./roles/check-role.ts";
export type { Role, RoleContent } from "./roles/role.ts";
export {
  createSecurity,
  type ResetCounts,
  type RightQuestion,
  type Security,
  type SecurityDeps,
  tokenOf,
} from "./security.ts";
export type { JsonCollection, JsonDocument, JsonPage } from "./storage/json-collection.ts";
export type { Search } from "./storage/search.ts";
export { type Author, ownFields } from "./storage/stamp.ts";
export type { ApiKey } from "./tokens/api-keys.ts";
export { anonymousToken, Token } from "./tokens/token.ts";
export { generateKuid } from "./users/kuid.ts";
export { anonymousKuid, User } from "./users/user.ts";
