/** Options and defaults: one schema, read from files, variables and arguments, checked once, frozen, and passed down in slices. */
export type { Config, ConfigWarning, Internal, LoadedConfig, RecordedKey } from "./config.ts";
export { Configuration, loadConfig } from "./configuration.ts";
export { redactedConfig } from "./redact.ts";
export { optionsOf } from "./schema/defaults.ts";
export type { OptionSchema, TypeName, Unit } from "./schema/option.ts";
export { configSchema, type Settings } from "./schema/schema.ts";
export type { Sources } from "./sources/sources.ts";
export { bytes, durationMs, findBytes, findDurationMs } from "./units.ts";
