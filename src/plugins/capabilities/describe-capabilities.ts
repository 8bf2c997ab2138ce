import { switches } from "./capabilities.ts";
import { parseCapabilities } from "./parse-capabilities.ts";

const words: Readonly<Record<(typeof switches)[number], string>> = {
  storage: "storage: a private index of its own",
  secrets: "secrets: the decrypted vault",
  controllers: "controllers: actions of its own in the API",
  strategies: "strategies: ways to log in",
  protocols: "protocols: ways to speak with clients",
  network: "network: connections to elsewhere (withheld in worker processes only)",
};

/**
 * What a plugin may do, one line each, for people who decide whether to enable it: `["storage: a private index of its own", "events: document:*"]`.
 * Takes a `PluginDefinition`, or the content of a `manifest.json`.
 * Error: `plugin.capability.invalid_declaration`.
 */
export function describeCapabilities(of: { readonly name?: unknown; readonly capabilities?: unknown }): string[] {
  if (of.capabilities === undefined) return ["everything: it declares no capabilities"];
  const granted = parseCapabilities(String(of.name), of.capabilities);
  const { events, actions, files } = granted;
  const lists = { events, actions, "files to read": files.read, "files to write": files.write };
  const lines = [
    ...switches.filter((name) => granted[name]).map((name) => words[name]),
    ...Object.entries(lists).flatMap(([name, items]) => (items.length === 0 ? [] : [`${name}: ${items.join(", ")}`])),
  ];
  return lines.length === 0 ? ["nothing: its capabilities are empty"] : lines;
}
