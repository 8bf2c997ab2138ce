import type { PluginHostDeps } from "../deps.ts";
import type { RunningPlugin } from "./running-plugin.ts";

/**
 * Registers a plugin in the place of another one; either may be missing: at the start there is none before, and none after one that goes.
 * Strategies come first, for they may have to be waited for; then types, actions, routes, pipes and hooks change in one go, so that every
 * request finds either the one or the other. What throws leaves everything as it was.
 * Errors: those of registering strategies, types and controllers.
 */
export async function exchange(
  deps: PluginHostDeps,
  before: RunningPlugin | undefined,
  after: RunningPlugin | undefined,
  /** Called in the same moment, to put it among the others. */
  place = (): void => {},
): Promise<void> {
  await using undo = new AsyncDisposableStack();
  await exchangeStrategies(deps, before, after, undo);
  exchangeTypes(deps, before, after, undo);
  deps.replaceControllers(before?.contributions.controllers ?? [], after?.contributions.controllers ?? []);
  before?.unlisten();
  place();
  after?.listen(deps);
  if (before !== undefined) before.calls.isLive = false;
  if (after !== undefined) after.calls.isLive = true;
  undo.move(); // there is nothing to undo any more
}

async function exchangeStrategies(
  deps: PluginHostDeps,
  before: RunningPlugin | undefined,
  after: RunningPlugin | undefined,
  undo: AsyncDisposableStack,
): Promise<void> {
  const present = before?.calls.strategies;
  if (after !== undefined) {
    for (const [name, strategy] of after.calls.notedStrategies) {
      await deps.registerStrategy(strategy);
      after.calls.strategies.set(name, strategy);
      const former = present?.get(name);
      undo.defer(async () => {
        if (former === undefined) await deps.unregisterStrategy(strategy.plugin, name);
        else await deps.registerStrategy(former);
      });
    }
  }
  for (const [name, strategy] of present ?? []) {
    if (after?.calls.strategies.has(name) === true) continue;
    await deps.unregisterStrategy(strategy.plugin, name);
    undo.defer(async () => deps.registerStrategy(strategy));
  }
}

function exchangeTypes(
  { validation }: PluginHostDeps,
  before: RunningPlugin | undefined,
  after: RunningPlugin | undefined,
  undo: AsyncDisposableStack,
): void {
  const present = [...(before?.calls.types ?? [])];
  const next = [...(after?.calls.notedTypes ?? [])];
  validation.replaceTypes(present, next);
  for (const type of next) after?.calls.types.add(type);
  undo.defer(() => validation.replaceTypes(next, present));
}
