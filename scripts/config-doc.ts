/** Prints docs/configuration.md from the configuration's schema: `node scripts/config-doc.ts`. */
import { writeFileSync } from "node:fs";
import { configSchema, type OptionSchema, optionsOf } from "../src/config/index.ts";

export const configDocPath = new URL("../docs/configuration.md", import.meta.url);

const introduction = `# Configuration

<!-- Written by scripts/config-doc.ts from the schema in src/config/schema: change it there. -->

From strongest to weakest; objects are merged, everything else is replaced:

1. arguments: \`--server.port 7513\`, \`--server.port=7513\`, \`--cluster.enabled\`, \`--no-cluster.enabled\`;
   short forms \`--port\`, \`--host\`, \`--data\`;
2. variables: \`tenon_server__port=7513\` (\`__\` between levels; short forms \`tenon_port\`, \`tenon_host\`, \`tenon_data\`),
   then \`kuzzle_server__port=7513\`;
3. the file of \`--config\`, then of \`tenon_config\`, then of \`kuzzle_config\`;
4. the nearest \`.tenonrc\`, then the nearest \`.kuzzlerc\`, in the root or a directory above it;
5. \`~/.tenonrc\`, \`~/.tenon/config\`, \`~/.config/tenon\`, \`~/.config/tenon/config\`, then the same with \`kuzzle\`;
6. \`/etc/tenonrc\`, \`/etc/tenon/config\`, then the same with \`kuzzle\`;
7. the defaults below.

Files are JSON with comments, or INI. In every source a text \`true\` or \`false\` becomes a boolean and a text of digits a number where
the key is not a text itself; \`*json:[1, 2]\` is parsed as JSON. An unknown key is refused in Tenon's own files, variables and arguments,
and gives a warning in Kuzzle's.

A *size* is a number of bytes, or a text such as \`1MB\` (\`b\`, \`kb\`, \`mb\`, \`gb\`, \`tb\`, factor 1024). A *duration* is a number of
milliseconds, or a text such as \`1h\`, \`15s\`, \`7 days\`. *Unset* means that there is no default.
`;

export function renderConfigDoc(): string {
  const parts = [introduction];
  for (const [name, node] of Object.entries<OptionSchema>(configSchema.properties))
    parts.push(renderSection(name, node));
  return parts.join("\n");
}

function renderSection(name: string, node: OptionSchema): string {
  const lines = [`## ${name}`, "", node.description ?? "", ""];
  if (node.properties === undefined) {
    lines.push(`Default: ${defaultOf(node)}.${node.obsolete === undefined ? "" : ` Obsolete: ${node.obsolete}`}`);
  } else {
    lines.push("| key | type | default | unit | meaning |", "|---|---|---|---|---|");
    for (const [path, option] of optionsOf(node, name)) lines.push(renderRow(path, option));
  }
  return `${lines.join("\n")}\n`;
}

function renderRow(path: string, option: OptionSchema): string {
  const obsolete = option.obsolete === undefined ? "" : ` *Obsolete.* ${option.obsolete}`;
  const unit = option.unit === "size" || option.unit === "duration" ? "" : (option.unit ?? "");
  const cells = [`\`${path}\``, typeOf(option), defaultOf(option), unit, `${option.description ?? ""}${obsolete}`];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function typeOf(option: OptionSchema): string {
  if (option.unit === "size" || option.unit === "duration") return option.unit;
  if (option.enum !== undefined) return option.enum.map((member) => `\`${String(member)}\``).join(" or ");
  if (option.anyOf !== undefined) return option.anyOf.map(typeOf).join(" or ");
  const types = [option.type ?? "anything"].flat();
  const list = types.includes("array") && option.items !== undefined ? ` of ${typeOf(option.items)}` : "";
  return `${types.join(" or ")}${list}${range(option)}`;
}

function range({ minimum, maximum, exclusiveMinimum }: OptionSchema): string {
  if (minimum !== undefined && maximum !== undefined) return `, ${minimum} to ${maximum}`;
  if (minimum !== undefined) return `, at least ${minimum}`;
  return exclusiveMinimum === undefined ? "" : `, more than ${exclusiveMinimum}`;
}

function defaultOf(option: OptionSchema): string {
  return option.unset === true ? "unset" : `\`${JSON.stringify(option.default)}\``;
}

if (import.meta.main) writeFileSync(configDocPath, renderConfigDoc());
