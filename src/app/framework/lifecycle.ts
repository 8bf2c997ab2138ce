import { kerror } from "../../kernel/index.ts";
import type { PluginHost } from "../../plugins/index.ts";
import type { Server } from "../server-parts.ts";

/**
 * How far an application has come: configuration may be changed until `begun`, listeners and controllers may be added until there is the
 * `host` (plugins add some in their `init`), and the server is there once it is ready.
 */
export class Lifecycle {
  begun = false;
  /** There before the server is ready: installations and plugins use what it offers. */
  host: PluginHost | undefined;
  server: Server | undefined;

  /** Error: `plugin.runtime.already_started`. */
  assertNotBegun(what: string): void {
    if (this.begun) throw kerror("plugin.runtime.already_started", what);
  }

  /** Error: `plugin.runtime.already_started` once the plugins have started. */
  assertOpen(what: string): void {
    if (this.host !== undefined) throw kerror("plugin.runtime.already_started", what);
  }

  /** Error: `plugin.runtime.unavailable_before_start`. */
  running(what: string): Server {
    return this.server ?? this.unavailable(what);
  }

  unavailable(what: string): never {
    throw kerror("plugin.runtime.unavailable_before_start", what);
  }
}
