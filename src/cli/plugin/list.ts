import { relative } from "node:path";
import {
  describeCapabilities,
  inspectPlugin,
  type OfflineApplication,
  type PluginPlace,
  planOf,
  pluginPlaces,
} from "../../plugins/index.ts";
import { readApplication } from "./application.ts";
import { readPluginArguments } from "./arguments.ts";
import { createOutput } from "./output.ts";

/** One plugin as `list` answers it. */
interface Row {
  readonly name: string;
  readonly version: string | undefined;
  /** Loaded at the next start. */
  readonly isEnabled: boolean;
  readonly from: PluginPlace["from"] | "bundled";
  readonly path: string | undefined;
  readonly dialect?: string;
  readonly because?: string;
  readonly capabilities?: readonly string[];
  /** Why it cannot be loaded. */
  readonly failure?: string;
}

/** `tenon plugin list`: what is installed, what of it runs, and as what. */
export async function list(argv: readonly string[]): Promise<number> {
  const { root, json } = readPluginArguments(argv, { words: { min: 0, max: 0, what: "" } });
  const output = createOutput(json);
  const application = readApplication(root);
  const rows: Row[] = [];
  for (const place of pluginPlaces(application)) rows.push(await rowOf(place, application));
  output.json({ plugins: rows });
  if (rows.length === 0) output.line("There is no plugin.");
  for (const row of rows) printRow(row, root, output.line);
  return 0;
}

async function rowOf(place: PluginPlace, application: OfflineApplication): Promise<Row> {
  const { name, path, found, failure } = place;
  const isActivated = application.configOf(name)?.activated !== false;
  const row = {
    name,
    path,
    from: found?.kind === "bundled" ? ("bundled" as const) : place.from,
    isEnabled: place.from !== "available" && isActivated,
    version: found?.kind === "package" ? found.facts.version : undefined,
  };
  if (found === undefined) return { ...row, failure: failure?.message ?? "it cannot be read" };
  const inspection = await inspectPlugin(found, application);
  const plan = planOf(inspection);
  if (plan === undefined) return { ...row, failure: inspection.failure?.message ?? "it cannot be loaded" };
  const { version, dialect, because, capabilities } = plan;
  return { ...row, version, dialect, because, capabilities: describeCapabilities({ name, capabilities }) };
}

function printRow(row: Row, root: string, line: (text: string) => void): void {
  const { name, version = "", isEnabled, from, path, dialect, because, capabilities = [], failure } = row;
  const state = isEnabled ? "enabled" : from === "available" ? "available" : "deactivated";
  line(`${name} ${version} (${state})`.replace("  ", " "));
  line(`  from     ${path === undefined ? from : relative(root, path) || "."}`);
  if (dialect !== undefined) line(`  form     ${dialect}: ${because}`);
  if (capabilities.length > 0) line(`  may use  ${capabilities.join("; ")}`);
  if (failure !== undefined) line(`  broken   ${failure.split("\n")[0]}`);
}
