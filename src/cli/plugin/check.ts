import {
  checkPlugin,
  type Inspection,
  inspectPlugin,
  type KnownApi,
  type OfflineApplication,
  type PluginPlace,
  type Problem,
  planOf,
  pluginPlaces,
  routePattern,
} from "../../plugins/index.ts";
import { readApplication } from "./application.ts";
import { readPluginArguments } from "./arguments.ts";
import { findPlace } from "./find-place.ts";
import { createOutput, type Output } from "./output.ts";
import { readOwnApi } from "./own-api.ts";

interface Checked {
  readonly name: string;
  readonly path: string | undefined;
  readonly problems: readonly Problem[];
}

/** `tenon plugin check [NAME|PATH]`: what would go wrong with a plugin, or with any of the enabled ones. Their code is loaded, their `init` is not run. */
export async function check(argv: readonly string[]): Promise<number> {
  const { root, json, words } = readPluginArguments(argv, { words: { min: 0, max: 1, what: "NAME or PATH" } });
  const output = createOutput(json);
  const application = readApplication(root);
  const present = pluginPlaces(application).filter(({ from }) => from !== "available");
  const [word] = words;
  const wanted = word === undefined ? present.filter(isPackage) : [findPlace(word, application)];
  const ownApi = await readOwnApi(root);
  const looked = await inspectAll([...present, ...wanted.filter((place) => !isAmong(present, place))], application);
  const plugins: Checked[] = [];
  for (const place of wanted) {
    const others = present.filter((other) => !isSame(other, place));
    const beside = others.flatMap((other) => looked.get(keyOf(other)) ?? []);
    const inspection = looked.get(keyOf(place));
    const problems =
      inspection === undefined
        ? [unreadable(place)]
        : await checkPlugin(inspection, {
            application,
            api: withPlugins(ownApi, beside),
            others: beside.flatMap(({ definition }) => definition ?? []),
          });
    plugins.push({ name: place.name, path: place.path, problems: [...sameName(place, others), ...problems] });
  }
  const isFine = plugins.every(({ problems }) => problems.every(({ severity }) => severity !== "error"));
  output.json({ isFine, plugins });
  if (plugins.length === 0) output.line("There is no plugin to check.");
  for (const one of plugins) print(one, output);
  return isFine ? 0 : 1;
}

/** What is part of the server is not for its operator to check. */
const isPackage = ({ found }: PluginPlace): boolean => found?.kind !== "bundled";
const keyOf = ({ from, path, name }: PluginPlace): string => path ?? `${from}:${name}`;
const realPathOf = ({ found, path }: PluginPlace): string | undefined =>
  found?.kind === "package" ? found.facts.realPath : path;
const isSame = (one: PluginPlace, other: PluginPlace): boolean =>
  keyOf(one) === keyOf(other) || (one.path !== undefined && realPathOf(one) === realPathOf(other));
const isAmong = (places: readonly PluginPlace[], place: PluginPlace): boolean =>
  places.some((other) => keyOf(other) === keyOf(place));

async function inspectAll(
  places: readonly PluginPlace[],
  application: OfflineApplication,
): Promise<ReadonlyMap<string, Inspection>> {
  const inspections = new Map<string, Inspection>();
  for (const place of places) {
    if (place.found !== undefined) inspections.set(keyOf(place), await inspectPlugin(place.found, application));
  }
  return inspections;
}

const unreadable = ({ failure }: PluginPlace): Problem => ({
  id: (failure as { id?: string } | undefined)?.id ?? "cannot-read",
  severity: "error",
  message: failure?.message ?? "It cannot be read.",
  hint: "See docs/plugins.md for what a package needs.",
});

/** Two enabled packages of one name stop the start. */
function sameName({ name }: PluginPlace, others: readonly PluginPlace[]): Problem[] {
  const other = others.find((one) => one.name === name && one.path !== undefined);
  if (other === undefined) return [];
  const message = `${other.path} has the name "${name}" too.`;
  return [
    { id: "plugin.assert.name_already_exists", severity: "error", message, hint: "Rename or disable one of them." },
  ];
}

/** The server's own API, and what other plugins add to it. */
function withPlugins(own: KnownApi, others: readonly Inspection[]): KnownApi {
  const controllers = new Map(own.controllers);
  const routes = new Map(own.routes);
  for (const { name, actions } of others.flatMap((one) => planOf(one) ?? [])) {
    for (const { controller, action, routes: served } of actions) {
      controllers.set(controller, [...(controllers.get(controller) ?? []), action]);
      for (const route of served) routes.set(routePattern(route), `${controller}:${action} of the plugin "${name}"`);
    }
  }
  return { ...own, controllers, routes };
}

function print({ name, problems }: Checked, { line }: Output): void {
  line(problems.length === 0 ? `${name}: no problem found` : `${name}:`);
  for (const { id, severity, message, hint } of problems) {
    line(`  ${severity} ${id}`);
    line(`    ${message.split("\n")[0]}`);
    line(`    ${hint}`);
  }
}
