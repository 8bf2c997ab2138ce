import { action, arg, type ControllerDefinition, schema } from "../../../events/index.ts";
import { type Clock, type JSONObject, type KuzzleRequest, kerror, readers } from "../../../kernel/index.ts";
import type { ActionTable } from "../../action-table.ts";
import type { Statistics } from "../../statistics.ts";
import { describeApplication, describeOpenApi, toYaml } from "./openapi.ts";

/** What the server knows about itself; each part comes from the room that owns it. */
export interface ServerControllerDeps {
  readonly actions: ActionTable;
  readonly statistics: Statistics;
  readonly clock: Clock;
  readonly version: string;
  readonly adminExists: () => Promise<boolean>;
  /** The effective configuration without its secrets. */
  readonly publicConfig: () => JSONObject;
  readonly limits: JSONObject;
  /** `{ name: { version } }` of the bundled plugins. */
  readonly includedPlugins: () => JSONObject;
  readonly describeServer: () => Promise<JSONObject>;
  readonly metrics: () => JSONObject;
  /** How the plugins are that can tell, and those that are not well. */
  readonly pluginHealth: () => Promise<JSONObject>;
  /** Asks one service whether it answers. */
  readonly services: Readonly<Record<ServiceName, ServiceProbe>>;
  /** What the application says of itself in its OpenAPI description; the routes are added here. */
  readonly applicationOpenApi: () => JSONObject;
}

export type ServiceName = "internalCache" | "memoryStorage" | "storageEngine";

export interface ServiceProbe {
  readonly backend: string;
  readonly version: string;
  /** Rejects when the service does not work. */
  readonly check: () => Promise<void>;
}

const serviceNames: readonly ServiceName[] = ["internalCache", "memoryStorage", "storageEngine"];
const anyObject = schema.object();

