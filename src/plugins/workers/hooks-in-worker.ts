import type { JSONObject } from "../../kernel/index.ts";
import type { Generation, PluginHook } from "../definition.ts";
import type { PluginScope } from "../dialects/dialect.ts";
import { readHooks as readFirst } from "../dialects/v0/listeners.ts";
import { readHooks as readFormer } from "../dialects/v1/listeners.ts";
import type { OwnLines } from "./own-lines.ts";
import type { PayloadText } from "./payload-text.ts";
import type { WorkerPool } from "./worker-pool.ts";

export interface WorkerListening {
  readonly generation: Generation;
  readonly scope: PluginScope;
  readonly variant: string | undefined;
  readonly pool: WorkerPool;
  readonly own: OwnLines;
  readonly texts: PayloadText;
}

/**
 * The server's side of the hooks that a plugin declares: each writes down what its generation shows, and hands it to the processes. Which events of
 * today a name stands for, and what they show, is what the plugin would have in the server.
 */
export function hooksInWorker(declared: readonly string[], listening: WorkerListening): PluginHook[] {
  const { generation, scope, variant, pool, own, texts } = listening;
  if (generation === "tenon") {
    return declared.map((event) => ({
      event,
      run: (args) => {
        if (!own.isWriting) pool.deliver(event, texts, args, args);
      },
    }));
  }
  let firing: readonly unknown[] = [];
  const hand = (payload: unknown, event: unknown): void => pool.deliver(event as string, texts, firing, payload);
  const instance: JSONObject = { hooks: Object.fromEntries(declared.map((event) => [event, hand])) };
  const hooks = (generation === "v0" ? readFirst : readFormer)(instance, scope, variant);
  return hooks.map((hook) => ({
    ...hook,
    run: (args, event) => {
      if (own.isWriting) return undefined;
      firing = args;
      return hook.run(args, event);
    },
  }));
}
