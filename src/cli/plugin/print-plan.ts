import { describeCapabilities, type PluginPlan } from "../../plugins/index.ts";
import type { Output } from "./output.ts";

/** Prints what a plugin would register, for people. */
export function printPlan(plan: PluginPlan, { line }: Output): void {
  line(`${plan.name} ${plan.version ?? ""}`.trimEnd());
  line(`  form          ${plan.dialect}: ${plan.because}`);
  for (const [title, items] of sections(plan)) {
    if (items.length > 0) line(`  ${title.padEnd(12)}  ${items.join(`\n${" ".repeat(16)}`)}`);
  }
  if (plan.unread !== undefined) line(`  (what it registers cannot be read before its init: ${plan.unread})`);
  else if (!plan.isComplete) line("  (its init has not run: what it adds there is not listed)");
}

function sections(plan: PluginPlan): readonly (readonly [string, readonly string[]])[] {
  const { name, pipes, hooks, actions, strategies, protocols, imports, capabilities } = plan;
  return [
    ["pipes", pipes],
    ["hooks", hooks],
    ["actions", actions.map(({ controller, action, routes }) => [`${controller}:${action}`, ...routes].join("  "))],
    ["strategies", strategies],
    ["protocols", protocols],
    ["imports", imports],
    ["order", order(plan)],
    ["may use", describeCapabilities({ name, capabilities })],
  ];
}

function order({ dependsOn, before, after, priority }: PluginPlan): string[] {
  return [
    ...Object.entries(dependsOn).map(([name, ranges]) => `needs ${name} ${ranges.join(" and ")}`),
    ...(before.length === 0 ? [] : [`before ${before.join(", ")}`]),
    ...(after.length === 0 ? [] : [`after ${after.join(", ")}`]),
    ...(priority === 0 ? [] : [`priority ${priority}`]),
  ];
}
