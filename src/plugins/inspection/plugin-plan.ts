import type { Granted } from "../capabilities/capabilities.ts";
import type { PluginContributions, PluginDefinition } from "../definition.ts";
import type { Inspection } from "./inspect-plugin.ts";

/** What a plugin would register with the server, in plain words that can be printed or written as JSON. */
export interface PluginPlan {
  readonly name: string;
  readonly version: string | undefined;
  /** `tenon`, `v2`, `v1.e`, `v0.b`. */
  readonly dialect: string;
  /** Why it was taken for that. */
  readonly because: string;
  /** False: plugins of this form may add more in their `init`, which has not run. */
  readonly isComplete: boolean;
  /** Why nothing of it could be read before its `init`. */
  readonly unread: string | undefined;
  readonly pipes: readonly string[];
  readonly hooks: readonly string[];
  readonly actions: readonly PlannedAction[];
  readonly strategies: readonly string[];
  readonly protocols: readonly string[];
  /** What it wants loaded: `mappings`, `roles`, … */
  readonly imports: readonly string[];
  /** Undefined: it declares none, and may do everything. */
  readonly capabilities: Granted | undefined;
  /** Plugins that it needs, with the ranges of their versions. */
  readonly dependsOn: Readonly<Record<string, readonly string[]>>;
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly priority: number;
}

export interface PlannedAction {
  readonly controller: string;
  readonly action: string;
  /** `GET /greeter/:name` */
  readonly routes: readonly string[];
}

/** The plan of a plugin that could be loaded. */
export function planOf({ definition, contributions, failure }: Inspection): PluginPlan | undefined {
  if (definition === undefined) return undefined;
  const { order, capabilities } = definition;
  return {
    ...identityOf(definition),
    isComplete: definition.generation === "tenon",
    unread: failure?.message.split("\n")[0],
    ...registrationsOf(contributions),
    capabilities,
    ...order,
    dependsOn: Object.fromEntries(order.dependsOn),
  };
}

/** As the log of a start says it. */
function identityOf({ name, version, generation, variant, because }: PluginDefinition) {
  return { name, version, dialect: variant === undefined ? generation : `${generation}.${variant}`, because };
}

const none: PluginContributions = { pipes: [], hooks: [], controllers: [], strategies: [], imports: undefined };

function registrationsOf(contributions: PluginContributions = none) {
  const { pipes, hooks, controllers, strategies, protocols = [], imports = {} } = contributions;
  return {
    pipes: pipes.map(({ event }) => event),
    hooks: hooks.map(({ event }) => event),
    actions: controllers.flatMap(({ name: controller, actions }) =>
      Object.entries(actions).map(([action, { http }]) => ({
        controller,
        action,
        routes: http.map(({ verb, path }) => `${verb} ${path}`),
      })),
    ),
    strategies: strategies.map(({ name }) => name),
    protocols: protocols.map(({ name }) => name),
    imports: Object.keys(imports),
  };
}
