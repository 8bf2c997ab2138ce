import isEmail from "validator/lib/isEmail.js";
import isIP from "validator/lib/isIP.js";
import isURL from "validator/lib/isURL.js";
import { readFlag } from "./type-options.ts";
import type { ValidationType } from "./validation-type.ts";

interface TextOptions {
  readonly notEmpty: boolean;
}

/** A string in some notation; empty ones pass unless `notEmpty`. Texts longer than `maxLength` cannot be valid and are not read. */
function textType(
  typeName: string,
  noun: string,
  maxLength: number,
  isValid: (text: string) => boolean,
): ValidationType<TextOptions> {
  return {
    typeName,
    allowedTypeOptions: ["notEmpty"],
    validateFieldSpecification: (options) => ({ notEmpty: readFlag(options, "notEmpty") ?? false }),
    validate({ notEmpty }, value, messages) {
      if (value === "") {
        if (notEmpty) messages.push("must not be empty");
        return !notEmpty;
      }
      if (typeof value === "string" && value.length <= maxLength && isValid(value)) return true;
      messages.push(`must be ${noun}`);
      return false;
    },
  };
}

// CommonJS modules: to the compiler, their default export is a member of what is imported.
/** Notations that a library knows better. The longest: an address of 254 bytes, a URL of 2084 characters, IPv6 with a zone. */
export const textTypes: readonly ValidationType[] = [
  textType("email", "an e-mail address", 254, (text) => isEmail.default(text)),
  textType("ip_address", "an IPv4 or IPv6 address", 100, (text) => isIP.default(text)),
  textType("url", "a URL", 2_084, (text) => isURL.default(text)),
];
