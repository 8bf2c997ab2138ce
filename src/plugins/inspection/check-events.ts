import { eventNames } from "../../events/index.ts";
import { didYouMean } from "../../kernel/index.ts";
import type { PluginContributions } from "../definition.ts";
import type { KnownApi } from "./known-api.ts";
import type { Problem } from "./problem.ts";

const phases = ["before", "after", "error"] as const;

/**
 * Listeners on events that nothing fires. A name near a known one, or in a scope of the server's, is a slip; any other may be fired by an application
 * or another plugin.
 */
export function checkEvents({ pipes, hooks }: PluginContributions, api: KnownApi): Problem[] {
  const names = new Set([...pipes, ...hooks].filter(({ matches }) => matches === undefined).map(({ event }) => event));
  return [...names].flatMap((event) => {
    const scope = scopeOf(event);
    if (isKnown(event, scope, api)) return [];
    const known = namesIn(scope, api);
    const suggestion = didYouMean(event, known ?? allNames(api)).trim();
    const isSlip = known !== undefined || suggestion !== "";
    return [
      {
        id: "unknown-event",
        severity: isSlip ? "error" : "warning",
        message: `It listens to "${event}", and nothing of this server fires that.`,
        hint:
          suggestion === ""
            ? "If the application or another plugin fires it, all is well; else look at docs/lifecycle.md for the names."
            : suggestion,
      },
    ];
  });
}

const scopeOf = (event: string): string => event.slice(0, Math.max(0, event.lastIndexOf(":")));

/** Plugins fire what they like under a scope of their own. */
const isOfPlugin = (scope: string): boolean => scope.startsWith("plugin-");

function isKnown(event: string, scope: string, api: KnownApi): boolean {
  if (isOfPlugin(scope)) return true;
  const known = namesIn(scope, api);
  if (known === undefined) return false;
  return known.includes(event) || ["", ...phases].some((phase) => event === `${scope}:${phase}*`);
}

/** Undefined for a scope that nobody fires events of. */
function namesIn(scope: string, { controllers }: KnownApi): readonly string[] | undefined {
  const named = eventNames.filter((name) => scopeOf(name) === scope);
  const actions = controllers.get(scope);
  if (actions === undefined && named.length === 0) return undefined;
  return [...named, ...(actions ?? []).flatMap((action) => eventsOf(scope, action))];
}

const allNames = ({ controllers }: KnownApi): string[] => [
  ...eventNames,
  ...[...controllers].flatMap(([controller, actions]) => actions.flatMap((action) => eventsOf(controller, action))),
];

function eventsOf(controller: string, action: string): string[] {
  const capitalised = action.charAt(0).toUpperCase() + action.slice(1);
  return phases.map((phase) => `${controller}:${phase}${capitalised}`);
}
