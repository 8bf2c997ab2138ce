import type { Declarations } from "../declarations.ts";
import { type Granted, switches } from "./capabilities.ts";
import { parseCapabilities } from "./parse-capabilities.ts";
import { allows, common, reaches } from "./patterns.ts";

/**
 * What all places together grant: each may only take away, so that an operator who reads `manifest.json` has seen all there is. Undefined when
 * none says anything: then the plugin may do everything.
 * Error: `plugin.capability.invalid_declaration`.
 */
export function readCapabilities(plugin: string, declarations: Declarations): Granted | undefined {
  let granted: Granted | undefined;
  for (const { capabilities } of declarations) {
    if (capabilities === undefined) continue;
    const parsed = parseCapabilities(plugin, capabilities);
    granted = granted === undefined ? parsed : intersect(granted, parsed);
  }
  return granted;
}

function intersect(a: Granted, b: Granted): Granted {
  const both = Object.fromEntries(switches.map((name) => [name, a[name] && b[name]]));
  return {
    ...a,
    ...both,
    events: common(a.events, b.events, allows),
    actions: common(a.actions, b.actions, allows),
    files: {
      read: common(a.files.read, b.files.read, reaches),
      write: common(a.files.write, b.files.write, reaches),
    },
  };
}
