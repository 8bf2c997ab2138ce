import type { XStatic } from "typebox/schema";
import { cluster } from "./cluster.ts";
import { dump } from "./dump.ts";
import { application, controllers, realtime, repositories, stats, validation } from "./general.ts";
import { http } from "./http.ts";
import { limits } from "./limits.ts";
import { section } from "./option.ts";
import { plugins, pluginsManager } from "./plugins.ts";
import { security } from "./security.ts";
import { server } from "./server.ts";
import { services } from "./services.ts";
import { tenon } from "./tenon.ts";

/**
 * JSON Schema of the whole configuration, with the annotations `unit`, `unset` (may be absent) and `obsolete`.
 * `docs/configuration.md` is printed from it (`scripts/config-doc.ts`).
 */
export const configSchema = section("Configuration of a Tenon server.", {
  tenon,
  server,
  http,
  limits,
  security,
  plugins,
  services,
  cluster,
  realtime,
  application,
  validation,
  controllers,
  repositories,
  stats,
  dump,
  pluginsManager,
});

/** The configuration as sources and applications write it. */
export type Settings = XStatic<typeof configSchema>;