/** Information about the server (contract/api/server.yaml). */
export function createServerController(deps: ServerControllerDeps): ControllerDefinition {
  const { statistics, clock, actions } = deps;
  const statsRoute = (path: string) =>
    ({
      verb: "GET",
      path,
      deprecated: { since: "2.16.0", message: "Use this route instead: GET /_metrics" },
    }) as const;

  return {
    name: "server",
    actions: {
      adminExists: action({
        summary: "Tells whether there is an administrator",
        http: [{ verb: "GET", path: "/_adminExists" }],
        result: schema.object({ exists: schema.boolean() }),
        run: async () => ({ exists: await deps.adminExists() }),
      }),
      capabilities: action({
        summary: "What a client may expect from this server",
        http: [{ verb: "GET", path: "/_capabilities" }],
        result: anyObject,
        run: () => ({
          limits: deps.limits,
          plugins: deps.includedPlugins(),
          routes: actions.publicApi(),
          services: Object.fromEntries(
            serviceNames.map((name) => [
              name,
              { backend: deps.services[name].backend, version: deps.services[name].version },
            ]),
          ),
          version: deps.version,
        }),
      }),
      getAllStats: action({
        summary: "All frames of statistics that are kept",
        http: [statsRoute("/_getAllStats")],
        errors: ["services.statistics.not_available"],
        run: () => listed(statistics.between()),
      }),
      getConfig: action({
        summary: "The effective configuration, without its secrets",
        http: [{ verb: "GET", path: "/_getConfig" }],
        result: anyObject,
        run: () => deps.publicConfig(),
      }),
      getLastStats: action({
        summary: "The latest frame of statistics",
        http: [statsRoute("/_getLastStats")],
        errors: ["services.statistics.not_available"],
        run: () => statistics.last(),
      }),
      getStats: action({
        summary: "The frames of statistics of a period",
        http: [statsRoute("/_getStats")],
        errors: ["services.statistics.not_available", "api.assert.invalid_argument"],
        run: (_, request) => {
          // Read before anything else, so that switched-off statistics win over a bad date.
          statistics.last();
          return listed(statistics.between(instant(request, "startTime"), instant(request, "stopTime")));
        },
      }),
      healthCheck: action({
        summary: "The state of the services behind the server",
        http: [{ verb: "GET", path: "/_healthCheck" }],
        result: schema.object({ status: schema.string(), services: anyObject, plugins: anyObject }),
        errors: ["core.fatal.service_unavailable"],
        run: (_, request) => healthCheck(deps, servicesOf(request), request),
      }),
      info: action({
        summary: "Everything about the server, its API and its plugins",
        http: [
          { verb: "GET", path: "/" },
          { verb: "GET", path: "/_serverInfo" },
        ],
        result: schema.object({ serverInfo: anyObject }),
        run: async () => ({ serverInfo: await deps.describeServer() }),
      }),
      metrics: action({
        summary: "Gauges of this node, as they are now",
        http: [{ verb: "GET", path: "/_metrics" }],
        result: anyObject,
        run: () => deps.metrics(),
      }),
      now: action({
        summary: "The server's time",
        http: [{ verb: "GET", path: "/_now" }],
        result: schema.object({ now: schema.integer({ description: "Epoch milliseconds" }) }),
        run: () => ({ now: clock.now() }),
      }),
      openapi: action({
        summary: "OpenAPI description of the HTTP routes",
        http: [{ verb: "GET", path: "/_openapi" }],
        args: { format: arg.default.string("json"), scope: arg.default.string("kuzzle") },
        result: anyObject,
        errors: ["api.assert.unexpected_argument"],
        run: ({ format, scope }, request) => {
          if (scope !== "kuzzle" && scope !== "app")
            throw kerror("api.assert.unexpected_argument", scope, "kuzzle, app");
          const description =
            scope === "kuzzle"
              ? describeOpenApi(actions, deps.version)
              : describeApplication(actions, deps.applicationOpenApi());
          const type = format.replaceAll(/[^\w.+-]/g, ""); // no line break gets into a header
          request.response.configure({ headers: { "Content-Type": `application/${type}` }, format: "raw" });
          return format === "json" ? description : toYaml(description);
        },
      }),
      publicApi: action({
        summary: "Controllers, actions and HTTP routes",
        http: [
          {
            verb: "GET",
            path: "/_publicApi",
            deprecated: { since: "2.5.0", message: "Use this route instead: GET /_openapi" },
          },
        ],
        result: anyObject,
        run: () => actions.publicApi(),
      }),
    },
  };
}

const listed = <T>(hits: readonly T[]): { hits: readonly T[]; total: number } => ({ hits, total: hits.length });

function instant(request: KuzzleRequest, name: string): number | undefined {
  const value = readers.valueAt(request.input.args, name);
  if (value === undefined) return undefined;
  if (typeof value === "number") return value;
  const text = typeof value === "string" ? value : "";
  const at = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isNaN(at)) throw kerror("api.assert.invalid_argument", name, "epoch milliseconds or a date");
  return at;
}

/** A text names services, and those that do not exist are left out; undefined: anything else asks for all. */
function servicesOf(request: KuzzleRequest): readonly ServiceName[] | undefined {
  if (typeof request.input.args.services !== "string") return undefined;
  const wanted = new Set(request.getArrayLegacy("services", []));
  return serviceNames.filter((name) => wanted.has(name));
}

async function healthCheck(
  { services, pluginHealth }: ServerControllerDeps,
  wanted: readonly ServiceName[] | undefined,
  request: KuzzleRequest,
): Promise<JSONObject> {
  const states: JSONObject = {};
  let broken: string | undefined;
  for (const name of wanted ?? serviceNames) {
    try {
      await services[name].check();
      states[name] = "green";
    } catch {
      states[name] = "red";
      broken ??= name;
    }
  }
  if (broken !== undefined) request.setError(kerror("core.fatal.service_unavailable", broken));
  // Beyond the contract, and without a say in the status: who watches it would start a server again that serves.
  const plugins = wanted === undefined ? await pluginHealth() : {};
  const told = Object.keys(plugins).length === 0 ? {} : { plugins };
  return { status: broken === undefined ? "green" : "red", services: states, ...told };
}
