import { errorClasses, KuzzleError } from "../../../kernel/index.ts";

/** Error classes by the names of the context: without the suffix, and with it. */
export const errorsByName: Readonly<Record<string, unknown>> = Object.freeze({
  KuzzleError,
  ...errorClasses,
  ...Object.fromEntries(Object.entries(errorClasses).map(([name, type]) => [name.replace(/Error$/, ""), type])),
});
