/**
 * What sets the dialects of this generation apart, by their letter. Without one a plugin is taken for one of the last.
 * Source: contract/plugins/v1.md, table of dialects.
 */

/** Up to 1.0: what is wrong with a plugin is logged, and the server starts without it. */
export const isLenient = (variant: string | undefined): boolean => isOneOf("ab", variant);

/** Up to RC9: nobody waits for `init`, and what it answers does not count. */
export const ignoresInit = (variant: string | undefined): boolean => variant === "a";

/** Up to 1.1: `execute` fires events, each once in a chain of requests. Of the releases that `c` stands for, the later ones fire none. */
export const firesOwnEvents = (variant: string | undefined): boolean => isOneOf("ab", variant);

/** Up to 1.7: a wildcard of a pipe stands for all below the first segment. */
export const keepsFirstSegments = (variant: string | undefined): boolean => isOneOf("abcd", variant);

/** Up to 1.2: the headers of a request over HTTP are among its arguments, and the body is in the `query` of a login. */
export const mergesInputs = (variant: string | undefined): boolean => isOneOf("abc", variant);

const isOneOf = (letters: string, variant: string | undefined): boolean =>
  variant !== undefined && letters.includes(variant);
