import { kerror } from "../../kernel/index.ts";
import type { PluginContributions, PluginDefinition, PluginImports } from "../definition.ts";
import { Gate } from "./gate.ts";

/**
 * Checks what a plugin brings before any of it is registered, also of one without which the server would start: its operator has made a mistake.
 * Error: `plugin.capability.undeclared_contribution`, naming the plugin, what it brings and what it lacks.
 */
export function checkContributions(
  { name: plugin, capabilities: granted }: PluginDefinition,
  contributions: PluginContributions,
): void {
  if (granted === undefined) return;
  const { controllers, strategies, protocols = [], pipes, hooks, imports = {} } = contributions;
  const gate = new Gate(plugin, granted);
  const refuse = (what: string, needed: string): never => {
    throw kerror("plugin.capability.undeclared_contribution", plugin, what, needed);
  };
  const named = (kind: string, names: readonly { readonly name: string }[]): string =>
    `${kind} (${names.map(({ name }) => name).join(", ")})`;
  if (controllers.length > 0 && !granted.controllers) refuse(named("controllers", controllers), '"controllers": true');
  if (strategies.length > 0 && !granted.strategies) refuse(named("strategies", strategies), '"strategies": true');
  if (protocols.length > 0 && !granted.protocols) refuse(named("protocols", protocols), '"protocols": true');
  for (const { event } of [...pipes, ...hooks]) {
    if (!gate.allowsEvent(event)) refuse(`a listener on "${event}"`, `"events": ["${event}"]`);
  }
  for (const [section, [controller, action]] of Object.entries(actionOfImport)) {
    if (imports[section as keyof PluginImports] === undefined || gate.allowsAction(controller, action)) continue;
    refuse(`imports of ${section}`, `"actions": ["${controller}:${action}"]`);
  }
}

/** What loads each kind of import when a client does it. */
const actionOfImport = {
  mappings: ["admin", "loadMappings"],
  profiles: ["admin", "loadSecurities"],
  roles: ["admin", "loadSecurities"],
  userMappings: ["security", "updateUserMapping"],
  users: ["admin", "loadSecurities"],
} as const satisfies Partial<Record<keyof PluginImports, readonly [controller: string, action: string]>>;
