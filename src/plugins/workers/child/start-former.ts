import type { JSONObject } from "../../../kernel/index.ts";
import { readTargets } from "../../dialects/v1/listeners.ts";
import { createPlainContext } from "../../dialects/v1/plain-context.ts";
import { methodOf } from "../../dialects/v2/targets.ts";
import { byName, namesOf, type StartInWorker } from "./start-in-worker.ts";

/** `init(config, context)`, awaited; false is a failure. Source: contract/plugins/v1.md sections 3 and 7. */
export const startFormer: StartInWorker = async (exported, { name, variant, config, hostConfig }, log) => {
  const instance = new (exported as new () => JSONObject)();
  const answer = await methodOf(instance, "init")?.(config, createPlainContext(hostConfig));
  if (answer === false && variant !== "a") throw new Error("its init answered false.");
  return {
    hooks: byName(readTargets(instance, "hooks", { call: { plugin: name }, log }, variant)),
    ignored: namesOf(instance, ["pipes", "controllers", "strategies", "authenticators", "scope"]),
    awaitsHooks: false,
  };
};
