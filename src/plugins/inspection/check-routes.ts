import { type KnownApi, routePattern } from "./known-api.ts";
import type { PlannedAction } from "./plugin-plan.ts";
import type { Problem } from "./problem.ts";

/** Names and routes that are taken: by the server, by another plugin, or by another action of the same one. */
export function checkRoutes(actions: readonly PlannedAction[], api: KnownApi): Problem[] {
  const own = new Map<string, string>();
  const problems: Problem[] = [];
  for (const controller of new Set(actions.map(({ controller }) => controller))) {
    if (!api.reserved.has(controller)) continue;
    problems.push({
      id: "taken-controller",
      severity: "error",
      message: `Its controller "${controller}" has the name of one of the server's own.`,
      hint: "Give the controller another name.",
    });
  }
  for (const { controller, action, routes } of actions) {
    for (const route of routes) {
      const pattern = routePattern(route);
      const other = api.routes.get(pattern) ?? own.get(pattern);
      own.set(pattern, `${controller}:${action}`);
      if (other === undefined) continue;
      problems.push({
        id: "taken-route",
        severity: "error",
        message: `The route "${route}" of ${controller}:${action} is that of ${other}.`,
        hint: "Choose another path; below a segment of the plugin's own nobody else is.",
      });
    }
  }
  return problems;
}
