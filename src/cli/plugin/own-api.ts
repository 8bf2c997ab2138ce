import { Backend } from "../../app/index.ts";
import { isPlainObject, type JSONObject, silentLogger } from "../../kernel/index.ts";
import { type KnownApi, routePattern } from "../../plugins/index.ts";

/** The actions and routes of the server itself, asked of one that has no plugins, keeps nothing and opens no port. */
export async function readOwnApi(root: string): Promise<KnownApi> {
  const backend = new Backend("tenon", {
    root: `${root}/plugins/.none`, // without its plugins
    env: {},
    files: "none",
    data: ":memory:",
    listens: false,
    log: silentLogger,
  });
  backend.config.merge({ plugins: { common: { include: [] } } });
  await backend.start();
  const { result } = await backend.execute({ controller: "server", action: "publicApi" });
  await backend.stop();
  const controllers = new Map<string, string[]>();
  const routes = new Map<string, string>();
  for (const [controller, actions] of membersOf(result)) {
    controllers.set(controller, Object.keys(actions));
    for (const [action, { http = [] }] of membersOf(actions)) {
      for (const { verb, path } of http as { verb: string; path: string }[]) {
        routes.set(routePattern(`${verb} ${path}`), `${controller}:${action}, the server's own`); // an alias comes with the same routes
      }
    }
  }
  return { controllers, reserved: new Set(controllers.keys()), routes };
}

const membersOf = (value: unknown): [string, JSONObject][] =>
  isPlainObject(value) ? (Object.entries(value) as [string, JSONObject][]) : []; // the answer of our own action
