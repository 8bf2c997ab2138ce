import { kerror } from "../../kernel/index.ts";
import type { PluginSource } from "../dialects/dialect.ts";

/** Error: `plugin.capability.privileged`. */
export function checkPrivileges({ name, manifest, config, capabilities }: PluginSource): void {
  // The first generation takes the privilege from the configuration alone.
  const isPrivileged = manifest.privileged || config.privileged === true;
  if (capabilities !== undefined && isPrivileged) throw kerror("plugin.capability.privileged", name);
}
