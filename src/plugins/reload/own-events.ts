import type { Logger } from "../../kernel/index.ts";
import type { RunningPlugin } from "../running/running-plugin.ts";
import { withinInitTime } from "../running/within-init-time.ts";

interface Fired {
  readonly event: string;
  readonly args: readonly unknown[];
}

/** What a plugin hears at the start of a server. */
const ofStart: readonly Fired[] = [
  { event: "kuzzle:start", args: [] },
  { event: "kuzzle:state:live", args: [] },
  { event: "kuzzle:state:ready", args: [] },
  { event: "core:kuzzleStart", args: ["The server is ready"] },
];

/** What it hears at the end. */
const ofShutdown: readonly Fired[] = [
  { event: "kuzzle:shutdown", args: [] },
  { event: "core:shutdown", args: [] },
];

/** Tells one plugin alone, by its own listeners, that the server has started: it was not there then. Error: what its pipes refuse with. */
export async function tellOfStart(plugin: RunningPlugin, log: Logger): Promise<void> {
  for (const fired of ofStart) {
    await withinInitTime(plugin.definition, `the pipe on ${fired.event}`, () => fire(plugin, fired, log));
  }
}

/** Tells one plugin alone that it ends: plugins of Kuzzle know no other way. Its failures are logged. */
export async function tellOfShutdown(plugin: RunningPlugin, log: Logger): Promise<void> {
  for (const fired of ofShutdown) {
    try {
      await withinInitTime(plugin.definition, `the pipe on ${fired.event}`, () => fire(plugin, fired, log));
    } catch (err) {
      log.error("plugin.close_failed", { plugin: plugin.name, event: fired.event, err });
    }
  }
}

/** Listeners to the very event: wildcards have others in mind. */
async function fire({ contributions, name }: RunningPlugin, { event, args }: Fired, log: Logger): Promise<void> {
  for (const pipe of contributions.pipes) if (pipe.event === event) await pipe.run(args);
  for (const hook of contributions.hooks) {
    if (hook.event !== event) continue;
    Promise.try(() => hook.run(args, event)).catch((err: unknown) =>
      log.error("plugin.hook_failed", { plugin: name, event, err }),
    );
  }
}
