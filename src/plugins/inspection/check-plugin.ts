import { KuzzleError } from "../../kernel/index.ts";
import type { PluginDefinition } from "../definition.ts";
import { checkCapabilities } from "./check-capabilities.ts";
import { checkEvents } from "./check-events.ts";
import { checkFiles } from "./check-files.ts";
import { findOrderFault } from "./check-order.ts";
import { checkRoutes } from "./check-routes.ts";
import type { Inspection } from "./inspect-plugin.ts";
import type { KnownApi } from "./known-api.ts";
import type { OfflineApplication } from "./offline-deps.ts";
import { type PluginPlan, planOf } from "./plugin-plan.ts";
import type { Problem } from "./problem.ts";

/** What a plugin is held against. */
export interface Surroundings {
  readonly application: OfflineApplication;
  /** Of the server and of all other plugins. */
  readonly api: KnownApi;
  /** The plugins that would run beside it. */
  readonly others: readonly PluginDefinition[];
}

/** Everything that can be found wrong with a plugin without starting it; nothing, when it is an empty list. */
export async function checkPlugin(
  inspection: Inspection,
  { application, api, others }: Surroundings,
): Promise<Problem[]> {
  const { found, definition, contributions, failure, warnings } = inspection;
  const files = found.kind === "package" ? checkFiles(found.facts, application.root) : [];
  const plan = planOf(inspection);
  const problems = [
    ...files,
    // Without a main file loading fails for that very reason.
    ...(failure === undefined || files.some(({ id }) => id === "missing-main") ? [] : [ofFailure(failure, plan)]),
    ...warnings.flatMap(({ event, fields }) => ofWarning(event, fields)),
  ];
  if (plan === undefined || definition === undefined) return problems;
  const orderFault = await findOrderFault(definition, others);
  return [
    ...problems,
    ...(contributions === undefined ? [] : checkEvents(contributions, withOwn(api, plan.actions))),
    ...checkRoutes(plan.actions, api),
    ...checkCapabilities(inspection),
    ...(orderFault === undefined ? [] : [ofFailure(orderFault, undefined)]),
  ];
}

function ofFailure(failure: Error, plan: PluginPlan | undefined): Problem {
  const id = failure instanceof KuzzleError && failure.id !== undefined ? failure.id : "cannot-read";
  const { message } = failure;
  if (plan !== undefined && !plan.isComplete && mayComeWithInit(id)) {
    return { id, severity: "warning", message, hint: "If its init puts that right, all is well." };
  }
  return { id, severity: "error", message, hint: hints[id] ?? "The server would not start with it." };
}

/** Strategies and their classes, and whatever code of the plugin's own has missed. */
const mayComeWithInit = (id: string): boolean =>
  id === "cannot-read" || /^plugin\.(strategy|authenticators)\./.test(id);

/** Where the message of an error says what is wrong, and not what to do. */
const hints: Readonly<Record<string, string>> = {
  "plugin.assert.privileged_not_set":
    'Set plugins.<name>.privileged to true if you trust it with the whole server, or take "privileged" out of manifest.json.',
  "plugin.assert.privileged_not_supported":
    "Take plugins.<name>.privileged out of the configuration: manifest.json does not ask for it.",
  "plugin.assert.init_not_found": "Give it an init(config, context), or export what definePlugin answers.",
  "plugin.assert.not_a_constructor": "Export a class, or what definePlugin answers.",
  "plugin.manifest.version_mismatch": 'Correct "kuzzleVersion" in manifest.json: a range that meets 1.x or 2.x.',
  "plugin.order.missing_dependency": "Run: tenon plugin install or tenon plugin enable, with its name.",
  "plugin.order.version_mismatch": "Install a version that fits, or correct the range.",
  "plugin.order.cycle": 'Change "dependsOn", "before" or "after" of one of them.',
  "plugin.capability.privileged": 'Take "privileged" or "capabilities" away.',
  "plugin.capability.invalid_declaration": "See docs/plugins/capabilities.md for the members there are.",
  "plugin.runtime.unexpected_error": "Its code throws while it is loaded or made; the message has the reason.",
};

/** What a start would only log. */
function ofWarning(event: string, fields: Readonly<Record<string, unknown>>): Problem[] {
  const about = `"${String(fields.event)}"`;
  if (event === "plugin.listener_ignored") {
    const message = `The listener on ${about} is left out: ${String(fields.because)}.`;
    return [{ id: "missing-handler", severity: "error", message, hint: "Correct the name of the method." }];
  }
  if (event === "plugin.event_never_fires") {
    const message = `It listens to ${about}, which no longer fires.`;
    return [
      { id: "former-event", severity: "warning", message, hint: "See docs/plugins/kuzzle-0.md for today's names." },
    ];
  }
  return [];
}

/** A plugin may listen to its own actions. */
function withOwn(
  api: KnownApi,
  actions: readonly { readonly controller: string; readonly action: string }[],
): KnownApi {
  const controllers = new Map(api.controllers);
  for (const { controller, action } of actions) {
    controllers.set(controller, [...(controllers.get(controller) ?? []), action]);
  }
  return { ...api, controllers };
}
