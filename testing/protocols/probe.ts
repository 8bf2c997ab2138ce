import { createRequire } from "node:module";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import { type HostedServer, type HostedServerOptions, startHosted } from "./hosted-server.ts";

/** A protocol without sockets that remembers what it is told; `Probe.last` is the one that was made last. */
export const probe = (members = ""): string => `
module.exports = class Probe {
  constructor () { this.told = []; module.exports.last = this; }
  init (entryPoint, context) { this.entryPoint = entryPoint; this.context = context; }
  broadcast (data) { this.told.push(["broadcast", data]); }
  notify (data) { this.told.push(["notify", data]); }
  joinChannel (...args) { this.told.push(["joinChannel", ...args]); }
  leaveChannel (...args) { this.told.push(["leaveChannel", ...args]); }
  disconnect (...args) { this.told.push(["disconnect", ...args]); }
  ${members}
};`;

/** What tests use of it. */
export interface Probe {
  told: unknown[][];
  entryPoint: JSONObject & {
    config: JSONObject & { protocols: JSONObject };
    protocols: Map<string, object>;
    isShuttingDown: boolean;
    newConnection(connection: object): void;
    removeConnection(id: string): void;
    execute(...args: unknown[]): Promise<{ status: number; content: JSONObject; raw: boolean; requestId: string }>;
    dispatch(event: string, data: object): void;
  };
  context: {
    ClientConnection: new (protocol: string, ips: string[], headers?: object) => { id: string };
    Request: new (data: object, options?: object) => object;
    Protocol: new (name: string) => { init(name: string | null, entryPoint: object): Promise<void> } & JSONObject;
  };
}

/** `manifest.json`. */
export const manifest = (name: string, more: JSONObject = {}): string =>
  JSON.stringify({ name, kuzzleVersion: ">=2.0.0 <3.0.0", ...more });

/** A package as files in `protocols/enabled`. */
export const packageOf = (name: string, code = probe(), folder = name): Record<string, string> => ({
  [`${folder}/manifest.json`]: manifest(name),
  [`${folder}/index.js`]: code,
});

/** The instance that the server made of such a package. */
export function lastProbe({ server }: HostedServer, folder = "probe"): Probe {
  const file = join(server.root, "protocols", "enabled", folder, "index.js");
  return (createRequire(file)(file) as { last: Probe }).last;
}

/** A server with one such protocol; `members` replace those of the class. */
export async function startProbe(t: TestContext, options: Omit<HostedServerOptions, "files"> = {}, members = "") {
  const hosted = await startHosted(t, { files: packageOf("probe", probe(members)), ...options });
  return { hosted, probe: lastProbe(hosted) };
}
