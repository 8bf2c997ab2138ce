import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { readConfigKeys } from "./config-keys.ts";
import type { Fact } from "./fact.ts";

interface ControllerFile {
  readonly controller: string;
  readonly actions: readonly { readonly name: string }[];
}
interface RouteRow {
  readonly verb: string;
  readonly path: string;
  readonly controller: string;
  readonly action: string;
}
interface ErrorRow {
  readonly id: string;
  readonly code: string;
  readonly class: string;
}

/** Every fact in the folder of the contract. */
export function readFacts(folder: string): Fact[] {
  const text = (path: string): string => readFileSync(join(folder, path), "utf8");
  // The contract's files are part of the project: their shape is known, and a wrong one shows in the totals.
  const controllers = globSync("api/*.yaml", { cwd: folder })
    .sort()
    .map((path) => parse(text(path)) as ControllerFile);
  const actions = controllers.flatMap(({ controller, actions }) =>
    actions.map(({ name }) => actionFact(controller, name)),
  );
  const known = new Set(actions.map(({ key }) => key));
  const routes = (JSON.parse(text("routes.json")) as RouteRow[])
    .map(routeFact)
    .filter(({ detail }) => known.has(detail ?? "")); // a route without its action answers 404: nothing to build
  const errors = (JSON.parse(text("errors.json")) as ErrorRow[]).map(errorFact);
  const { events } = parse(text("plugins/events.yaml")) as { events: { name: string }[] };
  const config = readConfigKeys(text("config.md"));
  return [...actions, ...routes, ...errors, ...events.map(eventFact), ...config.map(configFact)];
}

const actionFact = (controller: string, name: string): Fact => ({
  kind: "action",
  key: `${controller}:${name}`,
  group: controller,
});

const routeFact = ({ verb, path, controller, action }: RouteRow): Fact => ({
  kind: "route",
  key: routeKey(verb, path),
  group: controller,
  detail: `${controller}:${action}`,
});

/** Empty segments do not count (contract/wire.md section 9.1): a slash at the end is none. */
export const routeKey = (verb: string, path: string): string => `${verb} ${path.replace(/(?<=.)\/$/, "")}`;

const errorFact = ({ id, code, class: className }: ErrorRow): Fact => ({
  kind: "error",
  key: id,
  group: id.split(".")[0] ?? id,
  detail: errorDetail(Number(code), className),
});

export const errorDetail = (code: number, className: string): string => `${className} ${code}`;

const eventFact = ({ name }: { readonly name: string }): Fact => ({
  kind: "event",
  key: name,
  group: name.startsWith("<") ? "any" : (name.split(":")[0] ?? name),
});

const configFact = (key: string): Fact => ({ kind: "config", key, group: key.split(".")[0] ?? key });
