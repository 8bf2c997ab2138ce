/** Actions that make no sense without a session of the caller's own; allowed after `sdk.as(user)`. */
export const forbiddenAuthActions: ReadonlySet<string> = new Set([
  "checkRights",
  "createApiKey",
  "createMyCredentials",
  "credentialsExist",
  "deleteApiKey",
  "getCurrentUser",
  "getMyCredentials",
  "getMyRights",
  "getStrategies",
  "logout",
  "refreshToken",
  "searchApiKeys",
  "updateMyCredentials",
  "updateSelf",
  "validateMyCredentials",
]);
