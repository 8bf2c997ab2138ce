/** What a command could not do, in words for the person who typed it: exit code 1. */
export class Failure extends Error {}

/** A command that was typed wrongly: exit code 2. */
export class UsageError extends Error {}
