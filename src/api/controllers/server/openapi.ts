import type { Argument } from "../../../events/index.ts";
import { type ErrorId, isPlainObject, type JSONObject } from "../../../kernel/index.ts";
import type { ActionTable } from "../../action-table.ts";
import { statusOf } from "../../error-status.ts";

/** OpenAPI 3.1 of the server's own routes, from the declarations of its actions. */
export function describeOpenApi(actions: ActionTable, version: string): JSONObject {
  const { paths, tags } = describeRoutes(actions, true);
  return {
    openapi: "3.1.0",
    info: { title: "Kuzzle API", description: "The HTTP API of this server", version },
    tags,
    schemes: ["https", "http"],
    paths,
  };
}

/** What the application wrote itself, with the routes of the application and the plugins; what it wrote of a path wins. */
export function describeApplication(actions: ActionTable, written: JSONObject): JSONObject {
  const { paths, tags } = describeRoutes(actions, false);
  return {
    openapi: "3.1.0",
    schemes: ["https", "http"],
    ...written,
    tags: [...tags, ...(Array.isArray(written.tags) ? written.tags : [])],
    paths: { ...paths, ...(isPlainObject(written.paths) ? written.paths : {}) },
  };
}

/** The server's own routes, or those of everybody else. */
function describeRoutes(
  actions: ActionTable,
  own: boolean,
): { paths: Record<string, JSONObject>; tags: readonly { name: string }[] } {
  const paths: Record<string, JSONObject> = {};
  const controllers = new Set<string>();
  for (const route of actions.routes()) {
    const entry = actions.get(route.controller, route.action);
    if ((entry.plugin === undefined) !== own) continue;
    controllers.add(route.controller);
    const path = route.path.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] ??= {};
    paths[path][route.verb.toLowerCase()] = isPlainObject(route.openapi)
      ? taggedWith(route.openapi, route.controller)
      : describeOperation(entry.action.args, {
          path: route.path,
          controller: route.controller,
          action: route.action,
          summary: entry.action.summary,
          deprecated: route.deprecated !== undefined,
          result: entry.action.result,
          errors: entry.action.errors,
        });
  }
  return { paths, tags: [...controllers].map((name) => ({ name })) };
}

/** A description that came with its route stays as it is, under its controller. */
function taggedWith(written: JSONObject, controller: string): JSONObject {
  const tags = Array.isArray(written.tags) ? written.tags : [];
  return { ...written, tags: tags.includes(controller) ? tags : [...tags, controller] };
}

interface Operation {
  readonly path: string;
  readonly controller: string;
  readonly action: string;
  readonly summary: string;
  readonly deprecated: boolean;
  readonly result: unknown;
  readonly errors: readonly ErrorId[];
}

function describeOperation(args: Readonly<Record<string, Argument<unknown>>>, operation: Operation): JSONObject {
  const inPath = new Set([...operation.path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? ""));
  const parameters = [...inPath].map((name) => parameter(name, "path", { type: "string" }, true));
  const members: Record<string, unknown> = {};
  const required: string[] = [];
  let body: unknown;
  for (const [name, argument] of Object.entries(args)) {
    if (argument.in === "args" && !inPath.has(name))
      parameters.push(parameter(name, "query", argument.schema, argument.required));
    if (argument.in === "content") body = argument.schema;
    if (argument.in === "body") {
      members[name] = argument.schema;
      if (argument.required) required.push(name);
    }
  }
  if (body === undefined && Object.keys(members).length > 0) body = { type: "object", properties: members, required };
  const described: JSONObject = {
    tags: [operation.controller],
    description: `${operation.controller}:${operation.action}`,
    summary: operation.summary,
    parameters,
    responses: { 200: { description: "OK", ...content(envelope(operation.result)) }, ...refusals(operation.errors) },
  };
  if (operation.deprecated) described.deprecated = true;
  if (body !== undefined) described.requestBody = content(body);
  return described;
}

/** By status, with the ids that answer it. */
function refusals(errors: readonly ErrorId[]): Record<string, { description: string }> {
  const ids = Map.groupBy(errors, statusOf);
  return Object.fromEntries([...ids].map(([status, of]) => [status, { description: of.join(", ") }]));
}

const parameter = (name: string, place: "path" | "query", schema: unknown, required: boolean): JSONObject => ({
  in: place,
  name,
  required,
  schema,
});

const content = (schema: unknown): JSONObject => ({ content: { "application/json": { schema } } });

const envelope = (result: unknown): JSONObject => ({
  type: "object",
  properties: { requestId: { type: "string" }, status: { type: "integer" }, result: result ?? {} },
});

/** YAML of plain JSON data: block style, every text quoted as in JSON, which YAML reads alike. */
export function toYaml(value: unknown, indent = ""): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]\n";
    return `\n${value.map((item) => `${indent}- ${toYaml(item, `${indent}  `).replace(/^\n\s*/, "")}`).join("")}`;
  }
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(JSON.parse(JSON.stringify(value)) as JSONObject);
    if (members.length === 0) return "{}\n";
    return `\n${members.map(([key, member]) => `${indent}${JSON.stringify(key)}: ${toYaml(member, `${indent}  `)}`).join("")}`;
  }
  return `${JSON.stringify(value) ?? "null"}\n`;
}
