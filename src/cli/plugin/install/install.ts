import { cpSync, realpathSync, symlinkSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import {
  inspectPlugin,
  type OfflineApplication,
  type PluginPlace,
  type PluginPlan,
  placeAt,
  planOf,
} from "../../../plugins/index.ts";
import { readApplication } from "../application.ts";
import { type PluginArguments, readPluginArguments } from "../arguments.ts";
import { Failure } from "../failure.ts";
import { checkFolderName, enableFolder, foldersOf, kindAt } from "../folders.ts";
import { createOutput, type Output } from "../output.ts";
import { printPlan } from "../print-plan.ts";
import { ask } from "./ask.ts";
import { listedSpecs } from "./custom-plugins.ts";
import { fetchPackage, installDependencies } from "./fetch-package.ts";
import { interruptible } from "./interruption.ts";
import { readSpec, type Spec } from "./spec.ts";
import { Staging } from "./staging.ts";

interface Task {
  readonly application: OfflineApplication;
  readonly flags: PluginArguments["flags"];
  readonly output: Output;
  readonly signal: AbortSignal;
}

interface Installed {
  /** Of its folder in `plugins/available`. */
  readonly name: string;
  readonly path: string;
  readonly isEnabled: boolean;
  readonly plan: PluginPlan;
}

/** `tenon plugin install [PATH|TARBALL|NAME[@VERSION]|URL]`: into `plugins/available`, then enabled. */
export async function install(argv: readonly string[]): Promise<number> {
  const form = { words: { min: 0, max: 1, what: "what to install" }, flags: ["copy", "enable", "no-enable", "yes"] };
  const { root, json, words, flags } = readPluginArguments(argv, form);
  const output = createOutput(json);
  const application = readApplication(root);
  const [word] = words;
  const specs = word === undefined ? listedSpecs(root) : [{ name: undefined, spec: readSpec(word, process.cwd()) }];
  const installed = await interruptible(async (signal) => {
    const done: Installed[] = [];
    for (const { name, spec } of specs) done.push(await installOne(spec, name, { application, flags, output, signal }));
    return done;
  });
  output.json({ installed });
  if (installed.length === 0) output.line("There is nothing to install.");
  return 0;
}

async function installOne(spec: Spec, listedAs: string | undefined, task: Task): Promise<Installed> {
  const { application, flags, output, signal } = task;
  const folders = foldersOf(application.root);
  using staging = new Staging(folders.available);
  const { made, place } = await makeReady(spec, staging, task);
  const plan = await planFor(place, application, made);
  const name = checkFolderName(listedAs ?? folderNameOf(place, spec));
  signal.throwIfAborted();
  if (!isInPlace(spec, join(folders.available, name))) staging.place(made, name);
  printPlan(plan, output);
  const wanted = !flags.has("no-enable") && (flags.has("yes") || (await ask(`Enable ${name}?`)));
  if (wanted) enableFolder(folders, name);
  output.line(wanted ? `${name} is installed and enabled.` : `${name} is installed, and not enabled.`);
  return { name, path: join(folders.available, name), isEnabled: wanted, plan };
}

interface Ready {
  /** What is to be moved into `plugins/available`: a folder, or a link that leads to one from there. */
  readonly made: string;
  /** Where the files are by now. */
  readonly place: PluginPlace;
}

async function makeReady(spec: Spec, staging: Staging, { application: { root }, flags, signal }: Task): Promise<Ready> {
  if (spec.kind === "package") {
    const made = await fetchPackage(spec.spec, root, staging.path, signal);
    return { made, place: placeAt(made) };
  }
  const made = join(staging.path, "package");
  if (!flags.has("copy")) {
    symlinkSync(relative(staging.available, realpathSync(spec.path)), made, "dir");
    return { made, place: placeAt(spec.path) };
  }
  cpSync(spec.path, made, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (from) => !relative(spec.path, from).split(sep).includes("node_modules"),
  });
  await installDependencies(made, root, signal);
  return { made, place: placeAt(made) };
}

/** A plugin that was made in `plugins/available` is there already. */
const isInPlace = (spec: Spec, target: string): boolean =>
  spec.kind === "folder" && kindAt(target) === "folder" && realpathSync(spec.path) === realpathSync(target);

/** `made`: where it lies for the moment, which is of no interest. */
async function planFor(place: PluginPlace, application: OfflineApplication, made: string): Promise<PluginPlan> {
  const reason = (failure: Error | undefined): string =>
    failure?.message.split("\n")[0]?.replaceAll(made, "package") ?? "";
  if (place.found === undefined) throw new Failure(`this is no plugin: ${reason(place.failure)}`);
  const inspection = await inspectPlugin(place.found, application);
  const plan = planOf(inspection);
  if (plan === undefined) throw new Failure(`it cannot be loaded: ${reason(inspection.failure)}`);
  return plan;
}

/** Its own name; a folder without any has one itself. The scope of a package is no part of it. */
function folderNameOf({ name, found }: PluginPlace, spec: Spec): string {
  const hasName =
    found?.kind === "package" && (found.facts.manifest !== undefined || found.facts.packageJson.name !== undefined);
  if (!hasName && spec.kind === "folder") return basename(spec.path);
  return name.replace(/^@[^/]*\//, "");
}
