import { isPlainObject, type JSONObject } from "../kernel/index.ts";
import type { Generation, PluginLimits } from "./definition.ts";
import type { PluginHostDeps } from "./deps.ts";

/** Milliseconds, as the documents of each generation promise them. Pipes of the second have no deadline. */
const pipeTimes = {
  v0: { warnMs: 40, deadlineMs: 250 },
  v1: { warnMs: 500, deadlineMs: 5_000 },
  v2: { warnMs: 500, deadlineMs: 0 },
  tenon: { warnMs: 500, deadlineMs: 0 }, // definePlugin says its own
} as const satisfies Readonly<Record<Generation, { warnMs: number; deadlineMs: number }>>;

/** The configuration gives this warning time when nobody set one. */
const unsetWarnMs = pipeTimes.v2.warnMs;

/**
 * The times of one plugin: its own section, else that for all plugins, else what its generation promises. `pipeTimeout` is read for the first two
 * generations only. Source: contract/plugins/generations.md section 1, "Pipe timers".
 */
export function limitsOf(generation: Generation, own: JSONObject, { common, config }: PluginHostDeps): PluginLimits {
  const { warnMs, deadlineMs } = pipeTimes[generation];
  const older = sectionOf(config, "pluginsManager");
  const forAll = sectionOf(sectionOf(config, "plugins"), "common");
  const commonWarnMs = common.pipeWarnTime === unsetWarnMs ? undefined : common.pipeWarnTime;
  return {
    initTimeoutMs: common.initTimeout,
    pipeWarnMs: firstNumber(own.pipeWarnTime, commonWarnMs, older.pipeWarnTime) ?? warnMs,
    pipeDeadlineMs:
      deadlineMs === 0 ? 0 : (firstNumber(own.pipeTimeout, forAll.pipeTimeout, older.pipeTimeout) ?? deadlineMs),
  };
}

function sectionOf(config: JSONObject, name: string): JSONObject {
  const section = config[name];
  return isPlainObject(section) ? section : {};
}

const firstNumber = (...values: readonly unknown[]): number | undefined =>
  values.find((value): value is number => typeof value === "number");
