import { BadRequestError, PreconditionError, UnauthorizedError } from "../../../kernel/index.ts";

const id = (name: string): string => `plugin.totp.${name}`;

/** Codes of the plugin's errors lie in a sub-domain that packages cannot choose. */
const domain = 0x04a00000;

/** The login is half done. The challenge is `props[0]` as well, where the official clients keep it. */
function withChallenge(
  message: string,
  name: string,
  code: number,
  challenge: string,
  kuid: string,
): UnauthorizedError {
  const error = new UnauthorizedError(message, id(name), domain + code);
  error.props = [challenge];
  error.audit = { kuid };
  const toJSON = error.toJSON.bind(error);
  return Object.assign(error, { toJSON: () => ({ ...toJSON(), challenge }) });
}

export const codeRequired = (challenge: string, kuid: string): UnauthorizedError =>
  withChallenge(
    'A code of the second factor is required: log in again with "totp" beside the credentials, or by strategy "totp" with this challenge and the code.',
    "code_required",
    1,
    challenge,
    kuid,
  );

export const enrolmentRequired = (challenge: string, kuid: string): UnauthorizedError =>
  withChallenge(
    'This user must have a second factor: ask totp:enrol with this challenge, then log in by strategy "totp" with it and a code.',
    "enrolment_required",
    2,
    challenge,
    kuid,
  );

export function invalidCode(kuid: string): UnauthorizedError {
  const error = new UnauthorizedError("The code is wrong, or was used before.", id("invalid_code"), domain + 3);
  error.audit = { kuid, reason: "wrong_code" };
  return error;
}

export const invalidChallenge = (): UnauthorizedError =>
  new UnauthorizedError("The challenge is not valid, or has ended: log in again.", id("invalid_challenge"), domain + 4);

export const notEnrolled = (): PreconditionError =>
  new PreconditionError("There is no second factor. Ask totp:enrol for one.", id("not_enrolled"), domain + 5);

export const useActions = (): BadRequestError =>
  new BadRequestError(
    "A second factor is made by its user, with totp:enrol and totp:confirm.",
    id("use_actions"),
    domain + 6,
  );
