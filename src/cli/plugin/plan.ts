import { inspectPlugin, planOf, pluginPlaces } from "../../plugins/index.ts";
import { readApplication } from "./application.ts";
import { readPluginArguments } from "./arguments.ts";
import { findPlace } from "./find-place.ts";
import { createOutput } from "./output.ts";
import { printPlan } from "./print-plan.ts";

/** `tenon plugin plan [NAME|PATH]`: what a plugin, or every enabled one, would register. No `init` runs, no port and no store is opened. */
export async function plan(argv: readonly string[]): Promise<number> {
  const { root, json, words } = readPluginArguments(argv, { words: { min: 0, max: 1, what: "NAME or PATH" } });
  const output = createOutput(json);
  const application = readApplication(root);
  const [word] = words;
  const places =
    word === undefined
      ? pluginPlaces(application).filter(({ from }) => from !== "available")
      : [findPlace(word, application)];
  const answers: object[] = [];
  let failures = 0;
  for (const { name, found, failure: unreadable } of places) {
    const inspection = found === undefined ? undefined : await inspectPlugin(found, application);
    const planned = inspection === undefined ? undefined : planOf(inspection);
    const failure = unreadable ?? (planned === undefined ? inspection?.failure : undefined);
    answers.push({ name, ...planned, ...(failure === undefined ? {} : { failure: failure.message }) });
    if (planned !== undefined) printPlan(planned, output);
    if (failure === undefined) continue;
    failures++;
    process.stderr.write(`${name}: ${failure.message}\n`);
  }
  output.json({ plans: answers });
  return failures === 0 ? 0 : 1;
}
