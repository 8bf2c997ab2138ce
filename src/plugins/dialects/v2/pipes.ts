import type { PluginPipe } from "../../definition.ts";
import { callFor, requestAmong } from "../../realm/current-call.ts";
import type { PluginScope } from "../dialect.ts";
import { PipeAnswer, unusedAnswers } from "../pipe-answer.ts";
import type { Target } from "./targets.ts";

/**
 * A pipe of the second generation: gets the arguments and a callback, and answers by either the callback or a promise. The first answer counts.
 * No deadline; a warning names the pipe that is slow, or that has neither called back nor returned a promise.
 * Source: contract/plugins/v2.md section 4.
 */
export function pipeOf(
  event: string,
  target: Target,
  { call, log, limits }: PluginScope,
  { promiseMayBeEmpty = false }: { readonly promiseMayBeEmpty?: boolean } = {},
): PluginPipe {
  const checked = !unusedAnswers.has(event);
  return {
    event,
    warnMs: limits.pipeWarnMs,
    deadlineMs: limits.pipeDeadlineMs,
    run: (args) => {
      const pending = new PipeAnswer({
        event,
        plugin: call.plugin,
        like: checked ? args[0] : undefined,
        log,
        promiseMayBeEmpty,
      });
      const callback = (error?: unknown, payload?: unknown): void => pending.calledBack(error, payload);
      // Without a payload the chain still carries one argument, undefined.
      const given = args.length <= 1 ? [args[0] ?? null, callback] : [...args, callback];
      const returned = callFor(call, requestAmong(args), true, target, ...given);
      return pending.afterReturn(returned, limits.pipeWarnMs);
    },
  };
}
