/** What `init` is called with; false: it is no dummy. Source: contract/plugins/v0.md, table of dialects. */
export const initArguments = (variant: string | undefined, config: unknown, context: unknown): unknown[] =>
  variant === "a" ? [config, false] : [config, context, false];
