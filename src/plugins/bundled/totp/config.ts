import { type Static, Type } from "typebox";

/** `plugins.totp` of the configuration. */
export const totpConfig = Type.Object(
  {
    issuer: Type.String({ default: "Tenon", minLength: 1 }),
    window: Type.Integer({ default: 1, minimum: 0, maximum: 10 }),
    requiredFor: Type.Array(Type.String(), { default: [] }),
    challengeExpiresIn: Type.Integer({ default: 300_000, minimum: 1_000 }),
    recoveryCodes: Type.Integer({ default: 10, minimum: 1, maximum: 50 }),
    failures: Type.Integer({ default: 5, minimum: 1 }),
    failuresPerUser: Type.Integer({ default: 20, minimum: 1 }),
    firstWait: Type.Integer({ default: 1_000, minimum: 1 }),
    maxWait: Type.Integer({ default: 900_000, minimum: 1 }),
    activated: Type.Optional(Type.Boolean()),
    pipeWarnTime: Type.Optional(Type.Number()),
    pipeTimeout: Type.Optional(Type.Number()),
    onFailure: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);

export type TotpConfig = Static<typeof totpConfig>;
