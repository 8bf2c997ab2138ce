import type { Argument, JsonSchema } from "../events/index.ts";
import type { ActionEntry, DescribedController } from "./action-table.ts";
import { statusOf } from "./error-status.ts";

const introduction = `# Actions

Every request names a controller and an action: \`{ "controller": "document", "action": "get", … }\` over WebSocket and other protocols, or a route
over HTTP. The right that an action requires is its name, as in \`document:get\`. Arguments are members of the request, or what a route has in its
path and its query; those *in body* are members of \`body\`, and *the body* is all of it. Any action may also be refused for its arguments
(\`api.assert.*\`, 400), for want of a right (\`security.rights.*\`, 401 and 403), or because the server is overloaded (503).
`;

/** The action table as a page of Markdown, one chapter for each controller, one section for each action. */
export function renderReference(controllers: readonly DescribedController[]): string {
  return [introduction, ...controllers.map(renderController)].join("\n");
}

function renderController({ name, aliases, plugin, actions }: DescribedController): string {
  const facts = [
    ...(plugin === undefined ? [] : [`Of the plugin \`${plugin}\`.`]),
    ...(aliases.length === 0 ? [] : [`Also known as ${aliases.map(code).join(", ")}.`]),
  ];
  const head = [`## ${name}`, "", ...(facts.length === 0 ? [] : [facts.join(" "), ""])];
  return [...head, ...actions.map(renderAction)].join("\n");
}

function renderAction({ controller, name, action }: ActionEntry): string {
  const { summary, http, args, result, errors } = action;
  const lines = [`### ${controller}:${name}`, "", summary, ""];
  const list = [
    ...http.map(({ verb, path, deprecated }) => {
      const since = deprecated === undefined ? "" : `, deprecated since ${deprecated.since}: ${deprecated.message}`;
      return `- ${code(`${verb} ${path}`)}${since}`;
    }),
    ...(result === undefined ? [] : [`- answers ${code(shapeOf(result))}`]),
    ...errors.map((id) => `- fails with ${code(id)} (${statusOf(id)})`),
  ];
  if (list.length > 0) lines.push(...list, "");
  const rows = Object.entries(args).map(renderArgument);
  if (rows.length > 0)
    lines.push("| argument | where | type | default | meaning |", "|---|---|---|---|---|", ...rows, "");
  return lines.join("\n");
}

const places: Readonly<Record<Argument<unknown>["in"], string>> = {
  args: "",
  body: "in body",
  content: "the body",
};

function renderArgument([name, { in: place, required, schema }]: readonly [string, Argument<unknown>]): string {
  const fallback = "default" in schema ? code(JSON.stringify(schema.default)) : required ? "required" : "";
  const cells = [code(name), places[place], code(shapeOf(schema)), fallback, String(schema.description ?? "")];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

const code = (text: string): string => `\`${text}\``;

/** `{ _id: string, hits: object[] }` */
function shapeOf({ type, enum: values, properties, items, anyOf }: JsonSchema): string {
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join(" | ");
  if (Array.isArray(anyOf)) return (anyOf as JsonSchema[]).map(shapeOf).join(" | ");
  if (type === "array") {
    const of = items === undefined ? "anything" : shapeOf(items as JsonSchema);
    return / \| /.test(of) && !of.startsWith("{") ? `(${of})[]` : `${of}[]`;
  }
  const members = Object.entries((properties ?? {}) as Readonly<Record<string, JsonSchema>>);
  if (members.length > 0) return `{ ${members.map(([name, schema]) => `${name}: ${shapeOf(schema)}`).join(", ")} }`;
  return type === undefined ? "anything" : [type].flat().join(" | ");
}
