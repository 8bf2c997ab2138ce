import { createLogger, type LogFields, type Logger } from "../../kernel/index.ts";
import type { PluginContributions, PluginDefinition } from "../definition.ts";
import type { Found } from "../discovery/discover.ts";
import { PluginHost } from "../host.ts";
import { type OfflineApplication, offlineDeps } from "./offline-deps.ts";

/** A plugin whose code has run up to its constructor, and whose `init` has not. */
export interface Inspection {
  readonly found: Found;
  /** Undefined when it cannot be loaded: then there is a `failure`. */
  readonly definition: PluginDefinition | undefined;
  /** What it brings, as far as it can be told by now. */
  readonly contributions: PluginContributions | undefined;
  readonly failure: Error | undefined;
  /** What the host had to say. */
  readonly warnings: readonly { readonly event: string; readonly fields: LogFields }[];
}

/** Loads one plugin without a server: no port, no store, no `init`. */
export async function inspectPlugin(found: Found, application: OfflineApplication): Promise<Inspection> {
  const warnings: { event: string; fields: LogFields }[] = [];
  const host = new PluginHost(offlineDeps(application, warningsOnly(warnings)));
  let definition: PluginDefinition | undefined;
  let contributions: PluginContributions | undefined;
  let failure: Error | undefined;
  try {
    definition = await host.inspect(found);
    contributions = definition.contributions();
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
  } finally {
    await host.close();
  }
  return { found, definition, contributions, failure, warnings };
}

function warningsOnly(warnings: { event: string; fields: LogFields }[]): Logger {
  return createLogger(
    (level, event, fields = {}) => {
      if (level === "warn") warnings.push({ event, fields });
    },
    () => warningsOnly(warnings),
  );
}
