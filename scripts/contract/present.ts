import { ActionTable } from "../../src/api/index.ts";
import { configSchema, type OptionSchema } from "../../src/config/index.ts";
import { catalogue } from "../../src/kernel/index.ts";
import type { Fact } from "./fact.ts";
import { errorDetail, routeKey } from "./facts.ts";
import { isFired } from "./fired-events.ts";

/** What `server:publicApi` answers. */
export type PublicApi = Readonly<Record<string, Readonly<Record<string, { readonly http?: readonly Route[] }>>>>;

interface Route {
  readonly verb: string;
  readonly path: string;
}

export interface PresentSources {
  /** Undefined when no server could be asked. */
  readonly publicApi: PublicApi | undefined;
  readonly firedEvents: readonly string[];
}

/** Tells whether the server has what a fact promises. */
export function presenceTest({ publicApi, firedEvents }: PresentSources): (fact: Fact) => boolean {
  const served = servedBy(publicApi ?? {});
  const errors = errorDetails();
  return ({ kind, key, detail }) => {
    if (kind === "action") return served.has(key);
    if (kind === "route") return served.has(`${detail} ${key}`);
    if (kind === "error") return errors.get(key) === detail;
    if (kind === "config") return hasOption(key);
    return actionEvents().includes(key) || isFired(key, firedEvents);
  };
}

/** `document:create` for each action, `document:create POST /:index/:collection/_create` for each route. */
function servedBy(publicApi: PublicApi): ReadonlySet<string> {
  const served = new Set<string>();
  for (const [controller, actions] of Object.entries(publicApi)) {
    for (const [action, { http = [] }] of Object.entries(actions)) {
      served.add(`${controller}:${action}`);
      for (const { verb, path } of http) served.add(`${controller}:${action} ${routeKey(verb, path)}`);
    }
  }
  return served;
}

function errorDetails(): ReadonlyMap<string, string> {
  return new Map(Object.entries(catalogue).map(([id, { code, class: name }]) => [id, errorDetail(code, name)]));
}

function hasOption(key: string): boolean {
  let node: OptionSchema | undefined = configSchema;
  for (const name of key.split(".")) {
    const properties: OptionSchema["properties"] = node?.properties;
    node = properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
  }
  return node !== undefined;
}

/** The events that the action table makes up for any action, written as the contract writes them. */
function actionEvents(): string[] {
  const table = new ActionTable();
  const action = { http: [], invoke: () => null, documents: {} } as never; // the names do not depend on what an action does
  table.register({ name: "<controller>", actions: { "<Action>": action } });
  return Object.values(table.get("<controller>", "<Action>").events);
}
