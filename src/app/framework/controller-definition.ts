import { didYouMean, isPlainObject, kerror } from "../../kernel/index.ts";

const verbs = ["get", "head", "post", "put", "delete", "patch", "options"];
const routeMembers = ["verb", "path", "openapi"];

/**
 * Checks what can be judged of a controller before the start; the host of plugins judges the rest by the configuration.
 * Error: `plugin.assert.invalid_controller_definition`, naming the action and what is wrong with it.
 * Source: contract/plugins/v2.md section 5.
 */
export function checkControllerDefinition(name: unknown, definition: unknown): void {
  const invalid = (why: string): Error => kerror("plugin.assert.invalid_controller_definition", name, why);
  if (typeof name !== "string" || !/^[^\s:/]+$/.test(name) || name === "__proto__") {
    throw invalid('a name is a text without spaces, ":" and "/".');
  }
  if (!isPlainObject(definition) || !isPlainObject(definition.actions)) throw invalid('it needs an object "actions".');
  for (const [action, written] of Object.entries(definition.actions)) {
    const wrong = wrongWithAction(written);
    if (wrong !== undefined) throw invalid(`action "${action}" ${wrong}`);
  }
}

function wrongWithAction(written: unknown): string | undefined {
  if (!isPlainObject(written)) return 'must be an object with a "handler".';
  if (typeof written.handler !== "function") return 'needs a function "handler".';
  if (written.http === undefined) return undefined;
  if (!Array.isArray(written.http)) return 'has an "http" that is no array of routes.';
  for (const route of written.http as unknown[]) {
    const wrong = wrongWithRoute(route);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function wrongWithRoute(route: unknown): string | undefined {
  if (!isPlainObject(route)) return "has a route that is no object.";
  const { verb, path } = route;
  const unknown = Object.keys(route).find((member) => !routeMembers.includes(member));
  if (unknown !== undefined) {
    return `has a route with an unknown member "${unknown}".${didYouMean(unknown, routeMembers)}`;
  }
  if (typeof verb !== "string" || !verbs.includes(verb.toLowerCase())) {
    return `has a route with the verb "${String(verb)}"; there are ${verbs.join(", ")}.`;
  }
  if (typeof path !== "string" || path === "") return 'has a route without "path".';
  return undefined;
}
