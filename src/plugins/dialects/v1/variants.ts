/**
 * What sets the dialects of this generation apart, by their letter. Without one a plugin is taken for one of the last.
 * Source: contract/plugins/v1.md, table of dialects.
 */

/** Up to 1.0: what is wrong with a plugin is logged, and the server starts without it. */
export const isLenient = (variant: string | undefined): boolean => variant === "a" || variant === "b";

/** Up to 1.7: a wildcard of a pipe stands for all below the first segment. */
export const keepsFirstSegments = (variant: string | undefined): boolean => isOneOf("abcd", variant);

/** Up to 1.2: the headers of a request over HTTP are among its arguments, and the body is in the `query` of a login. */
export const mergesInputs = (variant: string | undefined): boolean => isOneOf("abc", variant);

const isOneOf = (letters: string, variant: string | undefined): boolean =>
  variant !== undefined && letters.includes(variant);
