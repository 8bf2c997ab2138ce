import { isThenable } from "../../../events/index.ts";
import type { JSONObject } from "../../../kernel/index.ts";
import { initArguments } from "../../dialects/v0/init-arguments.ts";
import { readTargets } from "../../dialects/v0/listeners.ts";
import { createPlainContext } from "../../dialects/v0/plain-context.ts";
import { methodOf } from "../../dialects/v2/targets.ts";
import { byName, namesOf, type StartInWorker } from "./start-in-worker.ts";

/** `init(config, context, isDummy)`, whose answer does not count. Source: contract/plugins/v0.md section 10. */
export const startFirst: StartInWorker = async (exported, { name, variant, config, hostConfig }, log) => {
  const instance = new (exported as new () => JSONObject)();
  const context = { ...createPlainContext(hostConfig), accessors: {} };
  const answer = methodOf(instance, "init")?.(...initArguments(variant, config, context));
  if (isThenable(answer)) {
    answer.then(undefined, (err: unknown) => log.error("plugin.late_init_failed", { plugin: name, err }));
  }
  return {
    hooks: byName(readTargets(instance, "hooks", { call: { plugin: name }, log })),
    ignored: namesOf(instance, ["pipes", "controllers", "scope"]),
    awaitsHooks: false,
  };
};
